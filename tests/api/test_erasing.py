"""An operator erases what is known of a household over HTTP; it is in the audit log."""

import pytest

from matcher.domain.roles import Role
from matcher.store.service.audit_log import read_rows
from tests.api.queue import CASE, OSLO, PROPOSALS, fill, new

ERASE = f"{CASE}/erase"
WHY = {"reason": "asked to be forgotten"}


@pytest.fixture
def caseworker(app, client_as):
    """A caseworker, with three households in the queue."""
    client = client_as(Role.CASEWORKER)
    fill(app)
    return client


@pytest.fixture
def settled(caseworker):
    """H0 has settled in 0301."""
    caseworker.post(PROPOSALS, json=new())
    for step in ("accept", "settle"):
        assert caseworker.post(f"{PROPOSALS}/H0/{step}", json={}).status_code == 200


@pytest.fixture
def operator(client_as):
    return client_as(Role.OPERATOR)


def test_what_was_known_is_gone_and_numbers_stay(app, settled, caseworker, operator):
    """Facts are not shown any more; ledger and events are, with who erased it and why."""
    before = caseworker.get(OSLO).json()["ledger"]
    done = operator.post(ERASE, json=WHY)
    assert (done.status_code, done.json()["contents"]) == (200, 2), done.text
    assert done.headers["etag"] == f'"{done.json()["version"]}"'
    assert caseworker.get(CASE).json()["facts"] is None
    assert caseworker.get(OSLO).json()["ledger"] == before
    last = caseworker.get(f"{CASE}/events").json()["items"][-1]
    assert (last["kind"], last["actor"], last["reason"]) == (
        "erased",
        "system:operator",
        WHY["reason"],
    )
    rows = read_rows(app.state.store, household="H0")
    logged = [(r.actor, r.household) for r in rows if "erase" in r.action]
    assert logged == [("system:operator", "H0")]


def test_it_is_erased_once_for_each_key(settled, caseworker, operator):
    """The answer is given again, and nothing more is recorded."""
    named = {"Idempotency-Key": "e1"}
    first = operator.post(ERASE, json=WHY, headers=named)
    again = operator.post(ERASE, json=WHY, headers=named)
    assert (first.content, again.headers["idempotent-replayed"]) == (again.content, "true")
    kinds = [e["kind"] for e in caseworker.get(f"{CASE}/events").json()["items"]]
    assert kinds.count("erased") == 1


def test_nobody_is_erased_who_waits_or_has_changed_since(caseworker, operator):
    """409 for who is still to be settled; 412 with an older version; nothing is lost by either."""
    etag = caseworker.get(CASE).headers["etag"]
    assert operator.post(ERASE, json=WHY).json()["type"] == "/problems/wrong-status"
    caseworker.post(f"{CASE}/withdraw", json=WHY)
    assert operator.post(ERASE, json=WHY, headers={"If-Match": etag}).status_code == 412
    assert caseworker.get(CASE).json()["facts"] is not None
    assert operator.post(ERASE, json=WHY).status_code == 200
