"""Endpoints for logging in, at the provider or in development without one, and logging out."""

from datetime import timedelta
from http import HTTPStatus
from importlib.resources import files
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment

from api.access.audit import record_entry
from api.access.authentication import (
    SignedCookie,
    end_session,
    start_session,
)
from api.access.csrf import check_same_origin
from api.access.guard import allow
from api.access.principal import Principal
from api.dependencies import NowDep, SettingsDep, StoreDep
from api.login.provider import IdentityProvider
from api.login.schemas import CurrentSession, EndSessionsRequest
from api.problems import RefusedError, problem_responses
from matcher.domain.roles import Role, parse_roles
from matcher.store.service import sessions

router = APIRouter(tags=["login"])
LOGIN_COOKIE = SignedCookie("treffsikker-login")
"""Cookie with the state of a login while the person is at the provider."""
LOGIN_TIME_LIMIT = timedelta(minutes=10)
"""Time that a person has to log in at the provider."""
SEE_OTHER = HTTPStatus.SEE_OTHER
NextPath = Annotated[
    str | None, Query(alias="next", max_length=2000, description="Path to go on to afterwards.")
]
ROLE_NAMES = {
    Role.CASEWORKER: "saksbehandler",
    Role.POLICY_OWNER: "policyeier",
    Role.MUNICIPALITY: "kommune",
    Role.OPERATOR: "driftsansvarlig",
    Role.AUDITOR: "revisor",
}
"""Norwegian name of each role on the page for development."""
DEVELOPMENT_PAGE = Environment(autoescape=True).from_string(
    files("api.login").joinpath("development.html").read_text(encoding="utf-8")
)


@router.get("/", include_in_schema=False)
def redirect_root(settings: SettingsDep) -> RedirectResponse:
    """Redirect: in development to the page of the endpoints, elsewhere to the session."""
    return RedirectResponse("/docs" if settings.development else "/api/v1/session", SEE_OTHER)


@router.get("/login", include_in_schema=False)
async def start_login(
    request: Request, settings: SettingsDep, at: NowDep, onward: NextPath = None
) -> Response:
    """Redirect a person to the provider to log in."""
    request.app.state.rates.count_unauthenticated(request)
    provider = _provider(request)
    if provider is None:
        if not settings.development:
            raise _not_found_error()
        return RedirectResponse("/login/development", SEE_OTHER)
    request.scope["session"] = session = dict[str, Any]()
    answer = await provider.redirect_to_login(request)
    content = {"session": session, "next": local_path(onward)}
    LOGIN_COOKIE.set(answer, settings, content, at, at + LOGIN_TIME_LIMIT)
    return answer


@router.get("/login/done", include_in_schema=False)
async def finish_login(request: Request, settings: SettingsDep, at: NowDep) -> Response:
    """Start the session of a person who comes back from the provider."""
    request.app.state.rates.count_unauthenticated(request)
    provider = _provider(request)
    if provider is None:
        raise _not_found_error()
    begun = LOGIN_COOKIE.read(request) or {"session": {}, "next": "/"}
    request.scope["session"] = begun["session"]
    who = await provider.complete_login(request)
    answer = _start_session(request, settings, at, who, begun["next"])
    # A login can be completed only once.
    LOGIN_COOKIE.delete(answer, settings)
    return answer


@router.get("/login/development", include_in_schema=False, response_class=HTMLResponse)
def show_role_choice(settings: SettingsDep, onward: NextPath = None) -> HTMLResponse:
    """Show the roles to choose from, in development only."""
    if not settings.development:
        raise _not_found_error()
    page = DEVELOPMENT_PAGE.render(roles=ROLE_NAMES, onward=local_path(onward))
    return HTMLResponse(page)


@router.post("/login/development", include_in_schema=False)
def choose_development_role(
    request: Request,
    settings: SettingsDep,
    at: NowDep,
    role: Annotated[str, Form(max_length=40)],
    municipality: Annotated[str, Form(max_length=10)] = "",
    onward: Annotated[str, Form(alias="next", max_length=2000)] = "/",
) -> Response:
    """Start a session with the role that the person chose, in development only."""
    if not settings.development:
        raise _not_found_error()
    number = municipality or None if role == Role.MUNICIPALITY else None
    roles = parse_roles([role], number)
    identifier = f"person:development-{role.replace(' ', '-')}"
    who = Principal(identifier, role.capitalize(), roles, number)
    return _start_session(request, settings, at, who, onward)


@router.post("/logout", include_in_schema=False)
async def logout(request: Request, settings: SettingsDep) -> Response:
    """End a session, here and at the provider."""
    check_same_origin(request)
    provider = _provider(request)
    logout_url = None if provider is None else await provider.logout_url()
    answer = RedirectResponse(logout_url or "/", SEE_OTHER)
    end_session(answer, settings)
    return answer


@router.get("/api/v1/session", responses=problem_responses(HTTPStatus.UNAUTHORIZED))
def get_session(principal: Principal = allow(*Role)) -> CurrentSession:
    """Show the caller, and what the caller may do."""
    return CurrentSession(
        id=principal.id,
        name=principal.name,
        roles=sorted(principal.roles),
        municipality=principal.municipality,
    )


@router.post(
    "/api/v1/sessions/end",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problem_responses(
        HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY
    ),
)
def end_person_sessions(
    body: EndSessionsRequest,
    request: Request,
    store: StoreDep,
    at: NowDep,
    principal: Principal = allow(Role.OPERATOR),
) -> None:
    """End every session of a person, in all browsers; the person must log in again.

    A person who must not come in again has to lose the role at the provider first.
    """
    record_entry(request, principal, facts={"person": body.person, "reason": body.reason})
    sessions.end_sessions(store, body.person, at)


def local_path(path: str | None) -> str:
    """Return a path if it leads to a page of this service, otherwise the path of the first page."""
    plain = path is not None and path.isprintable() and "\\" not in path
    if plain and path is not None and path.startswith("/") and not path.startswith("//"):
        return path
    return "/"


def _not_found_error() -> RefusedError:
    """Build the 404 error for a page that is not switched on."""
    return RefusedError(HTTPStatus.NOT_FOUND, "Not Found")


def _provider(request: Request) -> IdentityProvider | None:
    provider: IdentityProvider | None = request.app.state.provider
    return provider


def _start_session(
    request: Request, settings: SettingsDep, at: NowDep, who: Principal, onward: str
) -> Response:
    record_entry(request, who, facts={"roles": sorted(who.roles), "municipality": who.municipality})
    answer = RedirectResponse(local_path(onward), SEE_OTHER)
    start_session(answer, settings, who, at)
    return answer
