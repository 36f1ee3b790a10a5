"""The map: every seat a dot, circles for amounts such as the persons placed tonight."""

import math
from dataclasses import dataclass

import numpy as np

from matcher.problem import Problem
from matcher.report.labels import Label, labels
from matcher.report.projection import fit, project
from matcher.tables import FloatArray, IntArray
from matcher.tables.types import StrArray

WIDTH, HEIGHT, MARGIN = 430.0, 560.0, 26.0
LARGEST, PER_ROOT = 18.0, 4.0
"""Radius of the largest circle; most radius for an amount of one."""
CLASSES = (0.5, 0.75, 1.0)
"""Bounds of the shades: shares of decided places that are used after tonight."""
NICE = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


@dataclass(frozen=True, slots=True)
class Circle:
    """A municipality with an amount above 0; shade 0 to 3, darker is more."""

    x: float
    y: float
    radius: float
    shade: int
    name: str
    amount: int


@dataclass(frozen=True, slots=True)
class Map:
    """A map in drawing units, the origin at the upper left.

    Parameters
    ----------
    width, height : float
    seats : tuple of (float, float)
        Of every municipality whose coordinates are known.
    circles : tuple of Circle
        Largest first, so that small ones lie on top.
    key : tuple of (int, float, float)
        Amount, radius and distance from the left of the legend, small to large.
    labels : tuple of Label
        Names of the largest.
    """

    width: float
    height: float
    seats: tuple[tuple[float, float], ...]
    circles: tuple[Circle, ...]
    key: tuple[tuple[int, float, float], ...]
    labels: tuple[Label, ...]


def draw_map(problem: Problem, amounts: IntArray, shade: IntArray | None = None) -> Map | None:
    """Draw the map; None when no coordinates are known.

    Parameters
    ----------
    problem : Problem
    amounts : int array, shape (municipalities,)
        What the areas of the circles stand for, such as persons placed tonight.
    shade : int array, shape (municipalities,), or None
        From 0 to 3; unless given, how much of the decision is used, the amounts being persons.
    """
    m = problem.municipalities
    known = np.flatnonzero(np.isfinite(m.latitude) & np.isfinite(m.longitude))
    if not len(known):
        return None
    spots = fit(project(m.latitude[known], m.longitude[known]), WIDTH, HEIGHT, MARGIN)
    unit = _unit(int(amounts.max(initial=0)))
    shade = shades(problem, amounts) if shade is None else shade
    names = problem.municipalities.name
    circles = _circles(amounts[known], shade[known], names[known], spots, unit)
    return Map(
        WIDTH,
        HEIGHT,
        tuple((round(float(x), 1), round(float(y), 1)) for x, y in spots),
        circles,
        _key(unit, int(amounts.max(initial=0))),
        labels([(c.x, c.y, c.radius, f"{c.name} {c.amount}") for c in circles], spots, WIDTH),
    )


def shades(problem: Problem, persons: IntArray) -> IntArray:
    """Class of each municipality by the share of decided places used, shape (municipalities,)."""
    m = problem.municipalities
    used = m.settled + m.promised + persons
    share = np.where(m.decided > 0, used / np.maximum(m.decided, 1), 1.0)
    return np.searchsorted(CLASSES, share, side="right")


def _unit(largest: int) -> float:
    """Radius of the circle for an amount of one; areas are in proportion to amounts."""
    return min(PER_ROOT, LARGEST / math.sqrt(max(largest, 1)))


def _circles(
    amounts: IntArray, shade: IntArray, names: StrArray, spots: FloatArray, unit: float
) -> tuple[Circle, ...]:
    some = [k for k in np.argsort(-amounts, kind="stable") if amounts[k] > 0]
    return tuple(
        Circle(
            round(float(spots[k, 0]), 1),
            round(float(spots[k, 1]), 1),
            round(float(unit * np.sqrt(amounts[k])), 1),
            int(shade[k]),
            str(names[k]),
            int(amounts[k]),
        )
        for k in some
    )


def _key(unit: float, largest: int) -> tuple[tuple[int, float, float], ...]:
    """Legend circles: up to three round numbers, the largest no larger than the largest drawn."""
    numbers = [n for n in NICE if n <= largest]
    chosen = sorted({numbers[k] for k in (-1, -3, -5) if len(numbers) >= -k})
    out, left = [], 0.0
    for n in chosen:
        radius = round(float(unit * np.sqrt(n)), 1)
        out.append((n, radius, round(left + radius, 1)))
        left += 2 * radius + 12 + 7 * len(str(n))
    return tuple(out)
