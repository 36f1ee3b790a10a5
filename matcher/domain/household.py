"""A household: the persons who are settled together, their pins, bans, wishes and family ties."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from matcher.domain.answer import Answer
from matcher.domain.need_entry import with_needs
from matcher.domain.needs import HouseholdNeeds
from matcher.domain.person import ADULT_AGE, Person

TARGET_DAYS = 180
"""Days from permission within which a household should be settled; six months, set by Storting."""
MINORS_TARGET_DAYS = 90
"""The same for unaccompanied minors; three months."""


class HouseholdType(StrEnum):
    """Household types of Fafo 2025:14, table 4."""

    ALONE = "living alone"
    COUPLE = "couple without children or with adult children"
    PARENT = "parent of child under 18"
    MULTI_FAMILY = "multi-family household"
    OTHER = "other or unspecified"


class LivingSituation(StrEnum):
    """Where a household lives while it waits."""

    RECEPTION_CENTRE = "reception centre"
    PRIVATE = "private"
    ABROAD = "abroad"
    UNKNOWN = "unknown"


class Upbringing(StrEnum):
    """Whether a household comes from the countryside or from a town."""

    RURAL = "rural"
    URBAN = "urban"
    UNKNOWN = "unknown"


class BanReason(StrEnum):
    """Why a household must not come to a municipality."""

    SECURITY = "security"
    ADDRESS_PROTECTION = "address protection"
    REFUSED = "refused"
    CASEWORKER = "caseworker"


class WishKind(StrEnum):
    """What a stated wish is about."""

    MUNICIPALITY = "municipality"
    COUNTY = "county"
    LANDSDEL = "landsdel"
    CENTRALITY = "centrality"


@dataclass(frozen=True, slots=True)
class Ban:
    """A municipality (four-digit number) where the household must not come, and why."""

    municipality: str
    reason: BanReason


@dataclass(frozen=True, slots=True)
class FamilyTie:
    """Close family in a municipality; ``must_hold`` makes it a hard rule."""

    municipality: str
    must_hold: bool = False


@dataclass(frozen=True, slots=True)
class Wish:
    """A stated wish for a place, or (``wanted=False``) to avoid it.

    ``value`` is a municipality number, county number, landsdel, or centrality class 1-6.
    """

    kind: WishKind
    value: str
    wanted: bool = True


@dataclass(frozen=True, slots=True)
@with_needs(before="upbringing", default=Answer.UNKNOWN)
class Household(HouseholdNeeds[Answer]):
    """Persons who are settled together, settlement-ready (bosettingsklar) or soon to be.

    The fields of :class:`~matcher.domain.needs.HouseholdNeeds` say whether the household as a
    whole has the need, such as ``crisis_setup``; they are given by name and unknown by default.

    Parameters
    ----------
    id : str
        Opaque identifier, unique in the instance.
    ready_since : date
        Settlement-ready date: when the clock of days waited started.
    members : tuple of Person
        At least one.
    deadline : date or None
        The day by which the household should be settled, where a day of its own was stated;
        otherwise the time target counts, see :meth:`settle_by`.
    earliest_move : date or None
        The first day the household itself can move.
    living : LivingSituation
        Where the household lives while it waits.
    lives_in : str or None
        Municipality number of the reception centre or private address.
    type : HouseholdType or None
        None when not known; :attr:`stay_type` then derives it from the members where they
        determine it.
    pinned_to : str or None
        Number of the municipality that a caseworker has decided.
    bans : tuple of Ban
        Municipalities where the household must not come, with the reason.
    upbringing : Upbringing
        Rural or urban background.
    wishes : tuple of Wish
        Stated wishes.
    family : tuple of FamilyTie
        Municipalities where close family lives.
    permission : date or None
        The day of the residence permit, from which the time targets count.
    """

    id: str
    ready_since: date
    members: tuple[Person, ...]
    deadline: date | None = None
    earliest_move: date | None = None
    living: LivingSituation = LivingSituation.UNKNOWN
    lives_in: str | None = None
    type: HouseholdType | None = None
    pinned_to: str | None = None
    bans: tuple[Ban, ...] = ()
    upbringing: Upbringing = Upbringing.UNKNOWN
    wishes: tuple[Wish, ...] = ()
    family: tuple[FamilyTie, ...] = ()
    permission: date | None = None

    @property
    def size(self) -> int:
        """Number of persons."""
        return len(self.members)

    @property
    def target_days(self) -> int:
        """Days from permission within which the household should be settled."""
        minors = any(person.unaccompanied for person in self.members)
        return MINORS_TARGET_DAYS if minors else TARGET_DAYS

    @property
    def settle_by(self) -> date | None:
        """The day by which it should be settled: as stated, else the time target; None if unknown.

        The time target is six months from permission, and three for unaccompanied minors.
        """
        if self.deadline is not None or self.permission is None:
            return self.deadline
        return self.permission + timedelta(self.target_days)

    def minors_on(self, day: date) -> int:
        """Return the number of unaccompanied minors on a day."""
        return sum(person.is_minor_on(day) for person in self.members)

    def aged_to(self, day: date) -> Self:
        """Return the household with the members' ages of a day."""
        if all(person.age_stated_on is None for person in self.members):
            return self
        return replace(self, members=tuple(person.aged_to(day) for person in self.members))

    def stay_model_type_on(self, day: date) -> HouseholdType | None:
        """Return the type for the stay model: as stated, else derived from the members' ages."""
        if self.type is not None:
            return self.type
        if self.size == 1:
            return HouseholdType.ALONE
        ages = [person.age_on(day) for person in self.members]
        children = any(age is not None and age < ADULT_AGE for age in ages)
        adults = any(age is not None and age >= ADULT_AGE for age in ages)
        return HouseholdType.PARENT if children and adults else None


def count_unaccompanied(unit: Iterable[Household], day: date) -> int:
    """Count the unaccompanied minors of households that are placed together.

    A child with an adult in the unit, of the same household or a linked one, has company and is
    none; someone of unknown age is no adult.

    Parameters
    ----------
    unit : iterable of Household
        All of them, linked ones included.
    day : date
        The day on which ages are counted.
    """
    persons = [person for household in unit for person in household.members]
    if any(person.is_adult_on(day) for person in persons):
        return 0
    return sum(person.is_minor_on(day) for person in persons)
