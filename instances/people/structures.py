"""Make-ups of households: the number of each type, and the roles of the members.

The make-ups are invented. Their weights are chosen so that persons by household type and the share
under 18 agree with Fafo 2025:14, and 17 000 households have about 37 000 persons.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from instances.apportionment import systematic_indices
from instances.random_stream import BoolMask, Int64Array, RandomStream
from instances.settled_composition import settled_counts
from matcher.domain.household import HouseholdType

ROLES = "AUKPSDGBXC"
"""Alone; unaccompanied minor; partner; parent of two; single parent; adult child; grandparent;
adult relative; child who comes with a relative; child."""
ADULTS = "AKPSDGB"

MAKE_UPS: dict[HouseholdType, dict[str, int]] = {
    HouseholdType.ALONE: {"A": 1000},
    HouseholdType.COUPLE: {"KK": 820, "KKD": 140, "KKDD": 40},
    HouseholdType.PARENT: {
        "SC": 100, "SCC": 70, "SCCC": 24, "SCCCC": 6, "SDC": 23, "SDCC": 10,
        "PPC": 204, "PPDC": 55, "PPCC": 235, "PPDCC": 40, "PPDDC": 11, "PPCCC": 128,
        "PPCCCC": 54, "PPCCCCC": 24, "PPCCCCCC": 10, "PPCCCCCCC": 4, "PPCCCCCCCC": 2,
    },
    HouseholdType.MULTI_FAMILY: {
        "PP+G": 130, "SC+G": 190, "SC+SC": 90, "SCC+G": 110, "PPC+G": 110, "SCC+SC": 50,
        "PPCC+G": 110, "PPCC+SC": 50, "PPCC+GG": 60, "PPCCC+G": 45, "PPCC+PPC": 35,
        "PPCCC+GG": 20, "PPCC+PPCC": 15, "PPCCCC+PPCC+G": 4, "PPCCCCC+PPCCC": 1,
    },
    HouseholdType.OTHER: {"BB": 60, "BX": 40},
}  # fmt: skip
"""Households of each type by make-up, per thousand; a plus starts another family."""


@dataclass(frozen=True, eq=False)
class HouseholdStructure:
    """Households and the roles of their members, before ages are drawn.

    Parameters
    ----------
    type : int array, shape (households,)
        Index in :class:`HouseholdType`.
    size : int array, shape (households,)
        Persons.
    household, family, place : int array, shape (persons,)
        Row of the household; number of the family within the queue; index in the household.
    role : str array, shape (persons,)
        One of ``ROLES``.
    """

    type: Int64Array
    size: Int64Array
    household: Int64Array
    family: Int64Array
    place: Int64Array
    role: "np.ndarray[tuple[int, ...], np.dtype[np.str_]]"

    def __len__(self) -> int:
        return len(self.household)

    def has_role(self, roles: str) -> BoolMask:
        """Select the persons with one of these roles, shape (persons,)."""
        return np.isin(self.role, list(roles))

    @property
    def start(self) -> Int64Array:
        """Row of the first person of each household, shape (households,)."""
        return np.cumsum(self.size) - self.size

    def count_by_household(self, who: BoolMask) -> Int64Array:
        """Count the selected persons by household, shape (households,)."""
        return np.bincount(self.household[who], minlength=len(self.size)).astype(np.int64)

    def count_in_family(self, who: BoolMask) -> Int64Array:
        """Count the selected persons in the family of each person, shape (persons,)."""
        return np.bincount(self.family[who], minlength=int(self.family.max()) + 1)[self.family]


def draw_structure(
    households: int, unaccompanied: float, draws: RandomStream
) -> HouseholdStructure:
    """Draw the make-up of a number of households, sorted by type and size.

    Parameters
    ----------
    households : int
        At least 1.
    unaccompanied : float
        Share of persons who are unaccompanied minors; they replace adults who live alone.
    """
    types, patterns, weights = _make_up_table()
    chosen = systematic_indices(weights, households)
    structure = _unfold(np.array(types)[chosen], [patterns[row] for row in chosen])
    alone = structure.has_role("A")
    share = unaccompanied * len(alone) / max(1, int(alone.sum()))
    structure.role[draws.substream("unaccompanied").sample_share(alone, min(1.0, share))] = "U"
    return structure


@cache
def _make_up_table() -> tuple[tuple[int, ...], tuple[str, ...], tuple[int, ...]]:
    persons = settled_counts()["household_type"]
    rows = []
    for code, (kind, make_ups) in enumerate(MAKE_UPS.items()):
        total = sum(count_persons(pattern) * weight for pattern, weight in make_ups.items())
        for pattern, weight in sorted(make_ups.items(), key=lambda item: count_persons(item[0])):
            rows.append((code, pattern, weight * persons[kind.value] * 1000 // total))
    types, patterns, weights = zip(*rows, strict=True)
    return types, patterns, weights


def count_persons(make_up: str) -> int:
    """Count the persons in a make-up."""
    return len(make_up.replace("+", ""))


def _unfold(types: Int64Array, patterns: list[str]) -> HouseholdStructure:
    size = np.array([count_persons(p) for p in patterns], dtype=np.int64)
    household = np.repeat(np.arange(len(size)), size)
    families = np.array([p[:at].count("+") for p in patterns for at in _letter_positions(p)])
    return HouseholdStructure(
        type=types,
        size=size,
        household=household,
        family=household * 4 + families,
        place=np.arange(len(household)) - (np.cumsum(size) - size)[household],
        role=np.array([letter for p in patterns for letter in p if letter != "+"]),
    )


def _letter_positions(make_up: str) -> list[int]:
    return [at for at, letter in enumerate(make_up) if letter != "+"]
