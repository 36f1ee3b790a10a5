"""Draw origin and ground, shared by a household, with the report's totals of persons."""

from functools import cache
from math import fsum

import numpy as np

from instances.apportionment import apportion, fit_proportionally, round_to_households
from instances.people.structures import HouseholdStructure
from instances.random_stream import BoolMask, Int64Array, RandomStream
from instances.settled_composition import settled_counts
from matcher.domain.person import ImmigrationGround

GROUNDS = (ImmigrationGround.ASYLUM, ImmigrationGround.RESETTLEMENT, ImmigrationGround.OTHER)
GROUND_BY_ORIGIN = {
    "Ukraine": (0, 0, 100),
    "Syria": (55, 42, 3),
    "Eritrea": (84, 13, 3),
    "Somalia": (62, 33, 5),
    "Afghanistan": (66, 30, 4),
    "Iran": (68, 27, 5),
    "Iraq": (60, 34, 6),
    "other country": (50, 38, 12),
}
"""Grounds by origin in per cent, before they are fitted to the report's numbers. The numbers are
made up, except for collective protection, which counts as other refugee."""
OTHER_COUNTRIES = {
    "DR Congo": 24,
    "Ethiopia": 17,
    "Sudan": 16,
    "Turkey": 12,
    "Myanmar": 7,
    "Russia": 6,
    "other country": 18,
}
"""Made up: the origins within the report's other countries, in per cent."""
ORIGINS = (*list(GROUND_BY_ORIGIN)[:-1], *OTHER_COUNTRIES)
LEVELS = tuple(GROUND_BY_ORIGIN)
OTHER_LEVEL = len(LEVELS) - 1

HOUSEHOLD_CLASSES = (
    "unaccompanied",
    "alone young",
    "alone",
    "alone old",
    "couple",
    "single parent",
    "two parents",
    "many children",
    "several families",
    "relatives",
)
CLASS_WEIGHTS = {
    "Ukraine": (2, 7, 11, 30, 25, 24, 9, 2, 14, 15),
    "Syria": (14, 9, 9, 6, 8, 5, 14, 26, 10, 10),
    "Eritrea": (8, 22, 12, 2, 4, 12, 9, 8, 5, 10),
    "Somalia": (12, 12, 8, 4, 3, 12, 6, 18, 6, 10),
    "Afghanistan": (30, 14, 9, 3, 5, 8, 12, 18, 10, 10),
    "Iran": (3, 10, 16, 6, 12, 7, 10, 3, 6, 10),
    "Iraq": (5, 9, 12, 6, 8, 6, 12, 14, 10, 10),
    "other country": (10, 12, 12, 5, 8, 11, 10, 14, 9, 10),
}
"""Weight of each class of household by origin, before fitting; made up."""
MIXED_COUPLES = (("Syria", "Iraq"), ("Eritrea", "Ethiopia"), ("Afghanistan", "Iran"))
"""Pairs of origins with a few mixed couples."""


def draw_origins(
    structure: HouseholdStructure, ages: Int64Array, draws: RandomStream
) -> tuple[Int64Array, Int64Array]:
    """Draw origins (index in ``ORIGINS``) by person and grounds (in ``GROUNDS``) by household."""
    cells, cell_of = _cells(structure, ages)
    persons = [0.0] * len(HOUSEHOLD_CLASSES)
    counts = np.bincount(cell_of, minlength=len(cells))
    for (kind, size), number in zip(cells, counts, strict=True):
        persons[kind] += int(number) * size
    shares = _shares(tuple(persons))
    wanted = [
        [share * int(n) * size for share in shares[kind]]
        for (kind, size), n in zip(cells, counts, strict=True)
    ]
    households_by_cell = round_to_households(wanted, [size for _, size in cells])
    combination = np.empty(len(cell_of), dtype=np.int64)
    for cell, numbers in enumerate(households_by_cell):
        rows = np.flatnonzero(cell_of == cell)
        mixed = rows[draws.substream(f"cell {cell}").permutation(len(rows))]
        combination[mixed] = np.repeat(np.arange(len(numbers)), numbers)
    level, ground = combination // len(GROUNDS), combination % len(GROUNDS)
    origin = _name_others(structure, level, draws.substream("others"))
    return _mix_couples(structure, origin[structure.household], draws.substream("mixed")), ground


def _cells(
    structure: HouseholdStructure, ages: Int64Array
) -> tuple[list[tuple[int, int]], Int64Array]:
    """Group households by class and size, large households first."""
    key = structure.size * len(HOUSEHOLD_CLASSES) + (
        len(HOUSEHOLD_CLASSES) - 1 - _classes(structure, ages)
    )
    keys, cell_of = np.unique(-key, return_inverse=True)
    cells = [
        (
            len(HOUSEHOLD_CLASSES) - 1 - int(-k) % len(HOUSEHOLD_CLASSES),
            int(-k) // len(HOUSEHOLD_CLASSES),
        )
        for k in keys
    ]
    return cells, cell_of


def _classes(structure: HouseholdStructure, ages: Int64Array) -> Int64Array:
    role, age = structure.role[structure.start], ages[structure.start]
    alone, parents = role == "A", structure.type == 2
    many = structure.count_by_household(structure.has_role("C")) >= 4
    choices: list[tuple[str, BoolMask]] = [
        ("unaccompanied", role == "U"),
        ("alone young", alone & (age < 30)),
        ("alone", alone & (age < 60)),
        ("alone old", alone),
        ("couple", structure.type == 1),
        ("many children", parents & many),
        ("single parent", parents & (role == "S")),
        ("two parents", parents),
        ("several families", structure.type == 3),
    ]
    kinds = [HOUSEHOLD_CLASSES.index(name) for name, _ in choices]
    picked = np.select([mask for _, mask in choices], kinds, HOUSEHOLD_CLASSES.index("relatives"))
    return picked.astype(np.int64)


@cache
def _combinations() -> tuple[float, ...]:
    """Return persons by origin and ground (origin first), fitted to both totals of the report."""
    totals = settled_counts()
    fitted = fit_proportionally(
        list(GROUND_BY_ORIGIN.values()),
        [totals["origin"][level] for level in LEVELS],
        [totals["immigration_ground"][ground.value] for ground in GROUNDS],
    )
    return tuple(value for row in fitted for value in row)


def _shares(persons: tuple[float, ...]) -> list[list[float]]:
    """Return the share of each origin and ground among the persons of each class."""
    weights = [
        [CLASS_WEIGHTS[level][kind] * 1.0 for level in LEVELS for _ in GROUNDS]
        for kind in range(len(HOUSEHOLD_CLASSES))
    ]
    columns = _combinations()
    seed = [[w * c for w, c in zip(row, columns, strict=True)] for row in weights]
    fitted = fit_proportionally(seed, persons, columns)
    return [[value / fsum(row) if fsum(row) else 0.0 for value in row] for row in fitted]


def _name_others(
    structure: HouseholdStructure, level: Int64Array, draws: RandomStream
) -> Int64Array:
    origin = level.copy()
    other_rows = np.flatnonzero(level == OTHER_LEVEL)
    by_size = other_rows[
        np.lexsort((draws.raw_integers(len(other_rows)), structure.size[other_rows]))
    ]
    numbers = apportion(list(OTHER_COUNTRIES.values()), len(other_rows))
    names = OTHER_LEVEL + np.repeat(np.arange(len(OTHER_COUNTRIES)), numbers)
    origin[by_size] = names[draws.permutation(len(other_rows))]
    return origin


def _mix_couples(
    structure: HouseholdStructure, origin: Int64Array, draws: RandomStream
) -> Int64Array:
    """Exchange the origins of a few partners, one for one, so that the totals stay the same."""
    mixed = origin.copy()
    partner = structure.has_role("PK") & (structure.place == 1)
    for first, second in MIXED_COUPLES:
        rows = [np.flatnonzero(partner & (origin == ORIGINS.index(o))) for o in (first, second)]
        number = min(map(len, rows)) // 12
        for partners, name in zip(rows, (second, first), strict=True):
            mixed[partners[draws.permutation(len(partners))[:number]]] = ORIGINS.index(name)
    return mixed
