"""The map: a dot for every seat, and circles for amounts such as the persons placed tonight.

The equidistant conic projection makes distances along meridians true, and Norway has its familiar
shape.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.domain.tables.array_types import FloatArray, IntArray, StrArray
from matcher.problem.problem import Problem
from matcher.report.figures import KeyFigures
from matcher.report.wording import Wording

WIDTH, HEIGHT, MARGIN = 430.0, 560.0, 26.0
MAX_RADIUS, MAX_UNIT_RADIUS = 18.0, 4.0
"""Largest radius of any circle, and largest radius of a circle for an amount of one."""
SHADE_BOUNDS = (0.5, 0.75, 1.0)
"""Bounds of the shades: shares of decided places that are used after tonight."""
LEGEND_NUMBERS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
MAX_NAMED = 5
"""Largest number of municipalities that the text of the map names."""
MAX_LABELS, CANDIDATES = 7, 20
"""Largest number of labels, and number of circles that are considered for a label."""
ALWAYS_LABELLED, MAX_OVERLAPS = 2, 1
"""Circles labelled whatever the label hides, and circles that any later label may overlap."""
LETTER_WIDTH, LINE_HEIGHT = 7.3, 13.0
"""Width of a letter and height of a line, in drawing units."""
Box = tuple[float, float, float, float]
STANDARD_PARALLELS = np.radians([60.0, 69.0])
"""Parallels without distortion."""
CENTRAL_MERIDIAN = np.radians(15.0)
"""The meridian that points straight up."""
EARTH_RADIUS_KM = 6371.0
MIN_EXTENT_KM = 100.0
"""Smallest extent that a map shows, so that a map of a single place is possible."""


@dataclass(frozen=True, slots=True)
class MapLabel:
    """A name that ends at its position when ``anchor`` is ``end``, and begins there otherwise."""

    x: float
    y: float
    anchor: str
    text: str


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


def map_alt_text(drawn: NorwayMap | None, key: KeyFigures, wording: Wording) -> str:
    """Describe how many municipalities received how many persons, and which received most."""
    if drawn is None:
        return wording("map.missing")
    seats = wording.number(len(drawn.seats))
    if not drawn.circles:
        return wording("map.alt_none", seats=seats)
    return wording(
        "map.alt",
        seats=seats,
        placed=wording.count("municipality", len(drawn.circles)),
        persons=wording.count("person", key.placed_persons),
        most=", ".join(f"{c.name} {wording.number(c.amount)}" for c in drawn.circles[:MAX_NAMED]),
    )


def place_labels(
    circles: Sequence[tuple[float, float, float, str]], spots: FloatArray, width: float
) -> tuple[MapLabel, ...]:
    """Label the first circles that have free space, on the side where the label hides least.

    Parameters
    ----------
    circles : sequence of (x, y, radius, text)
        The most important first.
    spots : float array, shape (seats, 2)
    width : float
        Width of the map.
    """
    used_boxes: list[Box] = []
    placed: list[MapLabel] = []
    boxes = np.array([(x - r, y - r, x + r, y + r) for x, y, r, _ in circles]).reshape(-1, 4)
    for rank, circle in enumerate(circles[:CANDIDATES]):
        free_sides = [
            (_count_overlaps(box, boxes), _count_overlaps(box, np.tile(spots, 2)), box, label)
            for box, label in _sides(circle, width)
            if not _count_overlaps(box, np.array(used_boxes).reshape(-1, 4))
        ]
        best = min(free_sides, default=None, key=lambda side: side[:2])
        if best is None or len(placed) >= MAX_LABELS:
            continue
        if rank < ALWAYS_LABELLED or best[0] <= MAX_OVERLAPS:
            used_boxes.append(best[2])
            placed.append(best[3])
    return tuple(placed)


def _sides(circle: tuple[float, float, float, str], width: float) -> list[tuple[Box, MapLabel]]:
    """Return the boxes for the text right, left, above and below the circle, inside the map."""
    x, y, radius, text = circle
    length, distance = LETTER_WIDTH * len(text), radius + 4
    centred = min(max(x - length / 2, 0.0), max(width - length, 0.0))
    above, below = y - distance - LINE_HEIGHT / 2, y + distance + LINE_HEIGHT / 2
    spots_by_anchor = {
        "start": ((x + distance, y), (centred, above), (centred, below)),
        "end": ((x - distance - length, y),),
    }
    return [
        (
            (start, middle - LINE_HEIGHT / 2, start + length, middle + LINE_HEIGHT / 2),
            MapLabel(
                round(start + length * (anchor == "end"), 1), round(middle + 4, 1), anchor, text
            ),
        )
        for anchor, spots in spots_by_anchor.items()
        for start, middle in spots
        if start >= 0 and start + length <= width
    ]


def _count_overlaps(box: Box, boxes: FloatArray) -> int:
    """Count the boxes that a box overlaps; a point is a box without an extent."""
    low, high = np.array(box[:2]), np.array(box[2:])
    return int(((boxes[:, :2] < high) & (boxes[:, 2:] > low)).all(axis=1).sum())


def project(latitude: FloatArray, longitude: FloatArray) -> FloatArray:
    """Project degrees to kilometres east and south, shape (places, 2).

    Source: Snyder, Map Projections: A Working Manual (1987), equations 16-1 to 16-4.
    """
    first, second = STANDARD_PARALLELS
    cone = (np.cos(first) - np.cos(second)) / (second - first)
    radius = np.cos(first) / cone + first - np.radians(latitude)
    angle = cone * (np.radians(longitude) - CENTRAL_MERIDIAN)
    plane = np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=-1)
    return np.asarray(EARTH_RADIUS_KM * plane)


def fit_to_box(points: FloatArray, width: float, height: float, margin: float) -> FloatArray:
    """Scale points equally in both directions and centre them in a box with a margin.

    Returns an array of shape (places, 2).
    """
    if not len(points):
        return points
    low, high = points.min(axis=0), points.max(axis=0)
    inner_size = np.array([width, height]) - 2 * margin
    scale = float((inner_size / np.maximum(high - low, MIN_EXTENT_KM)).min())
    return np.asarray((points - (low + high) / 2) * scale + np.array([width, height]) / 2)
