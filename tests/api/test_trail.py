"""Every read of a household and every change is in the audit log before its answer goes out."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from fastapi.testclient import TestClient

from matcher.domain.roles import Role
from matcher.store.service import audit_log
from matcher.store.service.audit_log import append_entries, read_rows, verify_log
from tests.api import made_up
from tests.api.conftest import NOON
from tests.store.conftest import BOTH_DATABASES

pytestmark = BOTH_DATABASES
BASE = "/api/v1/made-up"


@pytest.fixture
def app(settings):
    """The application with endpoints of each kind."""
    return made_up.app_with(made_up.router, settings=settings, clock=lambda: NOON)


@pytest.fixture
def caseworker(client_as) -> TestClient:
    """Someone who may use them."""
    return client_as(Role.CASEWORKER)


def rows(app) -> list[tuple]:
    """What the log says."""
    found = read_rows(app.state.store)
    return [(r.actor, r.action, r.household, r.facts) for r in found]


def test_a_read_of_a_household_is_an_entry(app, caseworker):
    """With who, what, whom, when and the number of the request."""
    answer = caseworker.get(f"{BASE}/households/H7")
    assert answer.json() == {"household": "H7"}
    (kept,) = read_rows(app.state.store)
    assert (kept.actor, kept.household, kept.at) == ("system:caseworker", "H7", NOON)
    assert kept.action == "GET /made-up/households/{household}"
    assert kept.request == answer.headers["X-Request-ID"]
    assert verify_log(app.state.store).rows == 1


def test_a_change_is_an_entry_with_its_path(app, caseworker):
    """Also the part of the path that is neither household nor municipality."""
    caseworker.post(f"{BASE}/households/H7/proposals/P1")
    action = "POST /made-up/households/{household}/proposals/{proposal}"
    assert rows(app) == [("system:caseworker", action, "H7", {"proposal": "P1"})]


def test_a_change_of_a_municipality_names_it(app, caseworker):
    """Also where its number is none that a municipality can have."""
    for number in ("0301", "03010", "x" * 300, "a%00b"):
        path = f"{BASE}/municipalities/{number}/ledger"
        assert caseworker.put(path, content=b"{}").status_code == 200
    rows = list(read_rows(app.state.store))
    assert [row.municipality for row in rows] == ["0301", None, None, None]
    told = [row.facts.get("municipality") for row in rows]
    assert told == [None, "03010", "x" * 200, "a\N{SYMBOL FOR NULL}b"]


def test_an_answer_with_several_households_is_one_entry(app, caseworker):
    """It lists them; a whole plan shows everyone."""
    caseworker.get(f"{BASE}/households", params={"names": "H1 H2"})
    caseworker.get(f"{BASE}/households", params={"names": ""})
    caseworker.get(f"{BASE}/plan")
    assert [row[2:] for row in rows(app)] == [
        (None, {"households": ["H1", "H2"]}),
        (None, {"households": []}),
        (None, {"households": "everyone", "run": "n1"}),
    ]


def test_a_count_is_no_entry(app, caseworker):
    """It tells of no household."""
    assert caseworker.get(f"{BASE}/count").json() == {"households": 1}
    assert rows(app) == []


def test_what_is_not_given_is_told(app, caseworker, client_as):
    """A second entry says with what status: not found, or not allowed."""
    assert caseworker.get(f"{BASE}/households/nobody").status_code == 404
    assert client_as(Role.AUDITOR).get(f"{BASE}/households/H1").status_code == 403
    assert [(r[0], r[2], r[3]) for r in rows(app)] == [
        ("system:caseworker", "nobody", {}),
        ("system:caseworker", "nobody", {"status": 404}),
        ("system:auditor", "H1", {}),
        ("system:auditor", "H1", {"status": 403}),
    ]


def test_an_endpoint_that_keeps_whom_it_shows_to_itself_shows_nobody(app, caseworker):
    """Its answer is held back."""
    answer = caseworker.get(f"{BASE}/kept-to-itself")
    assert answer.status_code == 503
    assert "H1" not in answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_without_the_log_nothing_is_shown_or_changed(app, caseworker):
    """While it cannot be written, reads are held back and changes are not begun."""

    def failing(store, entries):
        raise OSError("the disk is full")

    called = []
    with patch.object(audit_log, "append_entries", failing):
        read = caseworker.get(f"{BASE}/households/H7")
        with patch.object(made_up, "Named", lambda **kw: called.append(kw)):
            quiet = TestClient(app, headers=caseworker.headers, raise_server_exceptions=False)
            change = quiet.post(f"{BASE}/households/H7/proposals/P1")
    assert (read.status_code, change.status_code) == (503, 503)
    assert "audit log" in read.json()["detail"]
    assert "H7" not in read.text.replace("/households/H7", "")
    assert called == []
    assert rows(app) == []
    assert caseworker.get(f"{BASE}/households/H7").status_code == 200


def test_an_answer_waits_until_its_entry_is_durable(app, caseworker):
    """The log holds the entry when the first byte goes out."""
    order = []

    def told(store, entries):
        kept = append_entries(store, entries)
        order.append("durable")
        return kept

    async def watched(scope, receive, send):
        async def seen(message):
            if message["type"] == "http.response.start":
                order.append("answered")
            await send(message)

        await app(scope, receive, seen)

    with patch.object(audit_log, "append_entries", told):
        TestClient(watched, headers=caseworker.headers).get(f"{BASE}/households/H7")
    assert order == ["durable", "answered"]


def test_entries_survive_the_end_of_the_service(settings, app, client_as):
    """What was answered is in the log when the service has stopped, and the next goes on."""
    assert client_as(Role.CASEWORKER).get(f"{BASE}/households/H1").status_code == 200
    later = made_up.app_with(settings=settings, clock=lambda: NOON + timedelta(hours=1))
    with TestClient(later):
        assert verify_log(later.state.store).rows == 1
