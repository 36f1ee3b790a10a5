"""Schemas of municipalities, and of requests that change one."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from api.access.disclosure import ShownHousehold
from api.municipalities.ledger_schemas import MunicipalityLedger, PersonCount
from api.params import PRINTABLE_PATTERN, IsoDay, ReasonText
from api.schemas import request_example
from matcher.domain.answer import Answer
from matcher.domain.planned_week import monday_of


class MunicipalityAlarm(BaseModel):
    """Something in a ledger that a person must look at."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {"kind": "over-promised", "municipality": "0301", "persons": 2, "household": None}
            ]
        },
    )

    kind: str = Field(
        description="over-promised, minors over-promised, not reported, understated, size changed, "
        "or protected."
    )
    municipality: str
    persons: int = Field(description="By how many.")
    household: ShownHousehold | None = Field(description="Which household, when it is about one.")


class MunicipalitySummary(BaseModel):
    """A municipality in a list."""

    number: str
    name: str
    county: str
    landsdel: str
    ledger: MunicipalityLedger
    dwellings_free: int | None = Field(
        description="Free homes on its list; null when it has not listed any."
    )
    dwellings_complete: str = Field(
        description="Whether it has no other free homes than those on its list: yes, no or unknown."
    )
    proposals: int = Field(description="Households that wait for its answer.")
    asked_for: int = Field(
        description="Persons for whom its answer is awaited; of the open places, or more."
    )
    minors_asked_for: int = Field(description="Unaccompanied minors among them.")
    version: int = Field(description="Its latest event; the ETag.")


class MunicipalityPage(BaseModel):
    """A page of municipalities, by number."""

    items: list[MunicipalitySummary]
    next: str | None = Field(description="Cursor of the next page; null on the last.")


class DwellingFacts(BaseModel):
    """A dwelling."""

    model_config = ConfigDict(
        from_attributes=True,
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "id": "0301-12",
                    "beds": 4,
                    "step_free": "yes",
                    "available_from": "2026-12-15",
                    "place": "Sagene",
                }
            ]
        },
    )

    id: Annotated[str, Field(min_length=1, max_length=100, pattern=PRINTABLE_PATTERN)]
    beds: int = Field(ge=1, le=50, description="Persons it houses.")
    step_free: str = Field("unknown", pattern="^(yes|no|unknown)$")
    available_from: IsoDay | None = Field(None, description="First day it is free; null means now.")
    place: Annotated[str, Field(min_length=1, max_length=100, pattern=PRINTABLE_PATTERN)] | None = (
        None
    )


class DwellingDetail(DwellingFacts):
    """A dwelling, and the household that it is promised to."""

    model_config = ConfigDict(from_attributes=True, extra="forbid")

    household: ShownHousehold | None = Field(description="Who is promised it or lives there.")


class PlannedWeekFacts(BaseModel):
    """A week of a municipality's plan."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"week": "2026-W50", "persons": 5}]}
    )

    week: str = Field(
        pattern=r"^2[0-9]{3}-W(0[1-9]|[1-4][0-9]|5[0-3])$", description="ISO week with its year."
    )
    persons: PersonCount = Field(
        description="Persons it can receive in that week, beside those it has promised."
    )

    @field_validator("week")
    @classmethod
    def _in_its_year(cls, week: str) -> str:
        try:
            monday_of(week)
        except ValueError as error:
            raise ValueError(f"{week} is a week that its year does not have") from error
        return week


class MunicipalityDetail(MunicipalitySummary):
    """A municipality with ledger, dwellings, services and households that wait for its answer."""

    ledgers: list[MunicipalityLedger] = Field(
        description="Of every year that was opened; a promise that its year has not settled has "
        "gone on to the running year."
    )
    earliest: date | None = Field(description="First day it can receive anyone; null means now.")
    services: dict[str, str] = Field(description="Each service: yes, no or unknown.")
    interpreter_languages: list[str] | None = Field(description="Null when not known.")
    hospitals: list[str]
    dwellings: list[DwellingDetail]
    weeks: list[PlannedWeekFacts] = Field(
        description="Its plan by weeks, as last stated; empty when it has none."
    )
    proposed: list[ShownHousehold] = Field(description="Households that wait for its answer.")
    alarms: list[MunicipalityAlarm]


class ReplaceDwellingsRequest(BaseModel):
    """The dwellings of a municipality, including those that are promised."""

    model_config = request_example(
        reason="homes rented for December",
        dwellings=[{"id": "0301-12", "beds": 4, "step_free": "yes"}],
    )

    reason: ReasonText
    dwellings: list[DwellingFacts] = Field(max_length=5000)
    complete: bool | None = Field(
        None,
        description="Whether it has no other free homes: only then does a household wait for one of"
        " these. Left out, it stays as it was last said.",
    )


class ReplaceWeeksRequest(BaseModel):
    """The plan by weeks of a municipality; a week that is not in it is not known."""

    model_config = request_example(
        reason="a new plan for the winter",
        weeks=[{"week": "2026-W50", "persons": 5}, {"week": "2026-W51", "persons": 0}],
    )

    reason: ReasonText
    weeks: list[PlannedWeekFacts] = Field(max_length=520)


def answer_word(answer: Answer) -> str:
    """Return an answer as a word in lower case."""
    return answer.name.lower()
