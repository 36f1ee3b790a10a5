"""Ranked placements of a household, from last night's prices and the ledger as it is now."""

from hashlib import blake2b
from http import HTTPStatus
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Header, Query, Request, Response

from api.access import Principal, Role, allow
from api.answers import FOUND
from api.placements.live import live_now
from api.placements.schemas import Explained, Placements
from api.placements.service import explained, placements
from api.problems import responses
from api.words import HouseholdPath, MunicipalityNumber
from matcher.live.live import Live

router = APIRouter(prefix="/api/v1/households", tags=["placements"])
MOST = 400
"""Options in one answer, more than there are municipalities."""
UNCHANGED: dict[int | str, dict[str, Any]] = {
    int(HTTPStatus.NOT_MODIFIED): {"description": "Nothing has changed since that ETag."}
}
ANSWERS = UNCHANGED | FOUND | responses(HTTPStatus.CONFLICT)
LanguageAsked = Annotated[
    Literal["nb", "en"], Query(description="Of the sentences: Norwegian bokmål or English.")
]
Only = Annotated[
    MunicipalityNumber | None, Query(description="Four-digit number.", examples=["0301"])
]
IfNoneMatch = Annotated[
    str | None,
    Header(description="ETag of an earlier answer; 304 when nothing has happened since."),
]


@router.get("/{household}/placements", response_model=Placements, responses=ANSWERS)
def ranked(
    request: Request,
    household: HouseholdPath,
    who: Principal = allow(Role.CASEWORKER),
    limit: Annotated[int, Query(ge=1, le=MOST, description="Options at the most.")] = 25,
    include: Annotated[
        Literal["barred"] | None, Query(description="Also what rules bar, after the rest.")
    ] = None,
    municipality: Only = None,
    language: LanguageAsked = "nb",
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Rank municipalities for a household, and those linked to it: best for everyone first.

    With the prices of the last complete night and everything that has happened until now.
    """
    live = live_now(request, household)
    tag = _tag(request, live)
    if _matches(if_none_match, tag):
        return _unchanged(tag)
    answer = placements(
        live, household, language, limit=limit, barred=include is not None,
        municipality=municipality,
    )  # fmt: skip
    return _written(answer, tag)


@router.get("/{household}/explanation", response_model=Explained, responses=ANSWERS)
def explanation(
    request: Request,
    household: HouseholdPath,
    who: Principal = allow(Role.CASEWORKER),
    municipality: Only = None,
    language: LanguageAsked = "nb",
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Say why the household is where the plan has it, why not elsewhere, and what to relax."""
    live = live_now(request, household)
    tag = _tag(request, live)
    if _matches(if_none_match, tag):
        return _unchanged(tag)
    return _written(explained(live, household, language, municipality), tag)


def _tag(request: Request, live: Live) -> str:
    """Name what an answer rests on: the night, the day, the latest event, and what is asked."""
    night = "" if live.night is None else live.night.run
    rests_on = f"{night} {live.day} {live.version} {request.url.path}?{request.url.query}"
    # Weak: the same answer may come compressed or not.
    return f'W/"{blake2b(rests_on.encode(), digest_size=16).hexdigest()}"'


def _matches(if_none_match: str | None, tag: str) -> bool:
    given = {one.strip() for one in (if_none_match or "").split(",")}
    return "*" in given or tag in given


def _unchanged(tag: str) -> Response:
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"ETag": tag})


def _written(answer: dict[str, Any], tag: str) -> Response:
    return Response(orjson.dumps(answer), headers={"ETag": tag}, media_type="application/json")
