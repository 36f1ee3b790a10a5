"""An operator ends all sessions of a person; they can log in again."""

import shutil
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from api import create_app
from matcher.domain.roles import Role
from matcher.settings import Settings
from matcher.store import ChangeError
from matcher.store.service.audit_log import read_rows
from matcher.store.service.sessions import end_sessions, find_sessions_end
from tests.api.conftest import NOON, clients_of

HOME = "http://localhost:8000"
SESSION = "/api/v1/session"
END = "/api/v1/sessions/end"
WHO = "person:development-caseworker"
STOLEN = {"person": WHO, "reason": "laptop stolen"}


@pytest.fixture
def app(sqlite_template, tmp_path):
    """The application in development, where anyone logs in; its clock can be set."""
    shutil.copy(sqlite_template, tmp_path / "store.db")
    url = f"sqlite:///{tmp_path}/store.db"
    made = create_app(Settings(database=url, development=True, public_url=HOME), lambda: NOON)
    with TestClient(made):
        yield made


def logged_in(app, role: str = "caseworker") -> TestClient:
    """A browser of someone who has logged in."""
    client = TestClient(app, base_url=HOME, follow_redirects=False)
    client.post("/login/development", data={"role": role})
    return client


@pytest.fixture
def operator(app):
    return clients_of(app)(Role.OPERATOR)


def test_all_sessions_of_a_person_end_and_a_new_one_holds(app, operator):
    """In every browser at once; those of others go on; logging in again is for the provider."""
    one, two, other = logged_in(app), logged_in(app), logged_in(app, "auditor")
    assert {c.get(SESSION).status_code for c in (one, two, other)} == {200}
    assert operator.post(END, json=STOLEN).status_code == 204
    assert [c.get(SESSION).status_code for c in (one, two, other)] == [401, 401, 200]
    app.state.clock = lambda: NOON + timedelta(seconds=1)
    again = logged_in(app)
    assert [c.get(SESSION).status_code for c in (one, again)] == [401, 200]


def test_it_is_in_the_audit_log_whose_sessions_ended_and_why(app, operator):
    """With who ended them."""
    operator.post(END, json=STOLEN)
    facts = [r.facts for r in read_rows(app.state.store, actor="system:operator")]
    assert STOLEN in facts


def test_only_an_operator_ends_sessions(app):
    """Nobody ends those of a colleague; a session changes nothing for another site either."""
    assert clients_of(app)(Role.CASEWORKER).post(END, json=STOLEN).status_code == 403
    assert logged_in(app, "operator").post(END, json=STOLEN).status_code == 403
    assert find_sessions_end(app.state.store, WHO) is None


@pytest.mark.parametrize("person", ["7", "system:Case system", "person:", "person:" + "x" * 300])
def test_what_is_no_person_is_refused(operator, person):
    """Keys are revoked, not ended."""
    assert operator.post(END, json={**STOLEN, "person": person}).status_code == 422


def test_the_latest_end_counts(store):
    """On both databases; another person's sessions are not touched."""
    assert find_sessions_end(store, WHO) is None
    for hours in (0, 2):
        end_sessions(store, WHO, NOON + timedelta(hours=hours))
    assert find_sessions_end(store, WHO) == NOON + timedelta(hours=2)
    assert find_sessions_end(store, "person:other") is None
    with pytest.raises(ChangeError, match="is no person"):
        end_sessions(store, "system:x", NOON)
