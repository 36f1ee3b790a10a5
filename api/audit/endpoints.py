"""The audit log: searching, exporting and verifying it."""

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
"""Lines that are sent together."""
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
    """List entries, the newest first: of a household, of an actor, of a day, or all.

    The entries of a household include responses that showed it together with other households.
    This request is itself recorded as an entry.
    """
    since = None if day is None else datetime.combine(day, time.min, settings.zone)
    until = (
        None if day is None else datetime.combine(day + timedelta(days=1), time.min, settings.zone)
    )
    before = None if cursor is None else int(cursor)
    rows = list(
        read_rows(
            store,
            household=household,
            actor=actor,
            since=since,
            until=until,
            before=before,
            limit=limit + 1,
        )
    )
    page = rows[:limit]
    filters = {"household": household, "actor": actor, "day": day and day.isoformat()}
    households = sorted({row.household for row in page if row.household is not None})
    seen(households, asked={name: value for name, value in filters.items() if value is not None})
    next_cursor = str(page[-1].id) if len(rows) > limit else None
    return AuditPage(entries=[AuditEntry.of(row) for row in page], next=next_cursor)


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={200: {"content": {JSON_LINES: {"schema": {"type": "string"}}}}},
)
def exported(
    store: StoreHere, who: Principal = allow(Role.AUDITOR), seen: Shown = shows()
) -> StreamingResponse:
    """Export the whole log, one line of JSON for each entry, the oldest first.

    Each line holds the hash of the line before it, so that the file can be verified anywhere:
    with `treffsikker audit verify --file`, or with a short program in any language.
    """
    seen.everyone()
    headers = {"Content-Disposition": 'attachment; filename="audit.jsonl"'}
    return StreamingResponse(_chunks(export(store)), media_type=JSON_LINES, headers=headers)


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
    """Verify that the log is complete and unchanged; if it is not, report where.

    If someone has rewritten the whole log, only an `end` that was stored elsewhere reveals it.
    """
    known = None if known_hash is None else End(known_id, known_hash)
    return AuditVerification.of(verify(store, known))


def _chunks(lines: Iterator[str]) -> Iterator[str]:
    while chunk := list(islice(lines, AT_A_TIME)):
        yield "\n".join([*chunk, ""])
