"""The OpenID Connect provider: sending people there, and what comes back."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, NoReturn

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth
from fastapi import Request, Response
from joserfc.errors import JoseError

from api.access import Principal
from api.problems import RefusedError
from matcher.roles import Role, RoleError, checked_roles
from matcher.settings import Settings

BACK = "/login/done"
"""Where the provider sends people back to."""
ALGORITHMS = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
)  # fmt: skip
"""With which ID tokens may be signed: those of a key pair, whatever else the provider offers."""
UNUSABLE = (httpx2.HTTPError, OAuthError, KeyError, ValueError, RuntimeError)
"""What goes wrong where a provider does not answer, or says too little of itself."""
PATIENCE = 10
"""Seconds that the provider has for an answer."""


class Provider:
    """An OpenID Connect provider: authorization code with PKCE, state and nonce.

    Parameters
    ----------
    settings : Settings
        With the issuer and how this service is known there.
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
                "scope": "openid profile", "code_challenge_method": "S256", "timeout": PATIENCE,
            },
        )  # fmt: skip

    async def send(self, request: Request) -> Response:
        """Send someone there; what must be the same when they come back is in the session."""
        try:
            await self._metadata()
            answer: Response = await self._client.authorize_redirect(
                request, f"{self.settings.public_url}{BACK}"
            )
        except UNUSABLE as error:
            _unreachable(error)
        return answer

    async def welcome(self, request: Request) -> Principal:
        """Give who has come back, once everything about their token is right.

        Raises
        ------
        RefusedError
            400 when the login was not begun here or its token is not right, 403 when they have no
            role here or did not let themselves be known, 502 when the provider does not answer.
        """
        try:
            metadata = await self._metadata()
            needed = {"iss": metadata["issuer"], "aud": self.settings.oidc_client_id}
            options = {k: {"essential": True, "value": v} for k, v in needed.items()}
            token = await self._client.authorize_access_token(request, claims_options=options)
        except OAuthError as error:
            denied = error.error == "access_denied"
            _refuse(HTTPStatus.FORBIDDEN if denied else HTTPStatus.BAD_REQUEST, error)
        except JoseError as error:
            _refuse(HTTPStatus.BAD_REQUEST, error)
        except UNUSABLE as error:
            _unreachable(error)
        claims = token.get("userinfo")
        if not claims:
            raise RefusedError(HTTPStatus.BAD_REQUEST, "the provider sent no ID token")
        return principal_of(claims, self.settings)

    async def farewell(self) -> str | None:
        """Give the address at which someone logs out at the provider too, if it has one."""
        try:
            metadata = await self._metadata()
        except UNUSABLE:
            return None
        end = metadata.get("end_session_endpoint")
        told = {
            "client_id": self.settings.oidc_client_id,
            "post_logout_redirect_uri": f"{self.settings.public_url}/",
        }
        return None if end is None else str(httpx2.URL(end).copy_merge_params(told))

    async def _metadata(self) -> dict[str, Any]:
        found: dict[str, Any] = await self._client.load_server_metadata()
        if found["issuer"] != self.settings.oidc_issuer:
            raise ValueError("the provider calls itself otherwise")
        offered = found.get("id_token_signing_alg_values_supported") or ["RS256"]
        safe = [name for name in offered if name in ALGORITHMS]
        if not safe:
            raise ValueError("the provider signs in no way that is safe")
        found["id_token_signing_alg_values_supported"] = safe
        return found


def principal_of(claims: Mapping[str, Any], settings: Settings) -> Principal:
    """Give the person that claims are about, with the roles that the settings give their values.

    Raises
    ------
    RefusedError
        403 when they have none, or such as do not go together.
    """
    values = _found(claims, settings.oidc_roles_claim)
    given = [settings.oidc_roles[v] for v in values if v in settings.oidc_roles]
    named = {municipality for _, _, municipality in (g.partition(":") for g in given)} - {""}
    if str(Role.MUNICIPALITY) in given and settings.oidc_municipality_claim:
        named |= set(_found(claims, settings.oidc_municipality_claim))
    try:
        if len(named) > 1:
            raise RoleError(f"they are of several municipalities: {', '.join(sorted(named))}")
        roles = checked_roles({g.partition(":")[0] for g in given}, next(iter(named), None))
    except RoleError as error:
        raise RefusedError(
            HTTPStatus.FORBIDDEN,
            f"you are known, but may not come in: {error}. Ask for a role where you log in",
        ) from error
    name = next((str(claims[k]) for k in ("name", "preferred_username") if claims.get(k)), "")
    return Principal(
        f"person:{claims['sub']}", name or str(claims["sub"]), roles, next(iter(named), None)
    )


def _found(claims: Mapping[str, Any], path: str) -> Sequence[str]:
    """Give the texts of a claim; dots look into a claim for another."""
    value: Any = claims.get(path)
    if value is None:
        value = claims
        for name in path.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
    listed = value if isinstance(value, list) else [value]
    return [one for one in listed if isinstance(one, str)]


def _refuse(status: HTTPStatus, error: Exception) -> NoReturn:
    raise RefusedError(
        status, f"the login could not be completed ({error}); begin again at /login"
    ) from error


def _unreachable(error: Exception) -> NoReturn:
    raise RefusedError(
        HTTPStatus.BAD_GATEWAY,
        "the provider where people log in cannot be used just now; try again in a while",
    ) from error
