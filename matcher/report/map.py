"""The map: every seat a dot, circles for the persons placed tonight."""

import math
from dataclasses import dataclass

import numpy as np

from matcher.problem import Problem
from matcher.report.labels import Label, labels
from matcher.report.projection import fit, project
from matcher.tables import FloatArray, IntArray

WIDTH, HEIGHT, MARGIN = 430.0, 560.0, 26.0
LARGEST, PER_ROOT = 18.0, 4.0
"""Radius of the largest circle; most radius for one person."""
CLASSES = (0.5, 0.75, 1.0)
"""Bounds of the shades: shares of decided places that are used after tonight."""
NICE = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


@dataclass(frozen=True, slots=True)
class Circle:
    """A municipality with persons placed tonight; shade 0 to 3, darker is fuller."""

    x: float
    y: float
    radius: float
    shade: int
    name: str
    persons: int


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
        Persons, radius and distance from the left of the legend, small to large.
    labels : tuple of Label
        Names of the largest.
    """

    width: float
    height: float
    seats: tuple[tuple[float, float], ...]
    circles: tuple[Circle, ...]
    key: tuple[tuple[int, float, float], ...]
    labels: tuple[Label, ...]


def draw_map(problem: Problem, persons: IntArray) -> Map | None:
    """Draw the map; None when no coordinates are known.

    Parameters
    ----------
    problem : Problem
    persons : int array, shape (municipalities,)
        Placed tonight.
    """
    m = problem.municipalities
    known = np.flatnonzero(np.isfinite(m.latitude) & np.isfinite(m.longitude))
    if not len(known):
        return None
    spots = fit(project(m.latitude[known], m.longitude[known]), WIDTH, HEIGHT, MARGIN)
    unit = _unit(int(persons.max(initial=0)))
    circles = _circles(problem, persons, known, spots, unit)
    return Map(
        WIDTH,
        HEIGHT,
        tuple((round(float(x), 1), round(float(y), 1)) for x, y in spots),
        circles,
        _key(unit, int(persons.max(initial=0))),
        labels([(c.x, c.y, c.radius, f"{c.name} {c.persons}") for c in circles], spots, WIDTH),
    )


def shades(problem: Problem, persons: IntArray) -> IntArray:
    """Class of each municipality by the share of decided places used, shape (municipalities,)."""
    m = problem.municipalities
    used = m.settled + m.promised + persons
    share = np.where(m.decided > 0, used / np.maximum(m.decided, 1), 1.0)
    return np.searchsorted(CLASSES, share, side="right")


def _unit(largest: int) -> float:
    """Radius of the circle for one person; areas are in proportion to persons."""
    return min(PER_ROOT, LARGEST / math.sqrt(max(largest, 1)))


def _circles(
    problem: Problem, persons: IntArray, known: IntArray, spots: FloatArray, unit: float
) -> tuple[Circle, ...]:
    shade, names = shades(problem, persons), problem.municipalities.name
    some = [k for k in np.argsort(-persons[known], kind="stable") if persons[known[k]] > 0]
    return tuple(
        Circle(
            round(float(spots[k, 0]), 1),
            round(float(spots[k, 1]), 1),
            round(float(unit * np.sqrt(persons[known[k]])), 1),
            int(shade[known[k]]),
            str(names[known[k]]),
            int(persons[known[k]]),
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
