"""An application with an endpoint of each kind, for what holds of any."""

from http import HTTPStatus

from fastapi import APIRouter, FastAPI, Response
from pydantic import BaseModel

from api import create_app
from api.access.disclosure import Disclosure, ShownHousehold, discloses, discloses_none
from api.access.guard import allow
from api.access.principal import Principal
from api.access.routes import include_router
from api.problems import RefusedError
from matcher.domain.roles import Role

router = APIRouter(prefix="/api/v1/made-up")
WHO = allow(Role.CASEWORKER, Role.POLICY_OWNER)


class Named(BaseModel):
    """A household."""

    household: ShownHousehold


class Counted(BaseModel):
    """How many there are."""

    households: int


@router.get("/households/{household}")
def read(household: str, who: Principal = WHO) -> Named:
    if household == "nobody":
        raise RefusedError(HTTPStatus.NOT_FOUND, "there is no such household")
    return Named(household=household)


@router.post("/households/{household}/proposals/{proposal}")
def change(household: str, proposal: str, who: Principal = WHO) -> Named:
    return Named(household=household)


@router.get("/households")
def several(names: str, who: Principal = WHO, seen: Disclosure = discloses()) -> list[Named]:
    answer = [Named(household=name) for name in names.split()]
    seen.record(answer)
    return answer


@router.put("/municipalities/{municipality}/ledger")
def settle(municipality: str, who: Principal = WHO) -> Counted:
    return Counted(households=1)


@router.get("/plan")
def whole(who: Principal = WHO, seen: Disclosure = discloses()) -> Response:
    seen.record_all(run="n1")
    return Response("H1,0301")


@router.get("/kept-to-itself")
def silent(who: Principal = WHO, seen: Disclosure = discloses()) -> list[Named]:
    return [Named(household="H1")]


@router.get("/count", dependencies=[discloses_none("a number")])
def count(who: Principal = WHO) -> Counted:
    return Counted(households=1)


@router.get("/broken", dependencies=[discloses_none("nothing")])
def broken(who: Principal = WHO) -> Counted:
    raise ZeroDivisionError


careless = APIRouter(prefix="/careless")


@careless.get("/open")
def names_no_role() -> Counted:
    return Counted(households=1)


@careless.get("/list")
def names_households(who: Principal = WHO) -> list[Named]:
    return []


@careless.get("/file")
def sends_a_file(who: Principal = WHO) -> Response:
    return Response("H1,0301")


@careless.get("/anything")
def says_anything(who: Principal = WHO) -> dict:
    return {}


@careless.get("/households/{id}")
def calls_it_otherwise(id: str, who: Principal = WHO) -> Counted:
    return Counted(households=1)


def app_with(*routers: APIRouter, **options) -> FastAPI:
    """The application with further endpoints."""
    app = create_app(**options)
    for one in routers:
        include_router(app, one)
    return app
