"""Every answer has its number and its headers; too much and too often are refused."""

import pytest
from fastapi.testclient import TestClient

from api import create_app
from matcher.domain.roles import Role
from matcher.settings import Settings
from tests.api import made_up
from tests.api.conftest import NOON, SECRET

BASE = "/api/v1/made-up"
KEYS = "/api/v1/keys"


@pytest.fixture
def settings(store_url) -> Settings:
    """Settings with which little is much."""
    return Settings(
        database=store_url,
        secret=SECRET,
        rate_limit="5/minute",
        login_limit="3/minute",
        largest_body=1000,
    )


@pytest.fixture
def app(settings):
    """The application with endpoints of each kind."""
    return made_up.app_with(made_up.router, settings=settings, clock=lambda: NOON)


def test_who_asks_too_often_is_told_when_to_come_back(client_as):
    """Each for themselves; the answer has the one shape."""
    often, other = client_as(Role.CASEWORKER), client_as(Role.POLICY_OWNER)
    answers = [often.get(f"{BASE}/count") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    last = answers[-1]
    assert last.headers["content-type"] == "application/problem+json"
    assert last.json()["type"] == "/problems/too-many-requests"
    assert 1 <= int(last.headers["retry-after"]) <= 60
    assert other.get(f"{BASE}/count").status_code == 200


def test_who_guesses_keys_is_stopped(anonymous, client_as):
    """By address; who has a key goes on from the same one, and health is always told."""
    guesses = [anonymous.get(KEYS, headers={"Authorization": f"Bearer ts_{k}_x"}) for k in range(4)]
    assert [answer.status_code for answer in guesses] == [401] * 3 + [429]
    assert anonymous.get("/login").status_code == 429
    assert client_as(Role.OPERATOR).get(KEYS).status_code == 200
    assert anonymous.get("/health/live").status_code == 200


def test_a_body_that_is_too_large_is_refused(client_as):
    """Whether it says how long it is or not."""
    operator = client_as(Role.OPERATOR)
    told = operator.post(KEYS, content=b"x" * 1001)
    untold = operator.post(KEYS, content=(b"x" * 500 for _ in range(3)))
    for answer in (told, untold):
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"
        assert "1,000 bytes" in answer.json()["detail"]
    assert operator.post(KEYS, content=b"x" * 1000).status_code == 422


HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
}


def test_every_answer_has_its_number_and_headers(app, anonymous, client_as):
    """Also errors, and faults of our own, of which nothing is told."""
    caseworker = client_as(Role.CASEWORKER)
    careless = TestClient(app, headers=caseworker.headers, raise_server_exceptions=False)
    answers = [
        anonymous.get("/health/live"),
        anonymous.get("/nowhere"),
        anonymous.get(KEYS),
        caseworker.get(f"{BASE}/households/H1"),
        careless.get(f"{BASE}/broken"),
        caseworker.post(f"{BASE}/households/H1/proposals/P", content=b"x" * 1001),
    ]
    assert [a.status_code for a in answers] == [200, 404, 401, 200, 500, 413]
    numbers = {answer.headers["x-request-id"] for answer in answers}
    assert len(numbers) == len(answers)
    for answer in answers:
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self';" in policy
        assert "frame-ancestors 'none';" in policy
    for answer in (answers[1], answers[4]):
        assert answer.json()["instance"] == answer.headers["x-request-id"]
    assert "ZeroDivisionError" not in answers[4].text


def test_a_number_that_someone_sends_is_not_taken(anonymous):
    """The log's numbers are the service's own."""
    answer = anonymous.get("/health/live", headers={"X-Request-ID": "mine"})
    assert answer.headers["x-request-id"] != "mine"


def test_in_development_the_page_to_try_endpoints_works():
    """It may load what it needs; nothing is said of HTTPS."""
    page = TestClient(create_app(Settings(development=True))).get("/docs")
    assert "https://cdn.jsdelivr.net" in page.headers["content-security-policy"]
    assert "strict-transport-security" not in page.headers
