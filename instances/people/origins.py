"""Origin and immigration ground: shared by a household, in the report's numbers of persons."""

from functools import cache
from math import fsum

import numpy as np

from instances.draws import Draws, Mask, Whole
from instances.people.structures import Structure
from instances.quotas import carried_over, largest_remainder, proportional_fit
from instances.table5 import composition
from matcher.domain import Ground

GROUNDS = (Ground.ASYLUM, Ground.RESETTLEMENT, Ground.OTHER)
GROUND_BY_ORIGIN = {
    "Ukraine": (0, 0, 100), "Syria": (55, 42, 3), "Eritrea": (84, 13, 3), "Somalia": (62, 33, 5),
    "Afghanistan": (66, 30, 4), "Iran": (68, 27, 5), "Iraq": (60, 34, 6),
    "other country": (50, 38, 12),
}  # fmt: skip
"""How grounds go with origins before they are fitted to the report's numbers; made up, but for
collective protection, which counts as other refugee."""
WITHIN_OTHER = {
    "DR Congo": 24, "Ethiopia": 17, "Sudan": 16, "Turkey": 12, "Myanmar": 7, "Russia": 6,
    "other country": 18,
}  # fmt: skip
"""Made up: who the report's other countries are."""
ORIGINS = (*list(GROUND_BY_ORIGIN)[:-1], *WITHIN_OTHER)
LEVELS = tuple(GROUND_BY_ORIGIN)
OTHER = len(LEVELS) - 1

CLASSES = (
    "unaccompanied", "alone young", "alone", "alone old", "couple", "single parent",
    "two parents", "many children", "several families", "relatives",
)  # fmt: skip
LEANING = {
    "Ukraine": (2, 7, 11, 30, 25, 24, 9, 2, 14, 15),
    "Syria": (14, 9, 9, 6, 8, 5, 14, 26, 10, 10),
    "Eritrea": (8, 22, 12, 2, 4, 12, 9, 8, 5, 10),
    "Somalia": (12, 12, 8, 4, 3, 12, 6, 18, 6, 10),
    "Afghanistan": (30, 14, 9, 3, 5, 8, 12, 18, 10, 10),
    "Iran": (3, 10, 16, 6, 12, 7, 10, 3, 6, 10),
    "Iraq": (5, 9, 12, 6, 8, 6, 12, 14, 10, 10),
    "other country": (10, 12, 12, 5, 8, 11, 10, 14, 9, 10),
}
"""How common each kind of household is among origins before fitting; made up."""
NEIGHBOURS = (("Syria", "Iraq"), ("Eritrea", "Ethiopia"), ("Afghanistan", "Iran"))
"""Origins between whom a few couples are mixed."""


def draw_origins(structure: Structure, ages: Whole, draws: Draws) -> tuple[Whole, Whole]:
    """Give origins (places in ``ORIGINS``) by person and grounds (in ``GROUNDS``) by household."""
    cells, cell_of = _cells(structure, ages)
    persons = [0.0] * len(CLASSES)
    counts = np.bincount(cell_of, minlength=len(cells))
    for (kind, size), number in zip(cells, counts, strict=True):
        persons[kind] += int(number) * size
    shares = _shares(tuple(persons))
    wanted = [
        [share * int(n) * size for share in shares[kind]]
        for (kind, size), n in zip(cells, counts, strict=True)
    ]
    given = carried_over(wanted, [size for _, size in cells])
    combination = np.empty(len(cell_of), dtype=np.int64)
    for cell, numbers in enumerate(given):
        rows = np.flatnonzero(cell_of == cell)
        mixed = rows[draws.stream(f"cell {cell}").order(len(rows))]
        combination[mixed] = np.repeat(np.arange(len(numbers)), numbers)
    level, ground = combination // len(GROUNDS), combination % len(GROUNDS)
    origin = _name_others(structure, level, draws.stream("others"))
    return _mix_couples(structure, origin[structure.household], draws.stream("mixed")), ground


def _cells(structure: Structure, ages: Whole) -> tuple[list[tuple[int, int]], Whole]:
    """Group households by class and size, large ones first."""
    key = structure.size * len(CLASSES) + (len(CLASSES) - 1 - _classes(structure, ages))
    keys, cell_of = np.unique(-key, return_inverse=True)
    cells = [(len(CLASSES) - 1 - int(-k) % len(CLASSES), int(-k) // len(CLASSES)) for k in keys]
    return cells, cell_of


def _classes(structure: Structure, ages: Whole) -> Whole:
    role, age = structure.role[structure.start], ages[structure.start]
    alone, parents = role == "A", structure.type == 2
    many = structure.count(structure.is_role("C")) >= 4
    choices: list[tuple[str, Mask]] = [
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
    kinds = [CLASSES.index(name) for name, _ in choices]
    picked = np.select([mask for _, mask in choices], kinds, CLASSES.index("relatives"))
    return picked.astype(np.int64)


@cache
def _combinations() -> tuple[float, ...]:
    """Give persons by origin and ground (origin first), fitted to both of the report's totals."""
    totals = composition()
    fitted = proportional_fit(
        list(GROUND_BY_ORIGIN.values()),
        [totals["origin"][level] for level in LEVELS],
        [totals["immigration_ground"][ground.value] for ground in GROUNDS],
    )
    return tuple(value for row in fitted for value in row)


def _shares(persons: tuple[float, ...]) -> list[list[float]]:
    """Give the share of each origin and ground among the persons of each class."""
    leaning = [
        [LEANING[level][kind] * 1.0 for level in LEVELS for _ in GROUNDS]
        for kind in range(len(CLASSES))
    ]
    columns = _combinations()
    seed = [[w * c for w, c in zip(row, columns, strict=True)] for row in leaning]
    fitted = proportional_fit(seed, persons, columns)
    return [[value / fsum(row) if fsum(row) else 0.0 for value in row] for row in fitted]


def _name_others(structure: Structure, level: Whole, draws: Draws) -> Whole:
    origin = level.copy()
    other = np.flatnonzero(level == OTHER)
    by_size = other[np.lexsort((draws.raw(len(other)), structure.size[other]))]
    numbers = largest_remainder(list(WITHIN_OTHER.values()), len(other))
    names = OTHER + np.repeat(np.arange(len(WITHIN_OTHER)), numbers)
    origin[by_size] = names[draws.order(len(other))]
    return origin


def _mix_couples(structure: Structure, origin: Whole, draws: Draws) -> Whole:
    """Exchange the origins of some partners, one for one, so that the totals stay."""
    mixed = origin.copy()
    partner = structure.is_role("PK") & (structure.place == 1)
    for one, other in NEIGHBOURS:
        rows = [np.flatnonzero(partner & (origin == ORIGINS.index(o))) for o in (one, other)]
        number = min(map(len, rows)) // 12
        for mine, name in zip(rows, (other, one), strict=True):
            mixed[mine[draws.order(len(mine))[:number]]] = ORIGINS.index(name)
    return mixed
