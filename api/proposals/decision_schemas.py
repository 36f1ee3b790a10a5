"""Schemas of a decision: a proposal of any day, what was shown then, and what was chosen."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from api.events import EventRecord
from api.schemas import BilingualText, response_example
from matcher.domain.option import Option


class DecisionReason(BaseModel):
    """The reason that a rule or term gave: a code with facts, and as a sentence."""

    of: str = Field(description="Identifier of the rule or term.")
    title: BilingualText
    code: str
    facts: dict[str, str | int | float]
    sentence: BilingualText
    protects: bool = Field(description="Keeps people from harm; no reason overrides it.")


@dataclass(frozen=True, slots=True)
class DecisionOption(Option):
    """A municipality as it was shown. A thousand points is one expected stayer."""

    broken: list[DecisionReason]
    cautions: list[DecisionReason]
    reasons: list[DecisionReason]
    in_its_way: Annotated[
        list[str] | None,
        Field(
            description="Households of the plan of whom any one would make room; null with room."
        ),
    ]


class DecisionOverride(BaseModel):
    """What a proposal went against, and what this costs other households."""

    against: list[str] = Field(description="suggestion, ban, pin, link, or rules by identifier.")
    reason: str
    points: float | None = Field(description="Lost for everyone's good; null when not known.")


class Decision(BaseModel):
    """A proposal with what was known and shown when it was made."""

    model_config = response_example(
        household="H-0042",
        municipality="0301",
        day="2026-11-22",
        run="2026-11-22-night",
        summary={"nb": "Foreslått slik planen foreslo.", "en": "Proposed as the plan suggested."},
        suggested="0301",
        priced=True,
        considered=357,
        allowed=212,
        barred={"lar": 80},
        policy={"name": "default", "hash": "4f…"},
        stay_model={"name": "fafo-2025-14"},
        versions={"treffsikker": "0.1.0"},
        override=None,
        options=[],
    )

    event: EventRecord | None = Field(None, description="The proposal itself.")
    household: str = Field(description="With those linked to it, as A+B.")
    municipality: str
    day: date
    summary: BilingualText = Field(description="What happened, in a sentence.")
    run: str | None = Field(description="The night in force; null when none was complete.")
    policy: dict[str, str]
    stay_model: dict[str, str]
    versions: dict[str, str]
    suggested: str | None
    priced: bool
    considered: int = Field(description="Municipalities.")
    allowed: int = Field(description="Those that every rule allowed.")
    barred: dict[str, int] = Field(description="Municipalities barred by each rule.")
    override: DecisionOverride | None
    options: list[DecisionOption] = Field(description="What was shown, the best first.")
