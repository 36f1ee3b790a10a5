"""A change by cookie needs the session's token, and a page of the service that asks for it."""

import shutil

import pytest
from fastapi import APIRouter, Request
from fastapi.testclient import TestClient

from api.access import Principal, Role, allow
from api.access.routes import include_router
from matcher.settings import Settings
from tests.api import made_up
from tests.api.conftest import NOON

HOME = "http://localhost:8000"
CHANGE = "/api/v1/made-up/households/H1/proposals/P1"
router = APIRouter()


@router.post("/form")
async def form(request: Request, who: Principal = allow(Role.CASEWORKER)) -> dict[str, str]:
    """What a form of a page says."""
    return {"kept": str((await request.form())["kept"])}


@pytest.fixture
def settings(sqlite_template, tmp_path) -> Settings:
    """In development, where anyone logs in without a password."""
    shutil.copy(sqlite_template, tmp_path / "store.db")
    return Settings(database=f"sqlite:///{tmp_path}/store.db", development=True, public_url=HOME)


@pytest.fixture
def visitor(settings):
    """Someone who has logged in."""
    app = made_up.app_with(made_up.router, settings=settings, clock=lambda: NOON)
    include_router(app, router)
    with TestClient(app, base_url=HOME, follow_redirects=False) as client:
        client.post("/login/development", data={"role": "caseworker"})
        yield client


@pytest.fixture
def token(visitor) -> str:
    """The session's."""
    return visitor.get("/api/v1/session").json()["csrf_token"]


def change(visitor, **headers) -> int:
    """The status of a change that is asked for with some headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return visitor.post(CHANGE, headers=named).status_code


def test_a_page_of_the_service_changes_something(visitor, token):
    """It says where it is in one of three ways."""
    for where in ({"Origin": HOME}, {"Referer": f"{HOME}/x"}, {"Sec_Fetch_Site": "same-origin"}):
        assert change(visitor, X_CSRF_Token=token, **where) == 200


def test_another_site_changes_nothing(visitor, token):
    """Not even with the token; nor does who does not say where they are."""
    for where in (
        {},
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Origin": f"{HOME}.evil.test"},
        {"Referer": "https://evil.test/http://localhost:8000/"},
        {"Origin": HOME, "Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Origin": "https://localhost:8000"},
    ):
        assert change(visitor, X_CSRF_Token=token, **where) == 403, where


def test_nothing_changes_without_the_sessions_token(visitor, token):
    """None, another, or that of another session."""
    mine = visitor.cookies["treffsikker"]
    visitor.post("/login/development", data={"role": "caseworker"})
    other = visitor.get("/api/v1/session").json()["csrf_token"]
    visitor.cookies.clear()
    visitor.cookies.set("treffsikker", mine)
    assert token != other
    for offered in ({}, {"X_CSRF_Token": ""}, {"X_CSRF_Token": other}, {"X_CSRF_Token": "another"}):
        assert change(visitor, Origin=HOME, **offered) == 403, offered
    assert change(visitor, Origin=HOME, X_CSRF_Token=token) == 200


def test_reading_needs_no_token(visitor):
    """From a link on another site, too."""
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert visitor.get("/api/v1/made-up/households/H1", headers=headers).status_code == 200


@pytest.mark.parametrize("kind", ["data", "files"])
def test_a_form_brings_the_token_in_a_field(visitor, token, kind):
    """Without any script; the endpoint reads the same form."""

    def send(**fields: str):
        parts = fields if kind == "data" else {k: (None, v) for k, v in fields.items()}
        return visitor.post("/form", headers={"Origin": HOME}, **{kind: parts})

    assert send(kept="x").status_code == 403
    assert send(kept="x", csrf_token="y").status_code == 403
    assert send(kept="x", csrf_token=token).json() == {"kept": "x"}


def test_a_key_needs_no_token(visitor, client_as_key):
    """No browser sends it along by itself."""
    assert client_as_key.post(CHANGE).status_code == 200


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
