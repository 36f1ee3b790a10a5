"""Schemas of proposals; of a household they show only what a municipality needs to answer."""

from datetime import date

from pydantic import BaseModel, Field

from api.access.disclosure import ShownHousehold
from api.events import EventRecord
from api.params import HouseholdId, IsoDay, MunicipalityNumber, ReasonText
from api.schemas import BilingualText, request_example, response_example
from matcher.store.household_state import Status


class HouseholdSketch(BaseModel):
    """What a municipality needs to know of a household before it answers."""

    ages: dict[str, int] = Field(description="Members by band of age, such as 0-5.")
    languages: list[str] = Field(description="Languages for which an interpreter is needed.")
    needs: list[str] = Field(description="Services that a member needs.")
    perhaps: list[str] = Field(description="Services of which it is not known.")
    earliest_move: date | None = Field(description="The first day it can move.")


class Proposal(BaseModel):
    """A household that a municipality is asked to settle, or has said yes to."""

    model_config = response_example(
        household="H-0042",
        municipality="0301",
        status="proposed",
        answer_by="2026-11-29",
        overdue=False,
        persons=4,
        minors=0,
        dwelling=None,
        linked=["H-0043"],
        decision=1042,
        sketch={
            "ages": {"0-5": 1, "6-15": 1, "18-29": 2},
            "languages": ["ar"],
            "needs": ["step_free"],
            "perhaps": ["lar"],
            "earliest_move": None,
        },
        version=1042,
    )

    household: ShownHousehold
    municipality: str | None
    status: Status
    answer_by: date | None = Field(description="The day by which the municipality should answer.")
    overdue: bool = Field(description="That day is over. Nothing lapses by itself.")
    persons: int
    minors: int = Field(description="Unaccompanied minors among them.")
    dwelling: str | None = Field(description="The home it is promised.")
    linked: list[str] = Field(description="Households that must come along.")
    decision: int | None = Field(description="The event that proposed, see decisions.")
    sketch: HouseholdSketch | None = Field(description="Null when erased.")
    version: int = Field(description="The household's latest event; the ETag.")


class ProposalPage(BaseModel):
    """A page of open proposals; those to be answered first come first."""

    items: list[Proposal]
    next: str | None = Field(description="Cursor of the next page; null on the last.")


class CreateProposalRequest(BaseModel):
    """The household to propose, and the municipality."""

    model_config = request_example(
        household="H-0042",
        municipality="0301",
        answer_by="2026-11-29",
        reason="brother lives there",
    )

    household: HouseholdId
    municipality: MunicipalityNumber
    answer_by: IsoDay | None = Field(
        None, description="The day by which to answer; the settings' days from today if left out."
    )
    reason: ReasonText | None = Field(
        None,
        description="Why; needed when it goes against the suggestion, a pin, a caseworker's ban or"
        " a rule. No reason overrides what keeps people from harm.",
    )


class AcceptProposalRequest(BaseModel):
    """A municipality's yes."""

    model_config = request_example(dwelling="0301-12")

    dwelling: HouseholdId | None = Field(None, description="The home it has in mind.")
    move_in: IsoDay | None = Field(
        None,
        description="The day to move in, whose year the places are of; the earliest if left out.",
    )
    reason: ReasonText = "the municipality says yes"


class DeclineProposalRequest(BaseModel):
    """A municipality's no; the household is not proposed there again."""

    model_config = request_example(reason="no school place before August")

    reason: ReasonText


class LapseProposalRequest(BaseModel):
    """The statement that no answer came in time."""

    model_config = request_example(reason="no answer came")

    reason: ReasonText = "no answer came"


class LapseResult(BaseModel):
    """Proposals to which no answer had come in time."""

    model_config = response_example(households=["H-0042", "H-0043"], answer_by="2026-11-21")

    households: list[ShownHousehold] = Field(
        description="Those that are ready again; there may be none."
    )
    answer_by: date = Field(description="All that had to be answered by this day have lapsed.")


class SettleProposalRequest(BaseModel):
    """The statement that the household has moved in."""

    model_config = request_example(reason="moved in")

    moved_in: IsoDay | None = Field(
        None, description="The day it moved in, whose year it counts in; today if left out."
    )
    reason: ReasonText = "moved in"


class ProposalChangeResult(BaseModel):
    """Proposals after a change, the requested one first, and the events that were recorded."""

    proposals: list[Proposal]
    events: list[EventRecord]
    municipality: str | None = Field(description="That the change is about.")
    year: int | None = Field(
        description="In which the households move in, or moved in; whose places are counted."
    )
    open: int | None = Field(description="Its open places of that year, after the change.")
    asked_for: int | None = Field(description="Persons for whom its answer is awaited.")
    warning: BilingualText | None = Field(
        description="When more is asked for than is open; null otherwise."
    )
    version: int = Field(description="Of the household that was asked for; the ETag.")
