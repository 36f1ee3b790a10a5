"""Draw ages: adults by the report's age groups, children young enough for their parents."""

import numpy as np

from instances.draws import Draws, Mask, Weighted, Whole
from instances.people.structures import ADULTS, Structure
from instances.quotas import largest_remainder
from instances.table5 import age_group, composition

FIRST_AGES: dict[str, Weighted] = {
    "A": ((29, 44), (39, 18), (49, 11), (59, 9), (85, 18)),
    "K": ((29, 35), (39, 12), (49, 8), (59, 15), (80, 30)),
    "P": ((24, 5), (29, 17), (39, 50), (49, 23), (56, 5)),
    "S": ((24, 6), (29, 19), (39, 48), (49, 23), (54, 4)),
    "B": ((29, 65), (39, 20), (60, 15)),
}
"""Draft ages of the first person of a household by role: highest age and weight of each step."""
UNACCOMPANIED_AGES: Weighted = ((13, 5), (14, 10), (15, 20), (16, 30), (17, 35))
OLDEST_ADULT = 92
GENERATION_GAP = 18
"""Fewest years between a parent and a child, and between a grandparent and a parent."""


def draw_ages(structure: Structure, draws: Draws) -> Whole:
    """Draw the age of each person in whole years, shape (persons,)."""
    ages = np.full(len(structure), -1, dtype=np.int64)
    adult = structure.is_role(ADULTS)
    ages[adult] = _to_quotas(_draft(structure, draws)[adult], len(structure), draws)
    ages = _keep_generations_apart(structure, ages)
    for role, table, first in (("U", UNACCOMPANIED_AGES, 13), ("X", ((17, 1),), 10)):
        who = structure.is_role(role)
        ages[who] = draws.stream(role).tabled(table, int(who.sum()), first)
    return _with_children(structure, ages, draws.stream("children"))


def _draft(structure: Structure, draws: Draws) -> Whole:
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
        who = later & structure.is_role(role)
        draft[who] -= draws.stream(f"apart {role}").between(low, high, int(who.sum()))
    fits = np.maximum(draft, _youngest_age(structure))
    fits[structure.is_role("D")] = np.minimum(fits, 29)[structure.is_role("D")]
    return np.minimum(fits, OLDEST_ADULT)


def _draft_of_first(structure: Structure, draws: Draws) -> Whole:
    role = structure.role[structure.start]
    first = np.zeros(len(role), dtype=np.int64)
    for letter, table in FIRST_AGES.items():
        who = role == letter
        first[who] = draws.stream(f"first {letter}").tabled(table, int(who.sum()), 18)
    with_adult_child = structure.count(structure.is_role("D")) > 0
    return np.where(with_adult_child, np.clip(first, 42, 58), first)


def _youngest_age(structure: Structure) -> Whole:
    """Return the lowest age of a parent, by number of children; 18 for other adults."""
    children = structure.count_in_family(structure.is_role("C"))
    return np.where(structure.is_role("PS"), 20 + 2 * children, 18)


def _to_quotas(draft: Whole, persons: int, draws: Draws) -> Whole:
    """Change ages so that age groups get their numbers; the order of the ages is preserved."""
    order = np.argsort(draft * (1 << 31) + draws.stream("ties").raw(len(draft)), kind="stable")
    years = np.arange(18, OLDEST_ADULT + 1)
    groups = {g: n for g, n in composition()["age"].items() if g != "under 18"}
    counts = largest_remainder(list(groups.values()), len(draft))
    group_of = np.array([list(groups).index(age_group(int(year))) for year in years])
    ages = np.empty(len(draft), dtype=np.int64)
    in_order = [
        np.repeat(years[group_of == g], largest_remainder(_weights(years[group_of == g]), int(n)))
        for g, n in enumerate(counts)
    ]
    ages[order] = np.concatenate(in_order)
    return ages


def _weights(years: Whole) -> Whole:
    """Return the weight of each year of age: equal below 60, falling from 60 on."""
    return np.where(years < 60, 100, np.maximum(1, 95 - years) ** 2)


def _keep_generations_apart(structure: Structure, ages: Whole) -> Whole:
    """Correct the ages of persons who came too close to the age of their parents or children."""
    parent = structure.is_role("PSK")
    oldest = _by_household(structure, ages, parent, np.maximum, 0)
    youngest = _by_household(structure, ages, parent, np.minimum, 200)
    grown = structure.is_role("D")
    ages = np.where(grown, np.clip(ages, 18, np.maximum(18, youngest - GENERATION_GAP)), ages)
    grandparent = structure.is_role("G")
    return np.where(grandparent, np.maximum(ages, oldest + GENERATION_GAP), ages)


def _by_household(structure: Structure, ages: Whole, who: Mask, how: np.ufunc, empty: int) -> Whole:
    masked = np.where(who, ages, empty)
    reduced: Whole = how.reduceat(masked, structure.start)
    return reduced[structure.household]


def _with_children(structure: Structure, ages: Whole, draws: Draws) -> Whole:
    """Draw ages of children, the eldest first, at least a year apart where possible."""
    child = structure.is_role("C")
    youngest = np.full(int(structure.family.max()) + 1, 200, dtype=np.int64)
    parent = structure.is_role("PS")
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
            ages[birth_rows] = high - draws.below(high - low + 1)
        else:
            gap = 1 + draws.below(4, len(birth_rows))
            ages[birth_rows] = previous[family] - np.minimum(
                gap, np.maximum(0, previous[family] - younger)
            )
        previous[family] = ages[birth_rows]
    return ages


def _birth_order(structure: Structure, rows: Whole) -> tuple[Whole, Whole]:
    families, first, siblings = np.unique(
        structure.family[rows], return_index=True, return_counts=True
    )
    at = np.searchsorted(families, structure.family[rows])
    return np.arange(len(rows)) - first[at], siblings[at]
