"""Table 4 of the report, read a second time."""

import csv
import itertools
import math
from collections import defaultdict
from functools import cache

from matcher.domain import Answer, Municipality
from tests.independent.facts import (
    CLASSES,
    LANDSDELER,
    QUARTILES,
    SIZES,
    TABLES,
)

CONTINUITY_NO = "does not settle continuously"


def published(name: str) -> list[dict[str, str]]:
    """Rows of one of the report's tables."""
    return list(csv.DictReader((TABLES / name).read_text(encoding="utf-8").splitlines()))


class StayTable:
    """The reference person's probability of staying, from the published tables."""

    def __init__(self, years: int) -> None:
        self.years = years

    def reference(self, m: Municipality) -> float:
        """One minus the constant and the effects of the municipality, over what it can be."""
        known = known_facts(m)
        return _reference(self.years, tuple(known[variable] for variable in VARIABLES))


@cache
def _effects(years: int) -> dict[tuple[str, str], float]:
    rows = published("fafo_2025_14_table4.csv")
    return {(r["variable"], r["level"]): float(r[f"b_{years}y"]) for r in rows}


@cache
def _reference(years: int, known: tuple[str | None, ...]) -> float:
    effects = _effects(years)
    total = moving = 0.0
    for kind, share in fitted_kinds().items():
        if all(fact in (None, level) for fact, level in zip(known, kind, strict=True)):
            total += share
            moving += share * sum(effects[e] for e in zip(VARIABLES, kind, strict=True))
    return 1 - effects["constant", ""] - moving / total


VARIABLES = ("outmigration_quartile", "continuity", "centrality", "population", "landsdel")


def known_facts(m: Municipality) -> dict[str, str | None]:
    """What is known of a municipality, in the words of table 4."""
    size = next((n for most, n in SIZES if m.population is not None and m.population < most), None)
    return {
        "outmigration_quartile": None if m.quartile is None else str(m.quartile),
        "continuity": {
            Answer.YES: "settles continuously",
            Answer.NO: "does not settle continuously",
        }.get(m.continuous),
        "centrality": None if m.centrality is None else str(m.centrality),
        "population": size,
        "landsdel": m.landsdel if m.landsdel in LANDSDELER else None,
    }


@cache
def fitted_kinds() -> dict[tuple[str, ...], float]:
    """Share of the municipalities of each kind: one factor for each cell of table 7's margins.

    A share is that of the real combination of centrality, size and landsdel (a fiftieth of it as
    if independent), times a factor for the quartile with each of the four variables.
    """
    rows = published("fafo_2025_14_table7.csv")
    counts = {
        (r["dimension"], r["level"], q): int(r[q.replace(" ", "_")])
        for r in rows
        for q in QUARTILES
    }
    factor = {cell: 1.0 if count else 0.0 for cell, count in counts.items()}
    shares = seed()
    for _ in range(60):
        for axis, variable in enumerate(VARIABLES[1:], start=1):
            met: dict[tuple[str, str, str], float] = defaultdict(float)
            for kind in shares:
                met[variable, kind[axis], kind[0]] += weight(kind, shares, factor)
            for cell, found in met.items():
                factor[cell] *= counts[cell] / found if found else 0.0
    raw = {kind: weight(kind, shares, factor) for kind in shares}
    return {kind: w / sum(raw.values()) for kind, w in mixed(raw).items()}


def weight(kind: tuple[str, ...], shares: dict, factor: dict) -> float:
    """A kind's share before anything, times its four factors."""
    cells = zip(VARIABLES[1:], kind[1:], strict=True)
    return shares[kind] * math.prod(factor[v, level, kind[0]] for v, level in cells)


def seed() -> dict[tuple[str, ...], float]:
    """The country's municipalities by kind, whatever the quartile and continuity."""
    counted: dict[tuple[str, ...], int] = {
        (r["centrality"], r["population"], r["landsdel"]): int(r["municipalities"])
        for r in published("municipalities_2024.csv")
    }
    whole = sum(counted.values())
    alone: dict[tuple[int, str], float] = defaultdict(float)
    for kind, count in counted.items():
        for axis, level in enumerate(kind):
            alone[axis, level] += count / whole
    levels = [CLASSES, [name for _, name in SIZES], LANDSDELER]
    found = {}
    for place in itertools.product(*levels):
        apart = math.prod(alone[axis, level] for axis, level in enumerate(place))
        for both in itertools.product(QUARTILES, ("settles continuously", CONTINUITY_NO)):
            found[both + place] = 0.98 * counted.get(place, 0) / whole + 0.02 * apart
    return found


def mixed(raw: dict[tuple[str, ...], float]) -> dict[tuple[str, ...], float]:
    """With a billionth as if independent, so that nothing is quite impossible."""
    whole = sum(raw.values())
    alone: dict[tuple[int, str], float] = defaultdict(float)
    for kind, w in raw.items():
        for axis, level in enumerate(kind):
            alone[axis, level] += w / whole
    return {
        kind: whole
        * (
            (1 - 1e-9) * w / whole
            + 1e-9 * math.prod(alone[axis, level] for axis, level in enumerate(kind))
        )
        for kind, w in raw.items()
    }
