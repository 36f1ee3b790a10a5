"""The audit log: searching, exporting and verifying it."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from api.access.disclosure import Disclosure, discloses, discloses_none
from api.access.guard import allow
from api.access.principal import Principal
from api.audit.schemas import AuditEntry, AuditPage, AuditVerification
from api.dependencies import SettingsDep, StoreDep
from api.params import PRINTABLE_PATTERN, IsoDay
from api.problems import problem_responses
from matcher.domain.roles import Role
from matcher.store.service.audit_chain import ChainEnd
from matcher.store.service.audit_log import export_lines, read_rows, verify_log

router = APIRouter(prefix="/api/v1/audit", tags=["audit"])
JSON_LINES_MEDIA_TYPE = "application/jsonl"
EXPORT_CHUNK_LINES = 500
"""Lines that are sent together."""
HASH_PATTERN = r"^[0-9a-f]{64}$"

HouseholdQuery = Annotated[
    str | None,
    Query(max_length=200, pattern=PRINTABLE_PATTERN, description="Only what is about it."),
]
ActorQuery = Annotated[
    str | None, Query(max_length=200, pattern=PRINTABLE_PATTERN, description="Only what they did.")
]
EARLIEST_DAY, LATEST_DAY = date(2000, 1, 1), date(2999, 12, 31)
DayQuery = Annotated[
    IsoDay | None,
    Query(ge=EARLIEST_DAY, le=LATEST_DAY, description="Only that day, in the service's time zone."),
]
AuditCursor = Annotated[
    str | None,
    Query(pattern=r"^[0-9]{1,18}$", description="From an earlier answer's `next`: older entries."),
]
AuditLimit = Annotated[int, Query(ge=1, le=500, description="Entries at the most.")]


@router.get("", responses=problem_responses(HTTPStatus.UNPROCESSABLE_ENTITY))
def list_audit_entries(
    *,
    store: StoreDep,
    settings: SettingsDep,
    household: HouseholdQuery = None,
    actor: ActorQuery = None,
    day: DayQuery = None,
    cursor: AuditCursor = None,
    limit: AuditLimit = 100,
    principal: Principal = allow(Role.AUDITOR),
    disclosure: Disclosure = discloses(),
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
    answer = AuditPage(
        entries=[AuditEntry.from_row(row) for row in page],
        next=str(page[-1].id) if len(rows) > limit else None,
    )
    disclosure.record(
        answer, asked={name: value for name, value in filters.items() if value is not None}
    )
    return answer


@router.get(
    "/export",
    response_class=StreamingResponse,
    responses={200: {"content": {JSON_LINES_MEDIA_TYPE: {"schema": {"type": "string"}}}}},
)
def export_audit_log(
    store: StoreDep,
    principal: Principal = allow(Role.AUDITOR),
    disclosure: Disclosure = discloses(),
) -> StreamingResponse:
    """Export the whole log, one line of JSON for each entry, the oldest first.

    Each line holds the hash of the line before it, so that the file can be verified anywhere:
    with `treffsikker audit verify --file`, or with a short program in any language.
    """
    disclosure.record_all()
    headers = {"Content-Disposition": 'attachment; filename="audit.jsonl"'}
    return StreamingResponse(
        _chunks(export_lines(store)), media_type=JSON_LINES_MEDIA_TYPE, headers=headers
    )


@router.get(
    "/verification",
    responses=problem_responses(HTTPStatus.UNPROCESSABLE_ENTITY),
    dependencies=[discloses_none("places in the log and hashes only")],
)
def verify_audit_log(
    store: StoreDep,
    known_id: Annotated[int, Query(ge=0, lt=2**63, description="`id` of an earlier `end`.")] = 0,
    known_hash: Annotated[
        str | None, Query(pattern=HASH_PATTERN, description="`hash` of the same `end`.")
    ] = None,
    principal: Principal = allow(Role.AUDITOR),
) -> AuditVerification:
    """Verify that the log is complete and unchanged; if it is not, report where.

    If someone has rewritten the whole log, only an `end` that was stored elsewhere reveals it.
    """
    known = None if known_hash is None else ChainEnd(known_id, known_hash)
    return AuditVerification.from_verification(verify_log(store, known))


def _chunks(lines: Iterator[str]) -> Iterator[str]:
    while chunk := list(islice(lines, EXPORT_CHUNK_LINES)):
        yield "\n".join([*chunk, ""])
