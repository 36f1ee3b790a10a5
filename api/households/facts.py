"""Schemas of the facts of a household and its members, for reading and for changing them."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from api.words import PRINTABLE, Day, MunicipalityNumber
from matcher.domain import (
    Answer,
    Education,
    Ground,
    HouseholdType,
    Living,
    Sex,
    Upbringing,
    WishKind,
)


def _parse_answer(value: object) -> object:
    return Answer[value.upper()] if value in ("yes", "no", "unknown") else value


Known = Annotated[
    Answer,
    BeforeValidator(_parse_answer),
    PlainSerializer(lambda answer: answer.name.lower(), return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "enum": ["yes", "no", "unknown"]}),
]
"""Yes, no or unknown."""
Text = Annotated[str, Field(min_length=1, max_length=100, pattern=PRINTABLE)]


class _Facts(BaseModel):
    model_config = ConfigDict(from_attributes=True, extra="forbid")


class MemberFacts(_Facts):
    """Facts of a member of a household; in a change, a fact that is left out stays as it is."""

    id: Text = Field(description="Opaque identifier.")
    age: int | None = Field(None, ge=0, le=120, description="Whole years.")
    sex: Sex = Sex.UNKNOWN
    origin: Text = "unknown"
    ground: Ground = Ground.UNKNOWN
    collective_protection: Known = Answer.UNKNOWN
    unaccompanied: bool = Field(False, description="A child with no guardian in Norway.")
    languages: tuple[Text, ...] = Field((), max_length=20, description="ISO 639 codes.")
    interpreter: Known = Answer.UNKNOWN
    upper_secondary: Known = Answer.UNKNOWN
    study_hopes: Known = Answer.UNKNOWN
    hospital: Known = Answer.UNKNOWN
    hospital_minutes: int | None = Field(None, ge=0, le=6000)
    hospital_name: Text | None = None
    lar: Known = Answer.UNKNOWN
    step_free: Known = Answer.UNKNOWN
    specialist_care: Known = Answer.UNKNOWN
    special_schooling: Known = Answer.UNKNOWN
    occupation: Annotated[str, Field(pattern="^[0-9]$")] | None = Field(
        None, description="STYRK-08 major group."
    )
    education: Education = Education.UNKNOWN
    licence: Known = Answer.UNKNOWN


class WishFacts(_Facts):
    """A stated wish for a place, or to avoid it."""

    kind: WishKind
    value: Text = Field(description="Municipality or county number, landsdel, or centrality 1-6.")
    wanted: bool = True


class FamilyFacts(_Facts):
    """Close family of a household in a municipality."""

    municipality: MunicipalityNumber
    must_hold: bool = Field(False, description="The household must come there.")


class HouseholdFacts(_Facts):
    """Facts of a household as a whole; in a change, a fact that is left out stays as it is."""

    ready_since: Day = Field(date.min, description="Settlement-ready date.")
    deadline: Day | None = Field(None, description="The day by which it should be settled.")
    earliest_move: Day | None = Field(None, description="The first day it can move itself.")
    living: Living = Living.UNKNOWN
    lives_in: MunicipalityNumber | None = None
    type: HouseholdType | None = None
    crisis_setup: Known = Answer.UNKNOWN
    upbringing: Upbringing = Upbringing.UNKNOWN
    wishes: tuple[WishFacts, ...] = Field((), max_length=50)
    family: tuple[FamilyFacts, ...] = Field((), max_length=50)


class WholeFacts(HouseholdFacts):
    """All facts of a household and of each member."""

    members: tuple[MemberFacts, ...]
