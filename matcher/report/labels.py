"""Names beside the largest circles of the map, where there is room."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.tables import FloatArray

MOST, TRIED = 7, 20
"""Labels at most, and circles that are tried for one."""
ACROSS = 1
"""Circles that a label may lie across, at most."""
LETTER, LINE = 7.3, 13.0
"""Width of a letter and height of a line, in drawing units."""
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Label:
    """A name at a place; ``anchor`` is ``start`` when it stands to the right of the circle."""

    x: float
    y: float
    anchor: str
    text: str


def labels(
    circles: Sequence[tuple[float, float, float, str]], spots: FloatArray, width: float
) -> tuple[Label, ...]:
    """Label the first circles that find room, on the side with fewer seats.

    Parameters
    ----------
    circles : sequence of (x, y, radius, text)
        The most important first.
    spots : float array, shape (seats, 2)
    width : float
        Of the map.
    """
    taken: list[Box] = []
    out: list[Label] = []
    boxes = np.array([(x - r, y - r, x + r, y + r) for x, y, r, _ in circles]).reshape(-1, 4)
    for circle in circles[:TRIED]:
        free = [
            (_hits(box, boxes), _hits(box, np.tile(spots, 2)), box, label)
            for box, label in _sides(circle, width)
            if not _hits(box, np.array(taken).reshape(-1, 4))
        ]
        best = min(free, default=None, key=lambda side: side[:2])
        if best is not None and best[0] <= ACROSS and len(out) < MOST:
            taken.append(best[2])
            out.append(best[3])
    return tuple(out)


def _sides(circle: tuple[float, float, float, str], width: float) -> list[tuple[Box, Label]]:
    x, y, radius, text = circle
    length, away = LETTER * len(text), radius + 4
    top, bottom = y - LINE / 2, y + LINE / 2
    right = (x + away, top, x + away + length, bottom)
    left = (x - away - length, top, x - away, bottom)
    sides = [
        (right, Label(round(x + away, 1), round(y + 4, 1), "start", text)),
        (left, Label(round(x - away, 1), round(y + 4, 1), "end", text)),
    ]
    return [(box, label) for box, label in sides if box[0] >= 0 and box[2] <= width]


def _hits(box: Box, others: FloatArray) -> int:
    """How many of the other boxes a box overlaps; a point is a box without an extent."""
    low, high = np.array(box[:2]), np.array(box[2:])
    return int(((others[:, :2] < high) & (others[:, 2:] > low)).all(axis=1).sum())
