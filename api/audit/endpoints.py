"""The audit log: asked, taken out, verified."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from api.access import Principal, Role, Shown, allow, shows, shows_none
from api.audit.schemas import AuditEntry, AuditPage, AuditVerification
from api.context import SettingsHere, StoreHere
from api.problems import responses
from api.words import PRINTABLE, Day
from matcher.store.database.audit_log import export, read_rows, verify
from matcher.store.database.audit_rows import End

router = APIRouter(prefix="/api/v1/audit", tags=["audit"])
JSON_LINES = "application/jsonl"
AT_A_TIME = 500
"""Lines that are sent at a time."""
HASH = r"^[0-9a-f]{64}$"

Household = Annotated[
    str | None, Query(max_length=200, pattern=PRINTABLE, description="Only what is about it.")
]
Actor = Annotated[
    str | None, Query(max_length=200, pattern=PRINTABLE, description="Only what they did.")
]
FIRST, LAST = date(2000, 1, 1), date(2999, 12, 31)
OnDay = Annotated[
    Day | None,
    Query(ge=FIRST, le=LAST, description="Only that day, in the service's time zone."),
]
Cursor = Annotated[
    str | None,
    Query(pattern=r"^[0-9]{1,18}$", description="From an earlier answer's `next`: older entries."),
]
Limit = Annotated[int, Query(ge=1, le=500, description="Entries at the most.")]


@router.get("", responses=responses(HTTPStatus.UNPROCESSABLE_ENTITY))
def entries(
    *,
    store: StoreHere,
    settings: SettingsHere,
    household: Household = None,
    actor: Actor = None,
    day: OnDay = None,
    cursor: Cursor = None,
    limit: Limit = 100,
    who: Principal = allow(Role.AUDITOR),
    seen: Shown = shows(),
) -> AuditPage:
    """Give entries, the newest first: of a household, of someone, of a day, or all.

    Of a household come also answers that showed it among others. Asking is itself an entry.
    """
    since = None if day is None else datetime.combine(day, time.min, settings.zone)
    until = (
        None if day is None else datetime.combine(day + timedelta(days=1), time.min, settings.zone)
    )
    before = None if cursor is None else int(cursor)
    found = list(
        read_rows(
            store, household=household, actor=actor, since=since, until=until,
            before=before, limit=limit + 1,
        )
    )  # fmt: skip
    told = found[:limit]
    asked = {"household": household, "actor": actor, "day": day and day.isoformat()}
    about = sorted({row.household for row in told if row.household is not None})
    seen(about, asked={name: value for name, value in asked.items() if value is not None})
    more = str(told[-1].id) if len(found) > limit else None
    return AuditPage(entries=[AuditEntry.of(row) for row in told], next=more)


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={200: {"content": {JSON_LINES: {"schema": {"type": "string"}}}}},
)
def exported(
    store: StoreHere, who: Principal = allow(Role.AUDITOR), seen: Shown = shows()
) -> StreamingResponse:
    """Give the whole log, a line of JSON for each entry, the oldest first.

    Each line holds the hash of the line before it, so that the file can be verified anywhere:
    `treffsikker audit verify --file` does it, and so can a few lines of any language.
    """
    seen.everyone()
    name = {"Content-Disposition": 'attachment; filename="audit.jsonl"'}
    return StreamingResponse(_chunks(export(store)), media_type=JSON_LINES, headers=name)


@router.get(
    "/verification",
    responses=responses(HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[shows_none("places in the log and hashes only")],
)
def verified(
    store: StoreHere,
    known_id: Annotated[int, Query(ge=0, lt=2**63, description="`id` of an earlier `end`.")] = 0,
    known_hash: Annotated[
        str | None, Query(pattern=HASH, description="`hash` of the same `end`.")
    ] = None,
    who: Principal = allow(Role.AUDITOR),
) -> AuditVerification:
    """Tell whether the log is whole and unchanged, and if not, where.

    Only an end that was kept elsewhere tells when someone has written the whole log anew.
    """
    known = None if known_hash is None else End(known_id, known_hash)
    return AuditVerification.of(verify(store, known))


def _chunks(lines: Iterator[str]) -> Iterator[str]:
    while chunk := list(islice(lines, AT_A_TIME)):
        yield "\n".join([*chunk, ""])
