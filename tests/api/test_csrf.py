"""A change by cookie is made only for a page of the service, as the browser states."""

import shutil

import pytest
from fastapi.testclient import TestClient

from api.access.routes import list_endpoints
from matcher.domain.roles import Role
from matcher.settings import Settings
from tests.api import made_up
from tests.api.conftest import NOON
from tests.api.routes import filled

HOME = "http://localhost:8000"
CHANGE = "/api/v1/made-up/households/H1/proposals/P1"


@pytest.fixture
def settings(sqlite_template, tmp_path) -> Settings:
    """In development, where anyone logs in without a password."""
    shutil.copy(sqlite_template, tmp_path / "store.db")
    return Settings(database=f"sqlite:///{tmp_path}/store.db", development=True, public_url=HOME)


@pytest.fixture
def visitor(settings):
    """Someone who has logged in."""
    app = made_up.app_with(made_up.router, settings=settings, clock=lambda: NOON)
    with TestClient(app, base_url=HOME, follow_redirects=False) as client:
        client.post("/login/development", data={"role": "caseworker"})
        yield client


def change(client, **headers) -> int:
    """The status of a change that is asked for with some headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(CHANGE, headers=named).status_code


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Site": "same-origin"},
        {"Sec_Fetch_Site": "same-origin", "Origin": HOME},
        {"Sec_Fetch_Site": "none"},
        {"Origin": HOME},
    ],
)
def test_a_page_of_the_service_changes_something(visitor, headers):
    """A browser says so in Sec-Fetch-Site, and an older one in Origin."""
    assert change(visitor, **headers) == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Referer": f"{HOME}/x"},
        {"Sec_Fetch_Site": ""},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "cross-site", "Origin": "https://evil.test"},
        {"Sec_Fetch_Site": "same-site", "Origin": HOME},
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": f"{HOME}.evil.test"},
        {"Origin": f"{HOME}/"},
        {"Origin": "http://localhost:8001"},
        {"Origin": "https://localhost:8000"},
    ],
)
def test_another_site_changes_nothing(visitor, headers):
    """Nor does a request with the session's cookie that does not say where it comes from."""
    assert change(visitor, **headers) == 403


@pytest.mark.parametrize("method", ["PUT", "PATCH", "POST", "DELETE"])
def test_every_method_that_changes_is_checked(visitor, method):
    """Whatever the endpoint, before its body is read."""
    endpoints = [e for e in list_endpoints(visitor.app) if e.method == method and e.roles]
    assert endpoints
    for endpoint in endpoints:
        answer = visitor.request(
            method, filled(endpoint.path), headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert answer.status_code == 403, endpoint.path
        assert "a page of this service itself" in answer.json()["detail"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reading_is_possible_from_anywhere(visitor, method):
    """From a link on another site, too; a method that the endpoint lacks is no forgery either."""
    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.test"}):
        answer = visitor.request(method, "/api/v1/made-up/households/H1", headers=headers)
        assert answer.status_code == (200 if method == "GET" else 405)


def test_without_an_address_in_the_settings_the_request_s_own_counts(settings):
    """The origin is the one that the request itself was sent to."""
    local = settings.model_copy(update={"public_url": None})
    app = made_up.app_with(made_up.router, settings=local, clock=lambda: NOON)
    with TestClient(app, base_url="http://service.test", follow_redirects=False) as client:
        client.post("/login/development", data={"role": "caseworker"})
        assert change(client, Origin="http://service.test") == 200
        assert change(client, Origin=HOME) == 403


def test_nobody_is_logged_out_by_another_site(visitor):
    """The session goes on, until a page of the service ends it."""
    assert visitor.post("/logout", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert visitor.post("/logout").status_code == 403
    assert visitor.get("/api/v1/session").status_code == 200
    assert visitor.post("/logout", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303
    assert visitor.get("/api/v1/session").status_code == 401


def test_a_session_has_no_token(visitor):
    """Neither its description nor its cookie holds one."""
    assert set(visitor.get("/api/v1/session").json()) == {"id", "name", "roles", "municipality"}


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "https://evil.test"}, {"Sec_Fetch_Site": "cross-site"}]
)
def test_a_key_needs_no_origin(client_as_key, headers):
    """No browser sends it along by itself."""
    assert change(client_as_key, **headers) == 200


@pytest.fixture
def client_as_key(visitor) -> TestClient:
    """A system with a key."""
    from datetime import timedelta  # noqa: PLC0415

    from matcher.store.service.api_keys import create_key  # noqa: PLC0415

    until = NOON + timedelta(days=1)
    key, _ = create_key(
        visitor.app.state.store, "s", ["caseworker"], at=NOON, expires_at=until, made_by="t"
    )
    return TestClient(visitor.app, headers={"Authorization": f"Bearer {key}"})


def test_the_development_login_offers_every_role(visitor):
    """And goes on to where one wanted."""
    page = visitor.get("/login/development", params={"next": '/x?"><script>'})
    assert page.headers["content-type"].startswith("text/html")
    assert all(f'value="{role}"' in page.text for role in Role)
    assert "<script>" not in page.text
    for role in Role:
        of = "0301" if role is Role.MUNICIPALITY else ""
        data = {"role": str(role), "municipality": of, "next": "/x"}
        done = visitor.post("/login/development", data=data)
        assert (done.status_code, done.headers["location"]) == (303, "/x")
        told = visitor.get("/api/v1/session").json()
        assert (told["roles"], told["municipality"]) == ([str(role)], of or None)
    wrong = visitor.post("/login/development", data={"role": "municipality"})
    assert wrong.status_code == 422
    assert visitor.get("/login").headers["location"] == "/login/development"


def test_the_first_page_leads_on(settings, visitor):
    """In development to the endpoints, elsewhere to who one is: a login never ends at nothing."""
    done = visitor.post("/login/development", data={"role": "caseworker"})
    assert done.headers["location"] == "/"
    assert visitor.get("/").headers["location"] == "/docs"
    safe = Settings(database=settings.database, secret="s" * 40)
    with TestClient(made_up.app_with(settings=safe), follow_redirects=False) as client:
        assert client.get("/").headers["location"] == "/api/v1/session"


def test_there_is_no_development_login_elsewhere(settings):
    """Neither page nor session; it is as if it were not there."""
    safe = Settings(database=settings.database, secret="s" * 40)
    with TestClient(made_up.app_with(settings=safe), base_url="https://x.test") as client:
        for method, path in (
            ("GET", "/login/development"),
            ("POST", "/login/development"),
            ("GET", "/login"),
            ("GET", "/login/done"),
            ("GET", "/docs"),
        ):
            data = {"role": "caseworker"} if method == "POST" else None
            answer = client.request(method, path, data=data)
            assert answer.status_code == 404
            assert not answer.cookies
