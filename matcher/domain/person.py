"""A member of a household: needs, but never a diagnosis or a name."""

from dataclasses import dataclass
from enum import StrEnum

from matcher.domain.answer import Answer


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
class Person:
    """A member of a household.

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
    upper_secondary : Answer
        Has the right to, and wants, upper secondary school (VGS) now.
    study_hopes : Answer
        Wants higher education.
    hospital : Answer
        In follow-up at a hospital.
    hospital_minutes : int or None
        Longest acceptable travel time in minutes; None means that the policy's limit applies.
    hospital_name : str or None
        The named hospital where treatment must take place, if any.
    lar, step_free, specialist_care, special_schooling : Answer
        Needs opioid substitution treatment (LAR), a step-free dwelling, specialist care,
        special-needs schooling.
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
    upper_secondary: Answer = Answer.UNKNOWN
    study_hopes: Answer = Answer.UNKNOWN
    hospital: Answer = Answer.UNKNOWN
    hospital_minutes: int | None = None
    hospital_name: str | None = None
    lar: Answer = Answer.UNKNOWN
    step_free: Answer = Answer.UNKNOWN
    specialist_care: Answer = Answer.UNKNOWN
    special_schooling: Answer = Answer.UNKNOWN
    occupation: str | None = None
    education: Education = Education.UNKNOWN
    licence: Answer = Answer.UNKNOWN
