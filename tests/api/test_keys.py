"""Keys of systems: made once, told once, and good for no more than they say."""

from datetime import timedelta
from typing import Any

import pytest

from api import create_app
from matcher.domain.roles import Role, RoleError, parse_roles
from matcher.store.service.api_keys import create_key, find_valid_key
from matcher.store.service.audit_log import read_rows
from tests.api.conftest import NOON

KEYS = "/api/v1/keys"
ASKED = {"name": "Case system", "roles": ["operator"]}


@pytest.fixture
def operator(client_as):
    """Someone who may."""
    return client_as(Role.OPERATOR)


def test_a_key_opens_what_its_roles_open(operator, anonymous):
    """Made over HTTP, used over HTTP; the list has it without its secret."""
    made = operator.post(KEYS, json=ASKED).json()
    anonymous.headers["Authorization"] = f"Bearer {made['key']}"
    listed = anonymous.get(KEYS)
    assert listed.status_code == 200
    (mine,) = [key for key in listed.json()["keys"] if key["id"] == made["id"]]
    assert mine == {name: value for name, value in made.items() if name != "key"}
    assert made["key"].rpartition("_")[2] not in listed.text
    assert (mine["made_by"], mine["roles"]) == ("system:operator", ["operator"])
    assert anonymous.get("/api/v1/audit").status_code == 403


def test_a_revoked_key_opens_nothing(operator, anonymous):
    """From the next request on; revoking it again finds nothing."""
    made = operator.post(KEYS, json=ASKED).json()
    anonymous.headers["Authorization"] = f"Bearer {made['key']}"
    assert anonymous.get(KEYS).status_code == 200
    assert operator.delete(f"{KEYS}/{made['id']}").status_code == 204
    assert anonymous.get(KEYS).status_code == 401
    again = operator.delete(f"{KEYS}/{made['id']}")
    assert again.status_code == 404
    assert made["id"] in again.json()["detail"]


def test_a_key_expires(app, operator, settings):
    """On its day and not before."""
    key = operator.post(KEYS, json={**ASKED, "days": 2}).json()["key"]
    store = app.state.store
    assert find_valid_key(store, key, NOON + timedelta(days=2, seconds=-1)) is not None
    assert find_valid_key(store, key, NOON + timedelta(days=2)) is None


@pytest.mark.parametrize(
    ("roles", "municipality", "told"),
    [
        (["municipality"], None, "needs the four-digit number"),
        (["municipality", "auditor"], "0301", "goes with no other role"),
        (["caseworker"], "0301", "goes with the role municipality alone"),
    ],
)
def test_roles_that_do_not_go_together_are_refused(operator, roles, municipality, told):
    """The error says what is wrong, and there is no key."""
    body = {"name": "x", "roles": roles, "municipality": municipality}
    answer = operator.post(KEYS, json=body)
    assert answer.status_code == 422
    assert told in answer.json()["detail"]
    assert len(operator.get(KEYS).json()["keys"]) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"roles": []},
        {"roles": ["king"]},
        {"name": ""},
        {"days": 0},
        {"days": 9999},
        {"more": 1},
        {"municipality": "301"},
    ],
)
def test_what_cannot_be_a_key_is_refused(operator, change):
    """422, in the one shape."""
    answer = operator.post(KEYS, json={**ASKED, **change})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/unusable-request"


def test_making_and_revoking_are_in_the_audit_log(app, operator):
    """With the key's first part, and without its secret."""
    made = operator.post(KEYS, json=ASKED).json()
    operator.delete(f"{KEYS}/{made['id']}")
    rows = list(read_rows(app.state.store))
    assert [row.action for row in rows] == ["POST /keys", "DELETE /keys/{key}"]
    assert rows[1].facts == {"key": made["id"]}
    assert made["key"] not in str(rows)


def test_a_key_works_in_the_next_process(operator, settings, anonymous):
    """It is in the store, not in the process."""
    from fastapi.testclient import TestClient  # noqa: PLC0415

    key = operator.post(KEYS, json=ASKED).json()["key"]
    with TestClient(create_app(settings, clock=lambda: NOON)) as again:
        assert again.get(KEYS, headers={"Authorization": f"Bearer {key}"}).status_code == 200


@pytest.mark.parametrize("roles", [[], ["king"], ["auditor", "king"]])
def test_unknown_roles_are_refused(roles):
    """The error lists those that there are."""
    with pytest.raises(RoleError, match="caseworker, policy owner, municipality, operator"):
        parse_roles(roles, None)


def test_a_key_needs_a_name(store):
    """Roles are checked wherever a key is made."""
    times: dict[str, Any] = {"at": NOON, "expires_at": NOON + timedelta(days=1), "made_by": "t"}
    with pytest.raises(RoleError, match="goes with no other role"):
        create_key(store, "x", ["municipality", "auditor"], municipality="0301", **times)
    with pytest.raises(ValueError, match="four-digit"):
        create_key(store, "x", ["municipality"], municipality="301", **times)
