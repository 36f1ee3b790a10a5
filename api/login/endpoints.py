"""Logging in at the provider, or in development without one; logging out; who one is."""

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
from matcher.store.database.sessions import end_sessions

router = APIRouter(tags=["login"])
BEGUN = SignedCookie("treffsikker-login")
"""Holds what must be the same when someone comes back from the provider."""
TO_COME_BACK = timedelta(minutes=10)
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
"""What a role is called on the page."""
PAGE = Environment(autoescape=True).from_string(
    files("api.login").joinpath("development.html").read_text(encoding="utf-8")
)


@router.get("/", include_in_schema=False)
def first_page(settings: SettingsHere) -> RedirectResponse:
    """Lead on: in development to the page of the endpoints, elsewhere to who one is."""
    return RedirectResponse("/docs" if settings.development else "/api/v1/session", SEE_OTHER)


@router.get("/login", include_in_schema=False)
async def login(
    request: Request, settings: SettingsHere, now: Now, onward: Next = None
) -> Response:
    """Send someone to the provider to log in."""
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
    """Let someone in who comes back from the provider."""
    request.app.state.rates.count_unknown(request)
    provider = _provider(request)
    if provider is None:
        raise not_found()
    begun = BEGUN.read(request) or {"session": {}, "next": "/"}
    request.scope["session"] = begun["session"]
    who = await provider.welcome(request)
    answer = _let_in(request, settings, now, who, begun["next"])
    # A login is completed once.
    BEGUN.delete(answer, settings)
    return answer


@router.get("/login/development", include_in_schema=False, response_class=HTMLResponse)
def choose(settings: SettingsHere, onward: Next = None) -> HTMLResponse:
    """Offer the roles, in development only."""
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
    """Let someone in with the role of their choice, in development only."""
    if not settings.development:
        raise not_found()
    of = municipality or None if role == Role.MUNICIPALITY else None
    roles = checked_roles([role], of)
    who = Principal(f"person:development-{role.replace(' ', '-')}", role.capitalize(), roles, of)
    return _let_in(request, settings, now, who, onward)


@router.post("/logout", include_in_schema=False)
async def logout(request: Request, settings: SettingsHere) -> Response:
    """End a session, here and at the provider."""
    check_origin(request)
    provider = _provider(request)
    elsewhere = None if provider is None else await provider.farewell()
    answer = RedirectResponse(elsewhere or "/", SEE_OTHER)
    end_session(answer, settings)
    return answer


@router.get("/api/v1/session", responses=responses(HTTPStatus.UNAUTHORIZED))
def session(request: Request, who: Principal = allow(*Role)) -> SessionTold:
    """Tell who one is, and the token that changes by this session need."""
    token = request.state.csrf_token if who.by_cookie else None
    return SessionTold(
        id=who.id, name=who.name, roles=sorted(who.roles), municipality=who.municipality,
        csrf_token=token,
    )  # fmt: skip


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
    """End every session of a person, in all browsers; they are asked to log in with the next page.

    Who must not come in again loses their role at the provider first.
    """
    note(request, who, facts={"person": body.person, "reason": body.reason})
    end_sessions(store, body.person, now)


def _provider(request: Request) -> Provider | None:
    found: Provider | None = request.app.state.provider
    return found


def _let_in(
    request: Request, settings: SettingsHere, now: Now, who: Principal, onward: str
) -> Response:
    note(request, who, facts={"roles": sorted(who.roles), "municipality": who.municipality})
    answer = RedirectResponse(local_path(onward), SEE_OTHER)
    begin_session(answer, settings, who, now)
    return answer
