"""Endpoints for logging in, at the provider or in development without one, and logging out."""

from datetime import timedelta
from http import HTTPStatus
from importlib.resources import files
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment

from api.access import Principal, Role, allow
from api.access.forgery import check_origin
from api.access.sessions import begin_session, end_session
from api.access.signing import SignedCookie, local_path, not_found
from api.access.trail import note
from api.context import Now, SettingsHere, StoreHere
from api.login.provider import Provider
from api.login.schemas import SessionsEnd, SessionTold
from api.problems import responses
from matcher.roles import checked_roles
from matcher.store.database import sessions

router = APIRouter(tags=["login"])
BEGUN = SignedCookie("treffsikker-login")
"""Cookie with the state of a login while the person is at the provider."""
TO_COME_BACK = timedelta(minutes=10)
"""Time that a person has to log in at the provider."""
SEE_OTHER = HTTPStatus.SEE_OTHER
Next = Annotated[
    str | None, Query(alias="next", max_length=2000, description="Path to go on to afterwards.")
]
NAMES = {
    Role.CASEWORKER: "saksbehandler",
    Role.POLICY_OWNER: "policyeier",
    Role.MUNICIPALITY: "kommune",
    Role.OPERATOR: "driftsansvarlig",
    Role.AUDITOR: "revisor",
}
"""Norwegian name of each role on the page for development."""
PAGE = Environment(autoescape=True).from_string(
    files("api.login").joinpath("development.html").read_text(encoding="utf-8")
)


@router.get("/", include_in_schema=False)
def first_page(settings: SettingsHere) -> RedirectResponse:
    """Redirect: in development to the page of the endpoints, elsewhere to the session."""
    return RedirectResponse("/docs" if settings.development else "/api/v1/session", SEE_OTHER)


@router.get("/login", include_in_schema=False)
async def login(
    request: Request, settings: SettingsHere, now: Now, onward: Next = None
) -> Response:
    """Redirect a person to the provider to log in."""
    request.app.state.rates.count_unknown(request)
    provider = _provider(request)
    if provider is None:
        if not settings.development:
            raise not_found()
        return RedirectResponse("/login/development", SEE_OTHER)
    request.scope["session"] = session = dict[str, Any]()
    answer = await provider.send(request)
    content = {"session": session, "next": local_path(onward)}
    BEGUN.set(answer, settings, content, now, now + TO_COME_BACK)
    return answer


@router.get("/login/done", include_in_schema=False)
async def done(request: Request, settings: SettingsHere, now: Now) -> Response:
    """Start the session of a person who comes back from the provider."""
    request.app.state.rates.count_unknown(request)
    provider = _provider(request)
    if provider is None:
        raise not_found()
    begun = BEGUN.read(request) or {"session": {}, "next": "/"}
    request.scope["session"] = begun["session"]
    who = await provider.welcome(request)
    answer = _start_session(request, settings, now, who, begun["next"])
    # A login can be completed only once.
    BEGUN.delete(answer, settings)
    return answer


@router.get("/login/development", include_in_schema=False, response_class=HTMLResponse)
def choose(settings: SettingsHere, onward: Next = None) -> HTMLResponse:
    """Show the roles to choose from, in development only."""
    if not settings.development:
        raise not_found()
    page = PAGE.render(roles=NAMES, onward=local_path(onward))
    return HTMLResponse(page)


@router.post("/login/development", include_in_schema=False)
def become(
    request: Request,
    settings: SettingsHere,
    now: Now,
    role: Annotated[str, Form(max_length=40)],
    municipality: Annotated[str, Form(max_length=10)] = "",
    onward: Annotated[str, Form(alias="next", max_length=2000)] = "/",
) -> Response:
    """Start a session with the role that the person chose, in development only."""
    if not settings.development:
        raise not_found()
    number = municipality or None if role == Role.MUNICIPALITY else None
    roles = checked_roles([role], number)
    identifier = f"person:development-{role.replace(' ', '-')}"
    who = Principal(identifier, role.capitalize(), roles, number)
    return _start_session(request, settings, now, who, onward)


@router.post("/logout", include_in_schema=False)
async def logout(request: Request, settings: SettingsHere) -> Response:
    """End a session, here and at the provider."""
    check_origin(request)
    provider = _provider(request)
    logout_url = None if provider is None else await provider.farewell()
    answer = RedirectResponse(logout_url or "/", SEE_OTHER)
    end_session(answer, settings)
    return answer


@router.get("/api/v1/session", responses=responses(HTTPStatus.UNAUTHORIZED))
def session(request: Request, who: Principal = allow(*Role)) -> SessionTold:
    """Show the caller, and the token that changes by this session need."""
    token = request.state.csrf_token if who.by_cookie else None
    return SessionTold(
        id=who.id,
        name=who.name,
        roles=sorted(who.roles),
        municipality=who.municipality,
        csrf_token=token,
    )


@router.post(
    "/api/v1/sessions/end",
    status_code=HTTPStatus.NO_CONTENT,
    responses=responses(
        HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY
    ),
)
def end_all(
    body: SessionsEnd,
    request: Request,
    store: StoreHere,
    now: Now,
    who: Principal = allow(Role.OPERATOR),
) -> None:
    """End every session of a person, in all browsers; the person must log in again.

    A person who must not come in again has to lose the role at the provider first.
    """
    note(request, who, facts={"person": body.person, "reason": body.reason})
    sessions.end_sessions(store, body.person, now)


def _provider(request: Request) -> Provider | None:
    provider: Provider | None = request.app.state.provider
    return provider


def _start_session(
    request: Request, settings: SettingsHere, at: Now, who: Principal, onward: str
) -> Response:
    note(request, who, facts={"roles": sorted(who.roles), "municipality": who.municipality})
    answer = RedirectResponse(local_path(onward), SEE_OTHER)
    begin_session(answer, settings, who, at)
    return answer
