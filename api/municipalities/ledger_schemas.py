"""Schemas of the ledger of a municipality for one year, and of requests that change one."""

from datetime import date
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field

from api.params import PRINTABLE_PATTERN, IsoDay, ReasonText
from api.schemas import request_example
from matcher.domain.answer import Answer
from matcher.domain.clauses import find_clause_topics
from matcher.domain.ledger import LEDGER_FIELDS, Ledger, LedgerGap

PersonCount = Annotated[int, Field(ge=0, le=100_000)]
CaseReference = Annotated[str, Field(min_length=1, max_length=100, pattern=PRINTABLE_PATTERN)]
LedgerYear = Annotated[int, Field(ge=2000, le=2100)]
ClauseText = Annotated[str, Field(min_length=1, max_length=2000, pattern=PRINTABLE_PATTERN)]
LEDGER_EXAMPLE: dict[str, Any] = {
    "year": 2026,
    "requested": 120,
    "decided": 100,
    "settled": 60,
    "promised": 12,
    "extra": 0,
    "minors_requested": 5,
    "minors_decided": 5,
    "minors_settled": 2,
    "minors_promised": 1,
    "receive_now": 20,
    "decided_on": "2025-12-11",
    "decision_case": "2025/114",
    "answer_by": "2026-02-25",
    "new_case": "yes",
    "clauses": None,
    "clause_topics": [],
    "open": 28,
    "minors_open": 2,
    "missing": None,
    "minors_missing": None,
}
GAP_WORDS: dict[LedgerGap, str | None] = {
    LedgerGap.NONE: None,
    LedgerGap.NOT_ASKED: "not asked",
    LedgerGap.DECISION: "decision",
    LedgerGap.SETTLED: "settled",
    LedgerGap.PROMISED: "promised",
}
GAP_DESCRIPTION = (
    "Why no place is open though none is used: not asked, or which of decision, settled and "
    "promised is not known; null when all are."
)


class MunicipalityLedger(BaseModel):
    """Capacity for a year, in persons; unaccompanied minors are included in the persons.

    A number is null when it is not known, which is not 0.
    """

    model_config = ConfigDict(
        from_attributes=True, json_schema_extra={"examples": [LEDGER_EXAMPLE]}
    )

    year: int
    requested: int | None = Field(description="What IMDi asked for (anmodning); 0: not asked.")
    decided: int | None = Field(description="What the council decided (vedtak).")
    settled: int | None = Field(description="Settled in the year (bosatt).")
    promised: int | None = Field(description="Promised and not yet settled (lovet).")
    extra: int | None = Field(description="How many more the council says it could take.")
    minors_requested: int | None
    minors_decided: int | None
    minors_settled: int | None
    minors_promised: int | None
    receive_now: int | None = Field(description="Persons it can receive at present, if it said.")
    decided_on: date | None = Field(description="Day of the council's decision.")
    decision_case: str | None = Field(description="The council's reference of the case.")
    answer_by: date | None = Field(description="Day by which the council was asked to answer.")
    new_case: str = Field(description="Whether it wants a new case before it takes any more.")
    clauses: str | None = Field(description="What the council's text says; never a rule.")
    clause_topics: list[str] = Field(
        description="What it says that no decision may have conditions about: nationality, family."
    )
    open: int | None = Field(description="Decided minus settled minus promised, if all are known.")
    minors_open: int | None
    missing: str | None = Field(description=GAP_DESCRIPTION)
    minors_missing: str | None

    @classmethod
    def of(cls, ledger: Ledger, year: int) -> Self:
        """Convert a ledger to the form that the service shows."""
        return cls(
            year=year,
            **{name: getattr(ledger, name) for name in LEDGER_FIELDS if name != "new_case"},
            new_case=ledger.new_case.name.lower(),
            clause_topics=[str(topic) for topic in find_clause_topics(ledger.clauses)],
            open=ledger.open,
            minors_open=ledger.minors_open,
            missing=GAP_WORDS[ledger.gap],
            minors_missing=GAP_WORDS[ledger.minors_gap],
        )


class UpdateLedgerRequest(BaseModel):
    """New values of a ledger; one that is left out stays as it is, and null takes one back.

    Settled and promised count everyone.
    """

    model_config = request_example(
        reason="the council decided anew",
        decided=110,
        decided_on="2026-11-19",
        decision_case="2026/231",
    )

    reason: ReasonText
    year: LedgerYear | None = Field(
        None, description="Year of the ledger, which must be open; left out, the running year."
    )
    requested: PersonCount | None = None
    decided: PersonCount | None = None
    settled: PersonCount | None = None
    promised: PersonCount | None = None
    extra: PersonCount | None = None
    minors_requested: PersonCount | None = None
    minors_decided: PersonCount | None = None
    minors_settled: PersonCount | None = None
    minors_promised: PersonCount | None = None
    receive_now: PersonCount | None = None
    decided_on: IsoDay | None = None
    decision_case: CaseReference | None = None
    answer_by: IsoDay | None = None
    new_case: str = Field("unknown", pattern="^(yes|no|unknown)$")
    clauses: ClauseText | None = None

    def changes(self) -> dict[str, Any]:
        """Return the values that the request states, as the ledger holds them."""
        stated = self.model_dump(exclude_unset=True, exclude={"reason", "year"})
        if "new_case" in stated:
            stated["new_case"] = Answer[stated["new_case"].upper()]
        return stated


class BeginYearRequest(BaseModel):
    """A year that begins in every ledger; the ledger of the year before stays open."""

    model_config = request_example(reason="requests for 2027 are sent", year=2027)

    reason: ReasonText
    year: LedgerYear


class LedgerYearResult(BaseModel):
    """In how many municipalities a year was begun, and in how many it had begun before."""

    year: int
    begun: int
    already: int
