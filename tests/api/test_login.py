"""People log in at a provider: a real one, in a process of its own."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from fastapi.testclient import TestClient

from api import create_app
from matcher.settings import Settings
from matcher.store.service.audit_log import read_rows
from tests.api.conftest import NOON, SECRET
from tests.api.provider_process import provider

pytestmark = pytest.mark.slow
HOME = "https://placement.test"
SESSION = "/api/v1/session"
USERS = (
    {"sub": "anne", "name": "Caseworker 7", "groups": ["settle-casework", "other"]},
    {"sub": "oslo", "groups": "settle-oslo"},
    {"sub": "bergen", "groups": ["settle-municipality"], "place": "4601"},
    {"sub": "two", "groups": ["settle-casework", "settle-policy"]},
    {"sub": "both", "groups": ["settle-casework", "settle-oslo"]},
    {"sub": "nowhere", "groups": ["settle-municipality"]},
    {"sub": "nobody", "groups": ["other"]},
    {"sub": "bare"},
)
ROLES = {
    "settle-casework": "caseworker",
    "settle-policy": "policy owner",
    "settle-oslo": "municipality:0301",
    "settle-municipality": "municipality",
}


@pytest.fixture(scope="module")
def issuer():
    """Where the provider is."""
    with provider(*USERS) as address:
        yield address


@pytest.fixture
def clock():
    """A clock that a test can set."""
    return [NOON]


@pytest.fixture
def settings(store_url, issuer) -> Settings:
    """Settings with a provider; only its address is not yet what it must be elsewhere."""
    told = {
        "oidc_issuer": issuer,
        "oidc_client_id": "treffsikker",
        "oidc_client_secret": "hush",
        "oidc_roles_claim": "groups",
        "oidc_roles": ROLES,
        "oidc_municipality_claim": "place",
        "public_url": HOME,
        "database": store_url,
        "secret": SECRET,
    }
    safe = Settings(**{**told, "oidc_issuer": "https://elsewhere.test"})
    return safe.model_copy(update={"oidc_issuer": issuer})


@pytest.fixture
def visitor(settings, clock):
    """someone's browser at the service."""
    app = create_app(settings, clock=lambda: clock[0])
    with TestClient(app, base_url=HOME, follow_redirects=False) as client:
        yield client


def at_provider(visitor, sub: str, onward: str = "/households", **form: str) -> str:
    """Begin to log in, and say who one is: the address that the provider sends back to."""
    sent = visitor.get("/login", params={"next": onward})
    assert sent.status_code == 302
    return httpx2.post(sent.headers["location"], data={"sub": sub, **form}).headers["location"]


def log_in(visitor, sub: str, **more: str):
    """Log in, and give the last answer."""
    return visitor.get(at_provider(visitor, sub, **more))


def test_someone_logs_in_and_goes_on(visitor):
    """To where they wanted, with the roles of their groups, and for no longer than a session."""
    done = log_in(visitor, "anne")
    assert (done.status_code, done.headers["location"]) == (303, "/households")
    told = visitor.get(SESSION).json()
    assert told == {
        "id": "person:anne",
        "name": "Caseworker 7",
        "roles": ["caseworker"],
        "municipality": None,
    }
    assert visitor.get("/api/v1/keys").status_code == 403
    (row,) = [r for r in read_rows(visitor.app.state.store) if "login" in r.action]
    assert (row.actor, row.facts["roles"]) == ("person:anne", ["caseworker"])


@pytest.mark.parametrize(
    ("sub", "roles", "municipality"),
    [
        ("oslo", ["municipality"], "0301"),
        ("bergen", ["municipality"], "4601"),
        ("two", ["caseworker", "policy owner"], None),
    ],
)
def test_roles_come_from_the_claim(visitor, sub, roles, municipality):
    """A municipality from the mapping or from its own claim."""
    log_in(visitor, sub)
    told = visitor.get(SESSION).json()
    assert (told["roles"], told["municipality"], told["name"]) == (roles, municipality, sub)


@pytest.mark.parametrize("sub", ["both", "nowhere", "nobody", "bare"])
def test_who_has_no_role_does_not_come_in(visitor, sub):
    """Nor who has such as do not go together; they are told, and have no session."""
    answer = log_in(visitor, sub)
    assert answer.status_code == 403
    assert "may not come in" in answer.json()["detail"]
    assert visitor.get(SESSION).status_code == 401


def test_what_is_sent_to_the_provider(visitor):
    """A code with PKCE, state and nonce, each login its own."""
    first, second = (
        parse_qs(urlsplit(visitor.get("/login").headers["location"]).query) for _ in range(2)
    )
    assert first["response_type"] == ["code"]
    assert first["code_challenge_method"] == ["S256"]
    assert first["redirect_uri"] == [f"{HOME}/login/done"]
    assert "openid" in first["scope"][0].split()
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name][0]) >= 20
        assert first[name] != second[name]


def test_a_login_that_was_begun_elsewhere_is_refused(visitor, settings):
    """Someone else's address brings nobody in, and neither does one's own twice."""
    back = at_provider(visitor, "anne")
    with TestClient(visitor.app, base_url=HOME, follow_redirects=False) as other:
        assert other.get(back).status_code == 400
        assert other.get(SESSION).status_code == 401


def test_a_login_is_completed_once(visitor):
    """The same address again is refused."""
    back = at_provider(visitor, "anne")
    assert visitor.get(back).status_code == 303
    assert visitor.get(back).status_code == 400


def test_a_login_takes_no_longer_than_ten_minutes(visitor, clock):
    """Then it must be begun again."""
    back = at_provider(visitor, "anne")
    clock[0] = NOON + timedelta(minutes=10)
    assert visitor.get(back).status_code == 400


def test_a_made_up_answer_is_refused(visitor):
    """Another state, no state, another code; and the one who said no at the provider."""
    back = at_provider(visitor, "anne")
    state = parse_qs(urlsplit(back).query)["state"][0]
    for query in (f"code=x&state={state}", "code=x&state=y", "code=x", ""):
        assert visitor.get(f"/login/done?{query}").status_code == 400
    assert visitor.get("/login/done?error=access_denied").status_code == 403
    assert visitor.get(SESSION).status_code == 401


def test_a_session_ends(visitor, clock):
    """After its hours, to the second."""
    log_in(visitor, "anne")
    clock[0] = NOON + timedelta(hours=8, seconds=-1)
    assert visitor.get(SESSION).status_code == 200
    clock[0] = NOON + timedelta(hours=8)
    assert visitor.get(SESSION).status_code == 401


def test_the_cookie_is_kept_from_scripts_and_other_sites(visitor):
    """Signed, for this host alone, over HTTPS only."""
    done = log_in(visitor, "anne")
    (cookie,) = [c for c in done.headers.get_list("set-cookie") if "treffsikker=" in c]
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert cookie.startswith("__Host-treffsikker=")
    assert {"httponly", "secure", "samesite=lax", "path=/", "max-age=28800"} <= parts
    assert not any(part.startswith("domain") for part in parts)


def test_a_changed_cookie_is_none(visitor, settings):
    """Neither another's content, nor one signed with another secret, nor of another kind."""
    log_in(visitor, "anne")
    name, value = "__Host-treffsikker", visitor.cookies["__Host-treffsikker"]
    body, _, signature = value.rpartition(".")
    begun = visitor.get("/login").cookies["__Host-treffsikker-login"]
    for forged in (f"{body[:-2]}AA.{signature}", body, "", "x", begun, f"{value}x"):
        visitor.cookies.clear()
        visitor.cookies.set(name, forged)
        assert visitor.get(SESSION).status_code == 401
    other = settings.model_copy(update={"secret": Settings(secret="t" * 40).secret})
    with TestClient(create_app(other, clock=lambda: NOON), base_url=HOME) as elsewhere:
        elsewhere.cookies.set(name, value)
        assert elsewhere.get(SESSION).status_code == 401


def test_logging_out_ends_the_session_here_and_there(visitor, issuer):
    """Asked for by a page of the service; the browser forgets, and is sent to the provider."""
    log_in(visitor, "anne")
    assert visitor.post("/logout").status_code == 403
    assert visitor.post("/logout", headers={"Origin": "https://evil.test"}).status_code == 403
    answer = visitor.post("/logout", headers={"Origin": HOME})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{issuer}/oauth2/end_session?")
    assert visitor.get(SESSION).status_code == 401


@pytest.mark.parametrize(
    "onward", ["https://evil.test/", "//evil.test", "/\\evil.test", "evil", "", "/a\nb"]
)
def test_nobody_is_sent_to_another_site(visitor, onward):
    """Only to a path of the service."""
    assert log_in(visitor, "anne", onward=onward).headers["location"] == "/"


def test_a_provider_that_does_not_answer_is_told(settings):
    """502, and how to go on."""
    gone = settings.model_copy(update={"oidc_issuer": "http://127.0.0.1:9"})
    with TestClient(create_app(gone), base_url=HOME) as client:
        answer = client.get("/login")
    assert answer.status_code == 502
    assert "try again" in answer.json()["detail"]
