"""Place names beside the largest circles of the map, where they do not overlap."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.domain.tables import FloatArray

MAX_LABELS, CANDIDATES = 7, 20
"""Largest number of labels, and number of circles that are considered for a label."""
ALWAYS_LABELLED, MAX_OVERLAPS = 2, 1
"""Circles labelled whatever the label hides, and circles that any later label may overlap."""
LETTER_WIDTH, LINE_HEIGHT = 7.3, 13.0
"""Width of a letter and height of a line, in drawing units."""
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class MapLabel:
    """A name that ends at its position when ``anchor`` is ``end``, and begins there otherwise."""

    x: float
    y: float
    anchor: str
    text: str


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
