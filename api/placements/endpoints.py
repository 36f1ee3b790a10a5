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
from api.placements.question_schemas import PlacementQuestions
from api.placements.schemas import PlacementExplanation, PlacementRanking
from api.placements.service import build_explanation, build_questions, build_ranking
from api.problems import ITEM_ERRORS, RefusedError, problem_responses
from matcher.domain.roles import Role
from matcher.store.current import get_household_state
from matcher.store.errors import UnusableInstanceError

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
    snapshot = _current_snapshot(request, household)
    tag = _etag(request, snapshot)
    if _matches(if_none_match, tag):
        return _not_modified(tag)
    answer = build_ranking(
        snapshot,
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
    snapshot = _current_snapshot(request, household)
    tag = _etag(request, snapshot)
    if _matches(if_none_match, tag):
        return _not_modified(tag)
    return _json_response(build_explanation(snapshot, household, language, municipality), tag)


@router.get(
    "/{household}/questions", response_model=PlacementQuestions, responses=RANKING_RESPONSES
)
def list_questions(
    request: Request,
    household: HouseholdPath,
    principal: Principal = allow(Role.CASEWORKER),
    language: LanguageParam = "nb",
    if_none_match: IfNoneMatch = None,
) -> Response:
    """List what is not known of a household, and which answer would change its ranking most.

    Each question is answered yes and no, and the household ranked anew at the same prices.
    """
    snapshot = _current_snapshot(request, household)
    tag = _etag(request, snapshot)
    if _matches(if_none_match, tag):
        return _not_modified(tag)
    return _json_response(build_questions(snapshot, household, language), tag)


def _current_snapshot(request: Request, household: str) -> LiveSnapshot:
    """Return the current snapshot, after checking that a household waits in it.

    Raises
    ------
    UnknownHouseholdError
        404 when the store does not know the household.
    RefusedError
        409 when the household does not wait.
    """
    state = request.app.state
    try:
        snapshot: LiveSnapshot = state.snapshot_cache.snapshot(state.clock().date())
        if household in snapshot.problem.households.row_of:
            return snapshot
    except UnusableInstanceError:
        pass
    status = get_household_state(state.store, household).status
    raise RefusedError(
        HTTPStatus.CONFLICT,
        f"household {household} is {status}; placements are for those who wait in the queue",
    )


def _etag(request: Request, snapshot: LiveSnapshot) -> str:
    """Build an ETag of all that determines an answer: night, day, latest event and request."""
    night = "" if snapshot.night is None else snapshot.night.run
    basis = f"{night} {snapshot.day} {snapshot.version} {request.url.path}?{request.url.query}"
    # The ETag is weak because the same answer may be sent compressed or not.
    return f'W/"{blake2b(basis.encode(), digest_size=16).hexdigest()}"'


def _matches(if_none_match: str | None, tag: str) -> bool:
    etags = {text.strip() for text in (if_none_match or "").split(",")}
    return "*" in etags or tag in etags


def _not_modified(tag: str) -> Response:
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"ETag": tag})


def _json_response(answer: dict[str, Any], tag: str) -> Response:
    return Response(orjson.dumps(answer), headers={"ETag": tag}, media_type="application/json")
