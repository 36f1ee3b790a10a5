"""Schemas of the facts of a household and its members, for reading and for changing them."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from api.params import PRINTABLE_PATTERN, IsoDay, MunicipalityNumber
from matcher.domain import (
    Answer,
    Education,
    HouseholdType,
    ImmigrationGround,
    LivingSituation,
    Sex,
    Upbringing,
    WishKind,
)


def _parse_answer(value: object) -> object:
    return Answer[value.upper()] if value in ("yes", "no", "unknown") else value


YesNoUnknown = Annotated[
    Answer,
    BeforeValidator(_parse_answer),
    PlainSerializer(lambda answer: answer.name.lower(), return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "enum": ["yes", "no", "unknown"]}),
]
"""Yes, no or unknown."""
ShortText = Annotated[str, Field(min_length=1, max_length=100, pattern=PRINTABLE_PATTERN)]


class _Facts(BaseModel):
    model_config = ConfigDict(from_attributes=True, extra="forbid")


class MemberFacts(_Facts):
    """Facts of a member of a household; in a change, a fact that is left out stays as it is."""

    id: ShortText = Field(description="Opaque identifier.")
    age: int | None = Field(None, ge=0, le=120, description="Whole years.")
    sex: Sex = Sex.UNKNOWN
    origin: ShortText = "unknown"
    ground: ImmigrationGround = ImmigrationGround.UNKNOWN
    collective_protection: YesNoUnknown = Answer.UNKNOWN
    unaccompanied: bool = Field(False, description="A child with no guardian in Norway.")
    languages: tuple[ShortText, ...] = Field((), max_length=20, description="ISO 639 codes.")
    interpreter: YesNoUnknown = Answer.UNKNOWN
    upper_secondary: YesNoUnknown = Answer.UNKNOWN
    study_hopes: YesNoUnknown = Answer.UNKNOWN
    hospital: YesNoUnknown = Answer.UNKNOWN
    hospital_minutes: int | None = Field(None, ge=0, le=6000)
    hospital_name: ShortText | None = None
    lar: YesNoUnknown = Answer.UNKNOWN
    step_free: YesNoUnknown = Answer.UNKNOWN
    specialist_care: YesNoUnknown = Answer.UNKNOWN
    special_schooling: YesNoUnknown = Answer.UNKNOWN
    occupation: Annotated[str, Field(pattern="^[0-9]$")] | None = Field(
        None, description="STYRK-08 major group."
    )
    education: Education = Education.UNKNOWN
    licence: YesNoUnknown = Answer.UNKNOWN


class WishFacts(_Facts):
    """A stated wish for a place, or to avoid it."""

    kind: WishKind
    value: ShortText = Field(
        description="Municipality or county number, landsdel, or centrality 1-6."
    )
    wanted: bool = True


class FamilyTieFacts(_Facts):
    """Close family of a household in a municipality."""

    municipality: MunicipalityNumber
    must_hold: bool = Field(False, description="The household must come there.")


class HouseholdFacts(_Facts):
    """Facts of a household as a whole; in a change, a fact that is left out stays as it is."""

    ready_since: IsoDay = Field(date.min, description="Settlement-ready date.")
    deadline: IsoDay | None = Field(None, description="The day by which it should be settled.")
    earliest_move: IsoDay | None = Field(None, description="The first day it can move itself.")
    living: LivingSituation = LivingSituation.UNKNOWN
    lives_in: MunicipalityNumber | None = None
    type: HouseholdType | None = None
    crisis_setup: YesNoUnknown = Answer.UNKNOWN
    upbringing: Upbringing = Upbringing.UNKNOWN
    wishes: tuple[WishFacts, ...] = Field((), max_length=50)
    family: tuple[FamilyTieFacts, ...] = Field((), max_length=50)


class FullHouseholdFacts(HouseholdFacts):
    """All facts of a household and of each member."""

    members: tuple[MemberFacts, ...]
