"""The endpoint that starts a what-if: tonight's plan under changed circumstances."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.access.disclosure import discloses_none
from api.access.guard import allow
from api.access.principal import Principal
from api.dependencies import NowDep, StoreDep
from api.params import HouseholdId, MunicipalityNumber
from api.problems import LIST_ERRORS, RefusedError, problem_responses
from api.runs.schemas import RunSummary, run_fields
from api.schemas import request_example
from api.writes import IdempotentWriterDep
from matcher.analysis.what_if import QUESTIONS, WhatIfChanges, WhatIfQuestion
from matcher.domain.roles import Role
from matcher.jobs.in_force import latest_night
from matcher.jobs.what_if import WhatIfParameters, enqueue_what_if

router = APIRouter(prefix="/api/v1/what-if", tags=["runs"])
LedgerNumber = Annotated[int, Field(ge=0, le=1_000_000)]


class WhatIfBan(BaseModel):
    """A municipality where a household must not be placed."""

    model_config = request_example(household="H-0042", municipality="0301")

    household: HouseholdId
    municipality: MunicipalityNumber


class WhatIfRequest(BaseModel):
    """The changes to try out; a value that is left out stays as it is."""

    model_config = request_example(
        ledgers={"0301": {"decided": 60}},
        parameters={"terms.speed.person_days_per_stayer": 120},
    )

    ledgers: dict[MunicipalityNumber, dict[str, LedgerNumber | None]] = Field(
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
    bans: list[WhatIfBan] = Field(
        [], description="Where households must not come.", max_length=1000
    )
    questions: list[WhatIfQuestion] = Field(
        list(QUESTIONS),
        min_length=1,
        max_length=len(QUESTIONS),
        description="`steady`: tonight's plan, changed as little as it must, as the next night "
        "would; `afresh`: planned without tonight's suggestions.",
    )
    seconds: float = Field(
        120, ge=1, le=600, description="Time limit of the solver, for each question."
    )

    def changes(self) -> WhatIfChanges:
        """Convert the changes to the form of the library."""
        bans = tuple((ban.household, ban.municipality) for ban in self.bans)
        return WhatIfChanges(
            self.ledgers, self.policy, self.parameters, tuple(self.off), self.pins, bans
        )


@router.post(
    "",
    status_code=HTTPStatus.ACCEPTED,
    response_model=RunSummary,
    responses=LIST_ERRORS | problem_responses(HTTPStatus.CONFLICT),
    dependencies=[discloses_none("the answer is a run, which shows households to those who may")],
)
def start_what_if(
    body: WhatIfRequest,
    store: StoreDep,
    at: NowDep,
    apply_once: IdempotentWriterDep,
    principal: Principal = allow(Role.POLICY_OWNER, Role.CASEWORKER),
) -> Response:
    """Start a what-if run; its output `difference` shows what would be different tonight.

    The run plans the last complete night again with the changes, once as the next night would and
    once afresh, and sets each plan beside tonight's: expected stayers, days, persons,
    municipalities that get more or fewer, other limits that hold back, and a text in both
    languages. Points that differ only because targets moved are told apart. The output `moves`
    names the households, for those who may see them.
    """
    night = latest_night(store)
    if night is None:
        raise RefusedError(HTTPStatus.CONFLICT, "there is no complete night yet to compare with")
    if (body.pins or body.bans) and Role.CASEWORKER not in principal.roles:
        raise RefusedError(
            HTTPStatus.FORBIDDEN, "pins and bans name households: this takes the role caseworker"
        )
    questions = tuple(dict.fromkeys(body.questions))
    parameters = WhatIfParameters(night.run.id, body.changes(), body.seconds, questions)

    def enqueue_run() -> RunSummary:
        run = enqueue_what_if(store, parameters, night, at=at, asked_by=principal.id)
        return RunSummary(**run_fields(run, detailed=True))

    return apply_once(enqueue_run, HTTPStatus.ACCEPTED)
