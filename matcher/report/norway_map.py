"""The map: a dot for every seat, and circles for amounts such as the persons placed tonight."""

import math
from dataclasses import dataclass

import numpy as np

from matcher.domain.tables import FloatArray, IntArray
from matcher.domain.tables.array_types import StrArray
from matcher.problem.problem import Problem
from matcher.report.map_labels import MapLabel, place_labels
from matcher.report.map_projection import fit_to_box, project

WIDTH, HEIGHT, MARGIN = 430.0, 560.0, 26.0
MAX_RADIUS, MAX_UNIT_RADIUS = 18.0, 4.0
"""Largest radius of any circle, and largest radius of a circle for an amount of one."""
SHADE_BOUNDS = (0.5, 0.75, 1.0)
"""Bounds of the shades: shares of decided places that are used after tonight."""
LEGEND_NUMBERS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


@dataclass(frozen=True, slots=True)
class MapCircle:
    """A municipality with an amount above 0; shade from 0 to 3, a higher shade is darker."""

    x: float
    y: float
    radius: float
    shade: int
    name: str
    amount: int


@dataclass(frozen=True, slots=True)
class NorwayMap:
    """A map in drawing units, the origin at the upper left.

    Parameters
    ----------
    width, height : float
    seats : tuple of (float, float)
        Positions of all municipalities with known coordinates.
    circles : tuple of MapCircle
        Largest first, so that small circles are drawn on top.
    key : tuple of (int, float, float)
        Amount, radius and horizontal position in the legend, from small to large.
    labels : tuple of MapLabel
        Names of the largest circles.
    """

    width: float
    height: float
    seats: tuple[tuple[float, float], ...]
    circles: tuple[MapCircle, ...]
    key: tuple[tuple[int, float, float], ...]
    labels: tuple[MapLabel, ...]


def draw_map(
    problem: Problem, amounts: IntArray, shade: IntArray | None = None
) -> NorwayMap | None:
    """Draw the map; None when no coordinates are known.

    Parameters
    ----------
    problem : Problem
    amounts : int array, shape (municipalities,)
        Amounts that the areas of the circles show, such as persons placed tonight.
    shade : int array, shape (municipalities,), or None
        From 0 to 3. None takes the amounts as persons and shades by the share of the decision used.
    """
    m = problem.municipalities
    known = np.flatnonzero(np.isfinite(m.latitude) & np.isfinite(m.longitude))
    if not len(known):
        return None
    spots = fit_to_box(project(m.latitude[known], m.longitude[known]), WIDTH, HEIGHT, MARGIN)
    unit = _unit_radius(int(amounts.max(initial=0)))
    shade = shade_classes(problem, amounts) if shade is None else shade
    names = problem.municipalities.name
    circles = _circles(amounts[known], shade[known], names[known], spots, unit)
    return NorwayMap(
        WIDTH,
        HEIGHT,
        tuple((round(float(x), 1), round(float(y), 1)) for x, y in spots),
        circles,
        _key(unit, int(amounts.max(initial=0))),
        place_labels([(c.x, c.y, c.radius, f"{c.name} {c.amount}") for c in circles], spots, WIDTH),
    )


def shade_classes(problem: Problem, persons: IntArray) -> IntArray:
    """Classify municipalities by the share of decided places used, shape (municipalities,)."""
    m = problem.municipalities
    used = m.settled + m.promised + persons
    share = np.where(m.decided > 0, used / np.maximum(m.decided, 1), 1.0)
    return np.searchsorted(SHADE_BOUNDS, share, side="right")


def _unit_radius(largest: int) -> float:
    """Return the radius of a circle for an amount of one; areas are proportional to amounts."""
    return min(MAX_UNIT_RADIUS, MAX_RADIUS / math.sqrt(max(largest, 1)))


def _circles(
    amounts: IntArray, shade: IntArray, names: StrArray, spots: FloatArray, unit: float
) -> tuple[MapCircle, ...]:
    order = [k for k in np.argsort(-amounts, kind="stable") if amounts[k] > 0]
    return tuple(
        MapCircle(
            round(float(spots[k, 0]), 1),
            round(float(spots[k, 1]), 1),
            round(float(unit * np.sqrt(amounts[k])), 1),
            int(shade[k]),
            str(names[k]),
            int(amounts[k]),
        )
        for k in order
    )


def _key(unit: float, largest: int) -> tuple[tuple[int, float, float], ...]:
    """Return up to three legend circles for round numbers up to the largest amount drawn."""
    numbers = [n for n in LEGEND_NUMBERS if n <= largest]
    chosen = sorted({numbers[k] for k in (-1, -3, -5) if len(numbers) >= -k})
    circles, x = [], 0.0
    for n in chosen:
        radius = round(float(unit * np.sqrt(n)), 1)
        circles.append((n, radius, round(x + radius, 1)))
        x += 2 * radius + 12 + 7 * len(str(n))
    return tuple(circles)
