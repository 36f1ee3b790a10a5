"""Schemas of households, and of requests that change one."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.access.disclosure import ShownHousehold
from api.events import EventRecord
from api.households.fact_schemas import FullHouseholdFacts, HouseholdFacts, MemberFacts
from api.params import MunicipalityNumber, ReasonText
from api.schemas import request_example, response_example
from matcher.domain.household import BanReason
from matcher.store.household_state import Status

HOUSEHOLD_EXAMPLE = {
    "id": "H-0042",
    "status": "ready",
    "persons": 4,
    "minors": 0,
    "ready_since": "2026-08-30",
    "days_waited": 84,
    "today": "2026-11-22",
    "deadline": "2026-12-01",
    "municipality": None,
    "answer_by": None,
    "version": 1042,
}
REASON_EXAMPLE = {"reason": "brother lives there"}


class HouseholdSummary(BaseModel):
    """A household in a list."""

    model_config = response_example(**HOUSEHOLD_EXAMPLE)

    id: ShownHousehold = Field(description="Opaque identifier.")
    status: Status = Field(description="Where it is on its way.")
    persons: int = Field(description="Members.")
    minors: int = Field(description="Unaccompanied minors among them.")
    ready_since: date | None = Field(description="Settlement-ready date; null when erased.")
    days_waited: int | None = Field(description="Days from then to today.")
    today: date = Field(description="The day to which days are counted.")
    deadline: date | None = Field(description="The day by which it should be settled.")
    municipality: str | None = Field(description="Where it is proposed, promised or settled.")
    answer_by: date | None = Field(description="The day by which the municipality should answer.")
    version: int = Field(description="Its latest event; the ETag.")


class HouseholdPage(BaseModel):
    """A page of households, the longest waiting first."""

    items: list[HouseholdSummary]
    next: str | None = Field(description="Cursor of the next page; null on the last.")


class MunicipalityBan(BaseModel):
    """A municipality where the household must not be placed, and why."""

    municipality: MunicipalityNumber
    reason: BanReason


class HouseholdDetail(HouseholdSummary):
    """A household with all its facts."""

    model_config = response_example(
        **HOUSEHOLD_EXAMPLE,
        dwelling=None,
        pinned_to=None,
        bans=[],
        linked=["H-0043"],
        facts={"ready_since": "2026-08-30", "members": [{"id": "H-0042/1", "age": 34}]},
    )

    dwelling: str | None = Field(description="The home it is promised.")
    pinned_to: str | None = Field(description="The municipality that a person has decided.")
    bans: list[MunicipalityBan] = Field(description="Municipalities that are ruled out.")
    linked: list[str] = Field(description="Households that must come to the same municipality.")
    facts: FullHouseholdFacts | None = Field(description="What is known; null when erased.")


class ReasonRequest(BaseModel):
    """The reason for a change."""

    model_config = request_example(**REASON_EXAMPLE)

    reason: ReasonText


class PinHouseholdRequest(ReasonRequest):
    """The municipality where a household must be placed, and the reason."""

    model_config = request_example(municipality="0301", **REASON_EXAMPLE)

    municipality: MunicipalityNumber


class BanHouseholdRequest(ReasonRequest):
    """The municipality where a household must not be placed, and the reason."""

    model_config = request_example(municipality="0301", why="caseworker", **REASON_EXAMPLE)

    municipality: MunicipalityNumber
    why: BanReason = Field(
        BanReason.CASEWORKER,
        description="What kind: a ban for security or address protection cannot be overridden,"
        " a municipality's no (refused) only by lifting it.",
    )


class UpdateHouseholdRequest(BaseModel):
    """New facts of a household; a fact that is left out stays as it is."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "reason": "hospital appointment moved",
                    "facts": {"deadline": "2026-12-01"},
                    "members": [{"id": "H-0042/1", "hospital_minutes": 45}],
                }
            ]
        },
    )

    reason: ReasonText
    facts: HouseholdFacts = Field(
        default_factory=HouseholdFacts, description="Of the household as a whole."
    )
    members: list[MemberFacts] = Field(
        [], max_length=20, description="New facts of members, by identifier."
    )
    added: list[MemberFacts] = Field(
        [], max_length=20, description="New members, with identifiers of their own."
    )
    removed: list[Annotated[str, Field(max_length=100)]] = Field(
        [], max_length=20, description="Members that are no longer in the household."
    )


class HouseholdErasure(BaseModel):
    """How much of what was stored about a household was erased."""

    model_config = response_example(contents=4, outputs=2, answers=1, version=1050)

    contents: int = Field(description="Descriptions of every day, and traces of its proposals.")
    outputs: int = Field(description="Outputs of runs that named it.")
    answers: int = Field(description="Answers that were kept to be given again.")
    version: int = Field(description="Of the household; the ETag.")


class HouseholdWarning(BaseModel):
    """What does not go together about a household and was recorded all the same."""

    model_config = ConfigDict(from_attributes=True)

    code: str = Field(description="What kind.", examples=["pinned_to.rule"])
    household: ShownHousehold
    member: str | None = Field(description="The member that it is about, if it is about one.")
    field: str = Field(description="What to look at.", examples=["pinned_to"])
    nb: str = Field(description="A sentence in Norwegian bokmål.")
    en: str = Field(description="The same in English.")


class HouseholdChangeResult(BaseModel):
    """Households after a change, and the events that were recorded."""

    households: list[HouseholdDetail]
    warnings: list[HouseholdWarning] = Field(description="What does not go together now.")
    events: list[EventRecord]
    version: int = Field(description="Of the household that was asked for; the ETag.")
