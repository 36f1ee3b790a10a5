"""The OpenID Connect provider: redirecting people there, and reading what comes back."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, NoReturn

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth
from fastapi import Request, Response
from joserfc.errors import JoseError

from api.access.principal import Principal
from api.problems import RefusedError
from matcher.domain.roles import Role, RoleError, parse_roles
from matcher.settings import Settings

CALLBACK_PATH = "/login/done"
"""Path that the provider sends people back to."""
SIGNING_ALGORITHMS = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
)
"""Algorithms that may sign ID tokens: those with a key pair, whatever else the provider offers."""
PROVIDER_ERRORS = (httpx2.HTTPError, OAuthError, KeyError, ValueError, RuntimeError)
"""Errors that occur when a provider does not answer, or when its metadata are incomplete."""
TIMEOUT_SECONDS = 10
"""Seconds that the provider has to answer."""


class IdentityProvider:
    """An OpenID Connect provider: authorization code with PKCE, state and nonce.

    Parameters
    ----------
    settings : Settings
        Hold the issuer, and the client id and secret of this service there.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        issuer = str(settings.oidc_issuer).rstrip("/")
        self._client: Any = OAuth().register(
            "provider",
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret.get_secret_value(),
            server_metadata_url=f"{issuer}/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid profile",
                "code_challenge_method": "S256",
                "timeout": TIMEOUT_SECONDS,
            },
        )

    async def redirect_to_login(self, request: Request) -> Response:
        """Redirect a person to the provider; state and nonce are stored in the session."""
        try:
            await self._metadata()
            answer: Response = await self._client.authorize_redirect(
                request, f"{self.settings.public_url}{CALLBACK_PATH}"
            )
        except PROVIDER_ERRORS as error:
            _raise_unreachable(error)
        return answer

    async def complete_login(self, request: Request) -> Principal:
        """Identify the person who has come back, after checking the token.

        Raises
        ------
        RefusedError
            400 when the login did not begin here or its token is not valid, 403 when the person has
            no role here or denied access, 502 when the provider does not answer.
        """
        try:
            metadata = await self._metadata()
            claims_values = {"iss": metadata["issuer"], "aud": self.settings.oidc_client_id}
            options = {k: {"essential": True, "value": v} for k, v in claims_values.items()}
            token = await self._client.authorize_access_token(request, claims_options=options)
        except OAuthError as error:
            denied = error.error == "access_denied"
            _raise_refused(HTTPStatus.FORBIDDEN if denied else HTTPStatus.BAD_REQUEST, error)
        except JoseError as error:
            _raise_refused(HTTPStatus.BAD_REQUEST, error)
        except PROVIDER_ERRORS as error:
            _raise_unreachable(error)
        claims = token.get("userinfo")
        if not claims:
            raise RefusedError(HTTPStatus.BAD_REQUEST, "the provider sent no ID token")
        return principal_of(claims, self.settings)

    async def logout_url(self) -> str | None:
        """Return the address that ends the session at the provider too, None if it has none."""
        try:
            metadata = await self._metadata()
        except PROVIDER_ERRORS:
            return None
        end = metadata.get("end_session_endpoint")
        parameters = {
            "client_id": self.settings.oidc_client_id,
            "post_logout_redirect_uri": f"{self.settings.public_url}/",
        }
        return None if end is None else str(httpx2.URL(end).copy_merge_params(parameters))

    async def _metadata(self) -> dict[str, Any]:
        metadata: dict[str, Any] = await self._client.load_server_metadata()
        if metadata["issuer"] != self.settings.oidc_issuer:
            raise ValueError("the provider calls itself otherwise")
        offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        safe = [name for name in offered if name in SIGNING_ALGORITHMS]
        if not safe:
            raise ValueError("the provider signs in no way that is safe")
        metadata["id_token_signing_alg_values_supported"] = safe
        return metadata


def principal_of(claims: Mapping[str, Any], settings: Settings) -> Principal:
    """Build the principal of a person from claims; the settings map claim values to roles.

    Raises
    ------
    RefusedError
        403 when the person has no role, or roles that cannot be combined.
    """
    values = _claim_texts(claims, settings.oidc_roles_claim)
    granted = [settings.oidc_roles[v] for v in values if v in settings.oidc_roles]
    numbers = {number for _, _, number in (text.partition(":") for text in granted)} - {""}
    if str(Role.MUNICIPALITY) in granted and settings.oidc_municipality_claim:
        numbers |= set(_claim_texts(claims, settings.oidc_municipality_claim))
    try:
        if len(numbers) > 1:
            raise RoleError(f"they are of several municipalities: {', '.join(sorted(numbers))}")
        roles = parse_roles({text.partition(":")[0] for text in granted}, next(iter(numbers), None))
    except RoleError as error:
        raise RefusedError(
            HTTPStatus.FORBIDDEN,
            f"you are known, but may not come in: {error}. Ask for a role where you log in",
        ) from error
    name = next((str(claims[k]) for k in ("name", "preferred_username") if claims.get(k)), "")
    return Principal(
        f"person:{claims['sub']}", name or str(claims["sub"]), roles, next(iter(numbers), None)
    )


def _claim_texts(claims: Mapping[str, Any], path: str) -> Sequence[str]:
    """Return the texts of a claim; a path with dots leads to a claim inside another claim."""
    value: Any = claims.get(path)
    if value is None:
        value = claims
        for name in path.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
    listed = value if isinstance(value, list) else [value]
    return [text for text in listed if isinstance(text, str)]


def _raise_refused(status: HTTPStatus, error: Exception) -> NoReturn:
    raise RefusedError(
        status, f"the login could not be completed ({error}); begin again at /login"
    ) from error


def _raise_unreachable(error: Exception) -> NoReturn:
    raise RefusedError(
        HTTPStatus.BAD_GATEWAY,
        "the provider where people log in cannot be used just now; try again in a while",
    ) from error
