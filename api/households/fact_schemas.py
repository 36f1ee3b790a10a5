"""Schemas of the facts of a household and its members, for reading and for changing them."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Annotated, Any, TypeVar, cast

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    create_model,
)

from api.params import PRINTABLE_PATTERN, IsoDay, MunicipalityNumber
from matcher.domain.answer import Answer
from matcher.domain.household import HouseholdType, LivingSituation, Upbringing, WishKind
from matcher.domain.need_entry import Need, insert_needs
from matcher.domain.needs import HOUSEHOLD_NEEDS, PERSON_NEEDS
from matcher.domain.person import Education, ImmigrationGround, Sex


def _parse_answer(value: object) -> object:
    return Answer[value.upper()] if value in ("yes", "no", "unknown") else value


YesNoUnknown = Annotated[
    Answer,
    BeforeValidator(_parse_answer),
    PlainSerializer(lambda answer: answer.name.lower(), return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "enum": ["yes", "no", "unknown"]}),
    # Without this, the default in OpenAPI is the number behind "unknown".
    Field(json_schema_extra={"default": "unknown"}),
]
"""Yes, no or unknown."""
ShortText = Annotated[str, Field(min_length=1, max_length=100, pattern=PRINTABLE_PATTERN)]


class _Facts(BaseModel):
    model_config = ConfigDict(from_attributes=True, extra="forbid")


Facts = TypeVar("Facts", bound=_Facts)


def _with_need_fields(needs: Iterable[Need], before: str) -> Callable[[type[Facts]], type[Facts]]:
    """Build a model anew with a field for each need, in the order of the columns in files."""

    def field_of(need: Need) -> tuple[Any, Any]:
        return YesNoUnknown, Field(Answer.UNKNOWN, description=need.need.en)

    def build(model: type[Facts]) -> type[Facts]:
        declared = {name: (info.annotation, info) for name, info in model.model_fields.items()}
        fields: dict[str, Any] = insert_needs(declared, needs, field_of, before)
        built = create_model(
            model.__name__,
            __base__=_Facts,
            __doc__=model.__doc__,
            __module__=model.__module__,
            **fields,
        )
        return cast(type[Facts], built)

    return build


@_with_need_fields(PERSON_NEEDS, before="occupation")
class MemberFacts(_Facts):
    """Facts of a member of a household; in a change, a fact that is left out stays as it is."""

    id: ShortText = Field(description="Opaque identifier.")
    birth_year: int | None = Field(None, ge=1900, le=2100, description="Year of birth.")
    birth_month: int | None = Field(None, ge=1, le=12, description="Month of birth.")
    age: int | None = Field(
        None,
        ge=0,
        le=120,
        description="Whole years today; follows from the year of birth where that is known.",
    )
    sex: Sex = Sex.UNKNOWN
    origin: ShortText = "unknown"
    ground: ImmigrationGround = ImmigrationGround.UNKNOWN
    collective_protection: YesNoUnknown = Answer.UNKNOWN
    unaccompanied: bool = Field(False, description="A child with no guardian in Norway.")
    languages: tuple[ShortText, ...] = Field((), max_length=20, description="ISO 639 codes.")
    interpreter: YesNoUnknown = Answer.UNKNOWN
    study_hopes: YesNoUnknown = Answer.UNKNOWN
    hospital: YesNoUnknown = Answer.UNKNOWN
    hospital_minutes: int | None = Field(None, ge=0, le=6000)
    hospital_name: ShortText | None = None
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


@_with_need_fields(HOUSEHOLD_NEEDS, before="upbringing")
class HouseholdFacts(_Facts):
    """Facts of a household as a whole; in a change, a fact that is left out stays as it is."""

    ready_since: IsoDay = Field(date.min, description="Settlement-ready date.")
    permission: IsoDay | None = Field(
        None, description="Day of the residence permit, from which the time targets count."
    )
    deadline: IsoDay | None = Field(
        None, description="The day by which it should be settled, where one was stated."
    )
    earliest_move: IsoDay | None = Field(None, description="The first day it can move itself.")
    living: LivingSituation = LivingSituation.UNKNOWN
    lives_in: MunicipalityNumber | None = None
    type: HouseholdType | None = None
    upbringing: Upbringing = Upbringing.UNKNOWN
    wishes: tuple[WishFacts, ...] = Field((), max_length=50)
    family: tuple[FamilyTieFacts, ...] = Field((), max_length=50)


class FullHouseholdFacts(HouseholdFacts):
    """All facts of a household and of each member."""

    members: tuple[MemberFacts, ...]
