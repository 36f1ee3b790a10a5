"""Auditors ask the log, take it out, and verify it."""

from datetime import UTC, datetime, timedelta

import pytest

from matcher.domain.roles import Role
from matcher.store.service.audit_chain import AuditRecord, check_chain, parse_line
from matcher.store.service.audit_log import append_entries, read_rows, verify_log
from tests.api.conftest import NOON
from tests.store.conftest import BOTH_DATABASES

pytestmark = BOTH_DATABASES
AUDIT = "/api/v1/audit"


@pytest.fixture
def auditor(client_as):
    """Someone who may."""
    return client_as(Role.AUDITOR)


@pytest.fixture
def filled(app, anonymous):
    """Five entries an hour apart, of two households and two persons."""
    entries = [
        AuditRecord(NOON + timedelta(hours=k), f"person:{k % 2}", "GET /x", f"r{k}", f"H{k % 2}")
        for k in range(4)
    ]
    shown = {"households": ["H1", "H9"]}
    append_entries(
        app.state.store, [*entries, AuditRecord(NOON, "person:9", "GET /y", "r9", facts=shown)]
    )


def ids(answer) -> list[int]:
    """Places of the entries of an answer."""
    return [entry["id"] for entry in answer.json()["entries"]]


@pytest.mark.slow
def test_entries_come_page_by_page(auditor, filled):
    """Newest first, each once, until there are no more."""
    asked, found = {"limit": 1, "actor": "person:0"}, []
    while asked.get("cursor", "") is not None:
        page = auditor.get(AUDIT, params=asked)
        found += ids(page)
        asked["cursor"] = page.json()["next"]
    assert found == [3, 1]
    page = auditor.get(AUDIT, params={"limit": 3, "cursor": "6"})
    assert (ids(page), page.json()["next"]) == ([5, 4, 3], "3")


def test_entries_are_found_by_household_actor_and_day(auditor, filled):
    """A household also where it was shown among others; a day in the service's zone."""
    assert ids(auditor.get(AUDIT, params={"household": "H1"})) == [5, 4, 2]
    assert ids(auditor.get(AUDIT, params={"household": "H9"}))[-1] == 5
    assert ids(auditor.get(AUDIT, params={"actor": "person:1"})) == [4, 2]
    today = ids(auditor.get(AUDIT, params={"day": "2026-11-22"}))
    assert set(range(1, 6)) <= set(today)
    assert ids(auditor.get(AUDIT, params={"day": "2026-11-21"})) == []


def test_a_day_begins_and_ends_in_the_services_zone(app, auditor):
    """Half past eleven in the evening UTC is the next day in Oslo."""
    late = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    append_entries(app.state.store, [AuditRecord(late, "person:1", "GET /x", "r")])
    assert ids(auditor.get(AUDIT, params={"day": "2026-07-01"})) == []
    assert ids(auditor.get(AUDIT, params={"day": "2026-07-02"})) == [1]


def test_looking_into_the_log_is_an_entry(app, auditor, filled):
    """With whom it showed."""
    auditor.get(AUDIT, params={"household": "H1"})
    row = list(read_rows(app.state.store))[-1]
    assert (row.actor, row.action) == ("system:auditor", "GET /audit")
    assert row.facts == {"asked": {"household": "H1"}, "households": ["H1"]}


def test_the_export_is_verified_away_from_the_database(app, auditor, filled):
    """All lines, in order, also that of the export itself or not."""
    answer = auditor.get(f"{AUDIT}/export")
    assert answer.headers["content-type"].startswith("application/jsonl")
    rows = [parse_line(line) for line in answer.text.splitlines()]
    assert rows == list(read_rows(app.state.store))
    assert check_chain(rows).damage == ()
    assert rows[-1].facts == {"households": "everyone"}


def test_the_log_is_verified(app, auditor, filled):
    """Whole, with where it ends; and not what was noted elsewhere when it is another."""
    answer = auditor.get(f"{AUDIT}/verification").json()
    end = verify_log(app.state.store).end
    assert answer == {"whole": True, "rows": 5, "end": {"id": 5, "hash": end.hash}, "damage": []}
    known = {"known_id": 3, "known_hash": "a" * 64}
    answer = auditor.get(f"{AUDIT}/verification", params=known).json()
    assert answer["damage"] == [{"row": 3, "what": "is not the row that was here once"}]
    assert answer["whole"] is False


@pytest.mark.parametrize(
    "params",
    [
        {"day": "1900-01-01"},
        {"day": "yesterday"},
        {"limit": 0},
        {"limit": 501},
        {"cursor": "x"},
        {"cursor": "-1"},
        {"household": "x" * 201},
    ],
)
def test_what_cannot_be_asked_is_refused(auditor, params):
    """422, in the one shape."""
    answer = auditor.get(AUDIT, params=params)
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/unusable-request"
