"""The endpoint that starts a what-if: tonight's plan under changed circumstances."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.access import Principal, Role, allow, shows_none
from api.answers import LISTED
from api.context import Now, StoreHere
from api.examples import asked
from api.once import OnceHere
from api.problems import RefusedError, responses
from api.runs.schemas import RunShown, shown
from api.words import HouseholdId, MunicipalityNumber
from matcher.what_if import Changes
from matcher.working.in_force import last_night
from matcher.working.what_if import Asked, ask_what_if

router = APIRouter(prefix="/api/v1/what-if", tags=["runs"])
Number = Annotated[int, Field(ge=0, le=1_000_000)]


class BanAsked(BaseModel):
    """A municipality where a household must not be placed."""

    model_config = asked(household="H-0042", municipality="0301")

    household: HouseholdId
    municipality: MunicipalityNumber


class WhatIfAsked(BaseModel):
    """The changes to try out; a value that is left out stays as it is."""

    model_config = asked(
        ledgers={"0301": {"decided": 60}},
        parameters={"terms.speed.person_days_per_stayer": 120},
    )

    ledgers: dict[MunicipalityNumber, dict[str, Number | None]] = Field(
        {}, description="Numbers of municipalities' ledgers, by number and name.", max_length=400
    )
    policy: str | None = Field(None, max_length=60, description="Another policy, by name.")
    parameters: dict[str, Any] = Field(
        {}, description="Weights and parameters, as in `terms.speed.child`.", max_length=100
    )
    off: list[str] = Field([], description="Rules and terms that are switched off.", max_length=100)
    pins: dict[HouseholdId, MunicipalityNumber] = Field(
        {}, description="Where households must come.", max_length=1000
    )
    bans: list[BanAsked] = Field([], description="Where households must not come.", max_length=1000)
    seconds: float = Field(120, ge=1, le=600, description="Time limit of the solver.")

    def changes(self) -> Changes:
        """Convert the changes to the form of the library."""
        bans = tuple((ban.household, ban.municipality) for ban in self.bans)
        return Changes(self.ledgers, self.policy, self.parameters, tuple(self.off), self.pins, bans)


@router.post(
    "",
    status_code=HTTPStatus.ACCEPTED,
    response_model=RunShown,
    responses=LISTED | responses(HTTPStatus.CONFLICT),
    dependencies=[shows_none("the answer is a run, which shows households to those who may")],
)
def ask(
    asked: WhatIfAsked,
    store: StoreHere,
    now: Now,
    once: OnceHere,
    who: Principal = allow(Role.POLICY_OWNER, Role.CASEWORKER),
) -> Response:
    """Start a what-if run; its output `difference` shows what would be different tonight.

    The run plans the last complete night again with the changes, and compares the two plans:
    persons placed, points by term, expected stayers, municipalities that get more or fewer, and a
    text in both languages. Its output `moves` names the households, for those who may see them.
    """
    night = last_night(store)
    if night is None:
        raise RefusedError(HTTPStatus.CONFLICT, "there is no complete night yet to compare with")
    if (asked.pins or asked.bans) and Role.CASEWORKER not in who.roles:
        raise RefusedError(
            HTTPStatus.FORBIDDEN, "pins and bans name households: this takes the role caseworker"
        )
    parameters = Asked(night.run.id, asked.changes(), asked.seconds)

    def enqueue_run() -> RunShown:
        run = ask_what_if(store, parameters, night, at=now, by=who.id)
        return RunShown(**shown(run, whole=True))

    return once(enqueue_run, HTTPStatus.ACCEPTED)
