"""An ID token must be right in everything; a made-up provider says what a real one would not."""

import json
import time
from base64 import urlsafe_b64encode
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from api import create_app
from matcher.settings import Settings
from tests.api.conftest import SECRET

ISSUER, HOME = "https://login.test", "https://placement.test"
KEY, ANOTHER = RSAKey.generate_key(2048, auto_kid=True), RSAKey.generate_key(2048, auto_kid=True)
SESSION = "/api/v1/session"


class MadeUp:
    """A provider that answers as a test wants."""

    def __init__(self) -> None:
        self.metadata = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }
        self.header: dict = {"alg": "RS256"}
        self.key, self.claims, self.nonce = KEY, dict[str, object](), ""
        self.token: str | None = "signed"

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        """What it says to the service."""
        if request.url.path == "/keys":
            return httpx2.Response(200, json={"keys": [KEY.as_dict(private=False)]})
        if request.url.path == "/token":
            token = self.signed() if self.token == "signed" else self.token
            body = {"access_token": "a", "token_type": "Bearer", "id_token": token}
            return httpx2.Response(200, json={k: v for k, v in body.items() if v is not None})
        return httpx2.Response(200, json=self.metadata)

    def signed(self) -> str:
        """An ID token that is right, but for what a test has changed."""
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": "treffsikker",
            "sub": "anne",
            "nonce": self.nonce,
            "iat": now,
            "exp": now + 300,
            "roles": ["auditor"],
            **self.claims,
        }
        told = {k: v for k, v in claims.items() if v is not None}
        if self.header["alg"] == "none":
            parts = (urlsafe_b64encode(json.dumps(part).encode()) for part in (self.header, told))
            return b".".join([*(part.rstrip(b"=") for part in parts), b""]).decode()
        return jwt.encode(self.header, told, self.key, algorithms=["RS256", "HS256"])


@pytest.fixture
def made_up() -> MadeUp:
    """The provider."""
    return MadeUp()


@pytest.fixture
def visitor(store_url, made_up):
    """someone's browser at a service that asks the made-up provider."""
    settings = Settings(
        oidc_issuer=ISSUER,
        oidc_client_id="treffsikker",
        oidc_client_secret="hush",
        oidc_roles={"auditor": "auditor"},
        public_url=HOME,
        database=store_url,
        secret=SECRET,
    )
    app = create_app(settings)
    transport = httpx2.MockTransport(made_up.answer)
    app.state.provider._client.client_kwargs["transport"] = transport
    with TestClient(app, base_url=HOME, follow_redirects=False) as client:
        yield client


def log_in(visitor, made_up):
    """Come back from the provider with what it gives."""
    query = parse_qs(urlsplit(visitor.get("/login").headers["location"]).query)
    made_up.nonce = made_up.nonce or query["nonce"][0]
    return visitor.get("/login/done", params={"code": "c", "state": query["state"][0]})


def test_a_token_that_is_right_lets_in(visitor, made_up):
    """The other tests can fail for the reason they name only."""
    assert log_in(visitor, made_up).status_code == 303
    assert visitor.get(SESSION).json()["roles"] == ["auditor"]


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.test"}, {"iss": None}, {"aud": "another"}, {"aud": ["another"]},
        {"aud": None}, {"aud": ["treffsikker", "another"]}, {"azp": "another"},
        {"nonce": "another"}, {"nonce": None}, {"exp": 1}, {"exp": None}, {"sub": None},
        {"iat": None}, {"iat": 2**40},
    ],
    ids=json.dumps,
)  # fmt: skip
def test_a_token_for_someone_or_somewhere_else_is_refused(visitor, made_up, claims):
    """Issuer, audience, nonce and time; nobody is let in."""
    made_up.claims = claims
    assert log_in(visitor, made_up).status_code == 400
    assert visitor.get(SESSION).status_code == 401


def test_a_token_signed_by_another_is_refused(visitor, made_up):
    """With a key that is not the provider's, with a secret, or not at all."""
    for header, key in (
        ({"alg": "RS256"}, ANOTHER),
        ({"alg": "RS256", "kid": KEY.kid}, ANOTHER),
        ({"alg": "HS256", "kid": KEY.kid}, OctKey.generate_key()),
        ({"alg": "none"}, KEY),
    ):
        made_up.header, made_up.key, made_up.nonce = header, key, ""
        assert log_in(visitor, made_up).status_code == 400, header
        assert visitor.get(SESSION).status_code == 401


@pytest.mark.parametrize("token", [None, "", "x", "a.b.c"])
def test_what_is_no_token_is_refused(visitor, made_up, token):
    """Or none at all."""
    made_up.token = token
    assert log_in(visitor, made_up).status_code == 400


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://evil.test"},
        {"id_token_signing_alg_values_supported": ["none", "HS256"]},
        {"authorization_endpoint": None},
    ],
)
def test_a_provider_that_is_not_what_it_should_be_is_not_used(visitor, made_up, metadata):
    """502: the fault is not with who logs in."""
    made_up.metadata.update(metadata)
    assert visitor.get("/login").status_code == 502
