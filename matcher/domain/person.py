"""A member of a household: needs, but never a diagnosis or a name."""

from dataclasses import dataclass
from enum import StrEnum

from matcher.domain.answer import Answer
from matcher.domain.need_entry import with_needs
from matcher.domain.needs import PersonNeeds


class Sex(StrEnum):
    """Sex as in the population register; it never decides where a person is placed."""

    MAN = "man"
    WOMAN = "woman"
    UNKNOWN = "unknown"


class ImmigrationGround(StrEnum):
    """Immigration ground (innvandringsgrunn), with the categories of Fafo 2025:14."""

    ASYLUM = "asylum"
    RESETTLEMENT = "resettlement refugee"
    OTHER = "other refugee"
    UNKNOWN = "unknown"


class Education(StrEnum):
    """Highest completed education."""

    NONE = "none"
    PRIMARY = "primary"
    UPPER_SECONDARY = "upper secondary"
    HIGHER = "higher"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
@with_needs(before="occupation", default=Answer.UNKNOWN)
class Person(PersonNeeds[Answer]):
    """A member of a household, with a field for each need of the list as well.

    The fields of :class:`~matcher.domain.needs.PersonNeeds` say whether the person has the need,
    such as ``lar``; they are given by name and unknown by default.

    Parameters
    ----------
    id : str
        Opaque identifier, unique in the instance.
    age : int or None
        Whole years, 0-120; None when not known.
    sex, origin, ground
        Facts for the stay model's reporting. Origin is an origin group such as ``"Syria"``,
        or ``"unknown"``. None of them decides where a person is placed.
    collective_protection : Answer
        Temporary collective protection (midlertidig kollektiv beskyttelse).
    unaccompanied : bool
        A child with no guardian in Norway (enslig mindreårig).
    languages : tuple of str
        ISO 639 codes in order of strength; empty when not known.
    interpreter : Answer
        Needs an interpreter for meetings with public services.
    study_hopes : Answer
        Wants higher education.
    hospital : Answer
        In follow-up at a hospital.
    hospital_minutes : int or None
        Longest acceptable travel time in minutes; None means that the policy's limit applies.
    hospital_name : str or None
        The named hospital where treatment must take place, if any.
    occupation : str or None
        Occupation group (STYRK-08 major group, one digit); None when not known.
    education : Education
        Highest completed education.
    licence : Answer
        Holds a driving licence that is valid in Norway.
    """

    id: str
    age: int | None = None
    sex: Sex = Sex.UNKNOWN
    origin: str = "unknown"
    ground: ImmigrationGround = ImmigrationGround.UNKNOWN
    collective_protection: Answer = Answer.UNKNOWN
    unaccompanied: bool = False
    languages: tuple[str, ...] = ()
    interpreter: Answer = Answer.UNKNOWN
    study_hopes: Answer = Answer.UNKNOWN
    hospital: Answer = Answer.UNKNOWN
    hospital_minutes: int | None = None
    hospital_name: str | None = None
    occupation: str | None = None
    education: Education = Education.UNKNOWN
    licence: Answer = Answer.UNKNOWN
