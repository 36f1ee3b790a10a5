"""A member of a household: needs, but never a diagnosis or a name."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from matcher.domain.answer import Answer
from matcher.domain.need_entry import with_needs
from matcher.domain.needs import PersonNeeds

ADULT_AGE = 18
"""Age in years at which a person is of age."""
MONTHS_PER_YEAR = 12


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
        Whole years, 0-120, on the day ``age_stated_on``; None when not known. A person whose year
        of birth is known needs none: :meth:`age_on` then follows from it.
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
    birth_year, birth_month : int or None
        Year and month (1-12) of birth; None when not known.
    age_stated_on : date or None
        The day on which ``age`` was right; None for the day of the plan.
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
    birth_year: int | None = None
    birth_month: int | None = None
    age_stated_on: date | None = None

    def age_on(self, day: date) -> int | None:
        """Return the age in whole years on a day, as young as the facts allow; None if unknown.

        A birthday whose day is not known counts as the last day of its month, or of its year, so
        that nobody stops being a child before it is certain. An age that was stated on an earlier
        day grows by the full years that have passed since.
        """
        if self.birth_year is not None:
            born = self.birth_year * MONTHS_PER_YEAR + (self.birth_month or MONTHS_PER_YEAR)
            months = day.year * MONTHS_PER_YEAR + day.month - born
            last_of_month = (day + timedelta(days=1)).month != day.month
            return max(0, (months if last_of_month else months - 1) // MONTHS_PER_YEAR)
        if self.age is None or self.age_stated_on is None:
            return self.age
        return max(0, self.age + _full_years(self.age_stated_on, day))

    def oldest_on(self, day: date) -> int | None:
        """Return the age on a day, as old as the facts allow; None if unknown.

        What this age rules out is certainly wrong; :meth:`age_on` is what counts.
        """
        if self.birth_year is not None:
            born = self.birth_year * MONTHS_PER_YEAR + (self.birth_month or 1)
            return max(0, (day.year * MONTHS_PER_YEAR + day.month - born) // MONTHS_PER_YEAR)
        if self.age is None or self.age_stated_on is None:
            return self.age
        years = _full_years(self.age_stated_on, day)
        anniversary = (day.month, day.day) == (self.age_stated_on.month, self.age_stated_on.day)
        return max(0, self.age + years + (not anniversary))

    def is_adult_on(self, day: date) -> bool:
        """Return whether the person is known to be of age."""
        age = self.age_on(day)
        return age is not None and age >= ADULT_AGE

    def is_minor_on(self, day: date) -> bool:
        """Return whether the person is unaccompanied and, as far as is known, not of age."""
        return self.unaccompanied and not self.is_adult_on(day)

    def aged_to(self, day: date) -> Self:
        """Return the person with the age of a day, where the age was stated on another one."""
        if self.age_stated_on is None:
            return self
        return replace(self, age=self.age_on(day), age_stated_on=None)

    def stated_on(self, day: date, earlier: Self | None = None) -> Self:
        """Return the person with a day for its age, so that the age moves on from that day.

        Parameters
        ----------
        day : date
            The day on which an age without a day was right.
        earlier : Person or None
            The same person as described earlier. An earlier statement that leads to the same age
            is kept, so that nothing changes when the same file is read on a later day.
        """
        if self.age is None or self.birth_year is not None:
            return self if self.age is None else replace(self, age=None, age_stated_on=None)
        stated = self.age_stated_on or day
        if earlier is not None and earlier.age_stated_on and earlier.age_on(stated) == self.age:
            return replace(self, age=earlier.age, age_stated_on=earlier.age_stated_on)
        return replace(self, age_stated_on=stated)


def _full_years(first: date, last: date) -> int:
    """Full years from one day to another; negative for an earlier day."""
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))
