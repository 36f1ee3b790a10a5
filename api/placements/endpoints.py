"""Endpoints that rank placements, with the prices of the last night and the present ledger."""

from hashlib import blake2b
from http import HTTPStatus
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Header, Query, Request, Response

from api.access.guard import allow
from api.access.principal import Principal
from api.live.snapshot import LiveSnapshot
from api.params import HouseholdPath, LanguageParam, MunicipalityNumber
from api.placements.schemas import PlacementExplanation, PlacementRanking
from api.placements.service import build_explanation, build_ranking
from api.placements.snapshots import current_snapshot
from api.problems import ITEM_ERRORS, problem_responses
from matcher.domain.roles import Role

router = APIRouter(prefix="/api/v1/households", tags=["placements"])
MAX_OPTIONS = 400
"""Options in one answer, at most; this is more than the number of municipalities."""
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    int(HTTPStatus.NOT_MODIFIED): {"description": "Nothing has changed since that ETag."}
}
RANKING_RESPONSES = NOT_MODIFIED | ITEM_ERRORS | problem_responses(HTTPStatus.CONFLICT)
MunicipalityQuery = Annotated[
    MunicipalityNumber | None, Query(description="Four-digit number.", examples=["0301"])
]
IfNoneMatch = Annotated[
    str | None,
    Header(description="ETag of an earlier answer; 304 when nothing has happened since."),
]


@router.get("/{household}/placements", response_model=PlacementRanking, responses=RANKING_RESPONSES)
def list_placements(
    request: Request,
    household: HouseholdPath,
    principal: Principal = allow(Role.CASEWORKER),
    limit: Annotated[int, Query(ge=1, le=MAX_OPTIONS, description="Options at the most.")] = 25,
    include: Annotated[
        Literal["barred"] | None, Query(description="Also what rules bar, after the rest.")
    ] = None,
    municipality: MunicipalityQuery = None,
    language: LanguageParam = "nb",
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Rank municipalities for a household and those linked to it; the best for everyone is first.

    The ranking uses the prices of the last complete night and all events until the present moment.
    """
    live = current_snapshot(request, household)
    tag = _etag(request, live)
    if _matches(if_none_match, tag):
        return _not_modified(tag)
    answer = build_ranking(
        live,
        household,
        language,
        limit=limit,
        barred=include is not None,
        municipality=municipality,
    )
    return _json_response(answer, tag)


@router.get(
    "/{household}/explanation", response_model=PlacementExplanation, responses=RANKING_RESPONSES
)
def get_explanation(
    request: Request,
    household: HouseholdPath,
    principal: Principal = allow(Role.CASEWORKER),
    municipality: MunicipalityQuery = None,
    language: LanguageParam = "nb",
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Explain where the plan places a household, why not elsewhere, and which rule to relax."""
    live = current_snapshot(request, household)
    tag = _etag(request, live)
    if _matches(if_none_match, tag):
        return _not_modified(tag)
    return _json_response(build_explanation(live, household, language, municipality), tag)


def _etag(request: Request, live: LiveSnapshot) -> str:
    """Build an ETag of all that determines an answer: night, day, latest event and request."""
    night = "" if live.night is None else live.night.run
    basis = f"{night} {live.day} {live.version} {request.url.path}?{request.url.query}"
    # The ETag is weak because the same answer may be sent compressed or not.
    return f'W/"{blake2b(basis.encode(), digest_size=16).hexdigest()}"'


def _matches(if_none_match: str | None, tag: str) -> bool:
    etags = {text.strip() for text in (if_none_match or "").split(",")}
    return "*" in etags or tag in etags


def _not_modified(tag: str) -> Response:
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"ETag": tag})


def _json_response(answer: dict[str, Any], tag: str) -> Response:
    return Response(orjson.dumps(answer), headers={"ETag": tag}, media_type="application/json")
