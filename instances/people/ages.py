"""Draw ages: adults by the report's age groups, children young enough for their parents."""

import numpy as np

from instances.apportionment import apportion
from instances.people.structures import ADULTS, HouseholdStructure
from instances.random_stream import BoolMask, Int64Array, RandomStream, StepWeights
from instances.settled_composition import age_group, settled_counts

FIRST_AGES: dict[str, StepWeights] = {
    "A": ((29, 44), (39, 18), (49, 11), (59, 9), (85, 18)),
    "K": ((29, 35), (39, 12), (49, 8), (59, 15), (80, 30)),
    "P": ((24, 5), (29, 17), (39, 50), (49, 23), (56, 5)),
    "S": ((24, 6), (29, 19), (39, 48), (49, 23), (54, 4)),
    "B": ((29, 65), (39, 20), (60, 15)),
}
"""Draft ages of the first person of a household by role: highest age and weight of each step."""
UNACCOMPANIED_AGES: StepWeights = ((13, 5), (14, 10), (15, 20), (16, 30), (17, 35))
OLDEST_ADULT = 92
GENERATION_GAP = 18
"""Fewest years between a parent and a child, and between a grandparent and a parent."""


def draw_ages(structure: HouseholdStructure, draws: RandomStream) -> Int64Array:
    """Draw the age of each person in whole years, shape (persons,)."""
    ages = np.full(len(structure), -1, dtype=np.int64)
    adult = structure.has_role(ADULTS)
    ages[adult] = _to_quotas(_draft(structure, draws)[adult], len(structure), draws)
    ages = _keep_generations_apart(structure, ages)
    for role, table, first in (("U", UNACCOMPANIED_AGES, 13), ("X", ((17, 1),), 10)):
        who = structure.has_role(role)
        ages[who] = draws.substream(role).integers_from_steps(table, int(who.sum()), first)
    return _with_children(structure, ages, draws.substream("children"))


def _draft(structure: HouseholdStructure, draws: RandomStream) -> Int64Array:
    """Draw draft ages of adults, relative to the first person of the household."""
    first = _draft_of_first(structure, draws)[structure.household]
    apart = {
        "P": (-3, 8),
        "K": (-3, 8),
        "S": (-8, 8),
        "D": (19, 26),
        "G": (-32, -20),
        "B": (-9, 9),
    }
    draft = first.copy()
    later = structure.place > 0
    for role, (low, high) in apart.items():
        who = later & structure.has_role(role)
        draft[who] -= draws.substream(f"apart {role}").integers_between(low, high, int(who.sum()))
    fits = np.maximum(draft, _youngest_age(structure))
    fits[structure.has_role("D")] = np.minimum(fits, 29)[structure.has_role("D")]
    return np.minimum(fits, OLDEST_ADULT)


def _draft_of_first(structure: HouseholdStructure, draws: RandomStream) -> Int64Array:
    role = structure.role[structure.start]
    first = np.zeros(len(role), dtype=np.int64)
    for letter, table in FIRST_AGES.items():
        who = role == letter
        first[who] = draws.substream(f"first {letter}").integers_from_steps(
            table, int(who.sum()), 18
        )
    with_adult_child = structure.count_by_household(structure.has_role("D")) > 0
    return np.where(with_adult_child, np.clip(first, 42, 58), first)


def _youngest_age(structure: HouseholdStructure) -> Int64Array:
    """Return the lowest age of a parent, by number of children; 18 for other adults."""
    children = structure.count_in_family(structure.has_role("C"))
    return np.where(structure.has_role("PS"), 20 + 2 * children, 18)


def _to_quotas(draft: Int64Array, persons: int, draws: RandomStream) -> Int64Array:
    """Change ages so that age groups get their numbers; the order of the ages is preserved."""
    order = np.argsort(
        draft * (1 << 31) + draws.substream("ties").raw_integers(len(draft)), kind="stable"
    )
    years = np.arange(18, OLDEST_ADULT + 1)
    groups = {g: n for g, n in settled_counts()["age"].items() if g != "under 18"}
    counts = apportion(list(groups.values()), len(draft))
    group_of = np.array([list(groups).index(age_group(int(year))) for year in years])
    ages = np.empty(len(draft), dtype=np.int64)
    in_order = [
        np.repeat(years[group_of == g], apportion(_weights(years[group_of == g]), int(n)))
        for g, n in enumerate(counts)
    ]
    ages[order] = np.concatenate(in_order)
    return ages


def _weights(years: Int64Array) -> Int64Array:
    """Return the weight of each year of age: equal below 60, falling from 60 on."""
    return np.where(years < 60, 100, np.maximum(1, 95 - years) ** 2)


def _keep_generations_apart(structure: HouseholdStructure, ages: Int64Array) -> Int64Array:
    """Correct the ages of persons who came too close to the age of their parents or children."""
    parent = structure.has_role("PSK")
    oldest = _by_household(structure, ages, parent, np.maximum, 0)
    youngest = _by_household(structure, ages, parent, np.minimum, 200)
    grown = structure.has_role("D")
    ages = np.where(grown, np.clip(ages, 18, np.maximum(18, youngest - GENERATION_GAP)), ages)
    grandparent = structure.has_role("G")
    return np.where(grandparent, np.maximum(ages, oldest + GENERATION_GAP), ages)


def _by_household(
    structure: HouseholdStructure, ages: Int64Array, who: BoolMask, how: np.ufunc, empty: int
) -> Int64Array:
    masked = np.where(who, ages, empty)
    reduced: Int64Array = how.reduceat(masked, structure.start)
    return reduced[structure.household]


def _with_children(
    structure: HouseholdStructure, ages: Int64Array, draws: RandomStream
) -> Int64Array:
    """Draw ages of children, the eldest first, at least a year apart where possible."""
    child = structure.has_role("C")
    youngest = np.full(int(structure.family.max()) + 1, 200, dtype=np.int64)
    parent = structure.has_role("PS")
    np.minimum.at(youngest, structure.family[parent], ages[parent])
    room = np.clip(youngest - GENERATION_GAP, 0, 17)
    ages = ages.copy()
    rows = np.flatnonzero(child)
    nth, siblings = _birth_order(structure, rows)
    previous = room.copy()
    for order in range(int(nth.max(initial=-1)) + 1):
        birth_rows = rows[nth == order]
        family, younger = structure.family[birth_rows], (siblings - 1 - nth)[nth == order]
        if order == 0:
            high, low = room[family], np.minimum(room[family], 2 * younger)
            ages[birth_rows] = high - draws.integers_below(high - low + 1)
        else:
            gap = 1 + draws.integers_below(4, len(birth_rows))
            ages[birth_rows] = previous[family] - np.minimum(
                gap, np.maximum(0, previous[family] - younger)
            )
        previous[family] = ages[birth_rows]
    return ages


def _birth_order(structure: HouseholdStructure, rows: Int64Array) -> tuple[Int64Array, Int64Array]:
    families, first, siblings = np.unique(
        structure.family[rows], return_index=True, return_counts=True
    )
    at = np.searchsorted(families, structure.family[rows])
    return np.arange(len(rows)) - first[at], siblings[at]
