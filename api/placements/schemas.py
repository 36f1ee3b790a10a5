"""Schemas of ranked placements, for OpenAPI.

The service does not validate its answers with these models: validating 357 options would take
longer than ranking them.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from api.schemas import response_example
from matcher.domain.household import WishKind
from matcher.domain.option import Option
from matcher.ranking.wish_answers import WishOutcome

NIGHT_EXAMPLE = {
    "run": "night-2026-11-22-1",
    "day": "2026-11-22",
    "ended_at": "2026-11-22T02:41:07+01:00",
    "days_old": 0,
    "based_on": 1040,
    "policy": {"name": "default", "hash": "3f1b9c"},
}
REASON_EXAMPLE = {
    "rule": "lar",
    "code": "lar.missing",
    "facts": {"municipality": "Utsira"},
    "text": "Utsira does not offer LAR.",
}
OPTION_EXAMPLE = {
    "municipality": "0301",
    "name": "Oslo",
    "county": "Oslo",
    "allowed": True,
    "rank": 1,
    "own_rank": 3,
    "net": 2011.4,
    "points": 2431.0,
    "by_term": {"stay": 2764.0, "speed": -333.0, "stability": 0.0},
    "dispersion": {"plan_adherence": -12.6},
    "cost": {"places_this_year": 407.0},
    "stay": 0.69,
    "stay_low": 0.64,
    "stay_high": 0.74,
    "open_places": 120,
    "asked_for": 11,
    "left": 3,
    "earliest": "2026-12-22",
    "wishes_met": [0],
    "broken": [],
    "cautions": [],
    "displaced": None,
    "reasons": None,
}

WISH_EXAMPLE = {
    "household": "H-0042",
    "kind": "county",
    "value": "46",
    "wanted": True,
    "place": "Vestland",
    "outcome": "possible",
    "planned": True,
    "suggested": "0301",
    "best": "4601",
    "points": -121.0,
    "days": 14,
    "has_room": True,
    "answering": 43,
    "barred_by": {},
    "wish": "Wishes to go to Vestland county.",
    "answer": "Possible in Bergen: costs 121 points for everyone against Oslo, moving in 14 days"
    " later.",
}


class RankingReason(BaseModel):
    """What a rule or term says, as a code with facts and in words."""

    model_config = response_example(**REASON_EXAMPLE)

    rule: str = Field(description="Identifier of the rule or term.")
    code: str = Field(description="Names the text in every language.")
    facts: dict[str, str | int | float] = Field(description="The facts of the case.")
    text: str = Field(description="The same in a sentence.")


class DisplacedUnits(BaseModel):
    """The households of the plan that would have to make room."""

    one_of: list[str] = Field(
        description="Units of whom any one would make room; empty when several must leave."
    )


@dataclass(frozen=True, slots=True)
class RankingOption(Option):
    """A municipality as an option for a household; a thousand points are one expected stayer."""

    __pydantic_config__: ClassVar[ConfigDict] = response_example(**OPTION_EXAMPLE)

    broken: Annotated[list[RankingReason], Field(description="Rules that bar it.")]
    cautions: Annotated[
        list[RankingReason],
        Field(description="What is not known that its being allowed rests on."),
    ]
    displaced: Annotated[
        DisplacedUnits | None,
        Field(description="Who would have to make way; null when there is room, or it is barred."),
    ]
    reasons: Annotated[
        list[RankingReason] | None,
        Field(description="What the points rest on; only where one municipality is asked about."),
    ]


class AnsweredWish(BaseModel):
    """A stated wish, and the answer: what it would cost to meet it, or why it is not possible."""

    model_config = response_example(**WISH_EXAMPLE)

    household: str = Field(description="Who has stated it, of those that are linked.")
    kind: WishKind
    value: str = Field(description="A number, a landsdel, or a class of centrality.")
    wanted: bool = Field(description="False for a place to avoid.")
    place: str = Field(description="Its name; as stated, where there is no such place.")
    outcome: WishOutcome = Field(
        description="met by the suggestion, possible elsewhere, barred wherever it would be met,"
        " nowhere when no municipality would meet it, unknown when none is known to."
    )
    planned: bool = Field(description="The suggestion is the plan's; else it is the first choice.")
    suggested: str | None = Field(description="The municipality that the answer compares with.")
    best: str | None = Field(description="The best municipality that would meet it.")
    points: float | None = Field(description="For everyone, gained (above 0) or lost by that.")
    days: int | None = Field(description="Later (above 0) or sooner to move in.")
    has_room: bool = Field(description="The rest of the plan leaves room there.")
    answering: int = Field(description="Municipalities that would meet it, barred or not.")
    barred_by: dict[str, int] = Field(
        description="When all are barred: how many of them by each rule, most first."
    )
    wish: str = Field(description="The wish in a sentence.")
    answer: str = Field(description="The answer in a sentence or two.")


class PolicyReference(BaseModel):
    """The policy of a night."""

    name: str
    hash: str


class RankingNight(BaseModel):
    """The night whose plan and prices a ranking uses."""

    model_config = response_example(**NIGHT_EXAMPLE)

    run: str
    day: date = Field(description="The day it planned for.")
    ended_at: datetime
    days_old: int = Field(description="Days from that day to today.")
    based_on: int = Field(description="The latest event it knew of.")
    policy: PolicyReference


class RankingNoteText(BaseModel):
    """Something that a reader of the ranking must know."""

    code: str
    text: str


class RankingBasis(BaseModel):
    """The data on which an answer is based."""

    household: str = Field(description="The one asked about.")
    linked: list[str] = Field(description="Households that must come along.")
    day: date = Field(description="Today.")
    version: int = Field(description="The latest event that was taken in.")
    night: RankingNight | None = Field(description="Null before the first complete night.")
    notes: list[RankingNoteText] = Field(description="Most important first.")
    priced: bool = Field(description="Whether places have prices.")
    planned: str | None = Field(description="Where the plan, as it still stands, has it.")
    wishes: list[AnsweredWish] = Field(description="Stated wishes, each with its answer.")
    titles: dict[str, str] = Field(description="Names of the rules and terms.")


BASIS_EXAMPLE = {
    "household": "H-0042",
    "linked": [],
    "day": "2026-11-22",
    "version": 1042,
    "night": NIGHT_EXAMPLE,
    "notes": [
        {
            "code": "changed since",
            "text": "What is known of the household is newer than the night: the plan rests on the"
            " old facts, the ranking on the new.",
        }
    ],
    "priced": True,
    "planned": "0301",
    "wishes": [WISH_EXAMPLE],
    "titles": {"stay": "Expected stayers", "lar": "LAR where it is needed"},
}


class PlacementRanking(RankingBasis):
    """Ranked placements of a household."""

    model_config = response_example(
        **BASIS_EXAMPLE, considered=357, allowed=212, options=[OPTION_EXAMPLE]
    )

    considered: int = Field(description="Municipalities.")
    allowed: int = Field(description="Those that every rule allows.")
    options: list[RankingOption] = Field(description="Best first; barred ones, if asked for, last.")


class PlacementRequirement(BaseModel):
    """A rule that bars municipalities, and what relaxing this rule alone would open."""

    rule: str
    bars: int = Field(description="Municipalities that it bars.")
    opens: int = Field(description="Municipalities that would be open, with room beside the plan.")
    places: int = Field(description="Places there that the plan leaves, in persons.")


class AlternativeComparison(BaseModel):
    """Why a household is not placed in a municipality."""

    option: RankingOption
    is_there: bool = Field(description="The plan has it just there.")
    difference: dict[str, float] = Field(
        description="Points gained (above 0) or lost by going there instead, by term and rule."
    )


class DecidingWeights(BaseModel):
    """The weights that decided over a household without a place: persons, and what adds to them."""

    own: float = Field(description="Its own weight.")
    reasons: list[RankingReason] = Field(description="What that is made of.")
    others: int = Field(description="Units any one of whom would make room, by leaving.")
    least: float | None = Field(description="The least weight of those; null for none.")
    most: float | None = Field(description="The largest weight of those.")


class PlacementExplanation(RankingBasis):
    """Why the plan places a household where it does, or does not place it."""

    model_config = response_example(
        **BASIS_EXAMPLE,
        here=OPTION_EXAMPLE,
        open_to=212,
        taken=9,
        better_alone=["4601"],
        requirements=[{"rule": "lar", "bars": 120, "opens": 97, "places": 431}],
        there=None,
        weights=None,
    )

    here: RankingOption | None = Field(description="Where the plan has it; null when not placed.")
    open_to: int = Field(description="Municipalities that every rule allows.")
    taken: int = Field(description="Of these, those in which others leave too little room.")
    better_alone: list[str] = Field(
        description="Allowed municipalities with more points for the household, best first."
    )
    requirements: list[PlacementRequirement] = Field(
        description="Which single rule to relax: most places first."
    )
    there: AlternativeComparison | None = Field(description="The municipality asked about.")
    weights: DecidingWeights | None = Field(
        description="Why others have the places; null where the household has one itself."
    )
