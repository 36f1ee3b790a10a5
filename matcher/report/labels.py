"""Names beside the largest circles of the map, where there is room."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.tables import FloatArray

MOST, TRIED = 7, 20
"""Labels at most, and circles that are tried for one."""
SURE, ACROSS = 2, 1
"""Circles that are labelled in any case, and circles that other labels may lie across."""
LETTER, LINE = 7.3, 13.0
"""Width of a letter and height of a line, in drawing units."""
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Label:
    """A name at a place; it begins there, or ends there where ``anchor`` is ``end``."""

    x: float
    y: float
    anchor: str
    text: str


def labels(
    circles: Sequence[tuple[float, float, float, str]], spots: FloatArray, width: float
) -> tuple[Label, ...]:
    """Label the first circles that find room, on the side that hides least.

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
    for rank, circle in enumerate(circles[:TRIED]):
        free = [
            (_hits(box, boxes), _hits(box, np.tile(spots, 2)), box, label)
            for box, label in _sides(circle, width)
            if not _hits(box, np.array(taken).reshape(-1, 4))
        ]
        best = min(free, default=None, key=lambda side: side[:2])
        wanted = len(out) < MOST and best is not None and (rank < SURE or best[0] <= ACROSS)
        if best is not None and wanted:
            taken.append(best[2])
            out.append(best[3])
    return tuple(out)


def _sides(circle: tuple[float, float, float, str], width: float) -> list[tuple[Box, Label]]:
    """Where the text can stand: right, left, above or below, as far as it is inside."""
    x, y, radius, text = circle
    length, away = LETTER * len(text), radius + 4
    inside = min(max(x - length / 2, 0.0), max(width - length, 0.0))
    lefts = {
        "start": ((x + away, y), (inside, y - away - LINE / 2), (inside, y + away + LINE / 2)),
        "end": ((x - away - length, y),),
    }
    return [
        (
            (left, middle - LINE / 2, left + length, middle + LINE / 2),
            Label(round(left + length * (anchor == "end"), 1), round(middle + 4, 1), anchor, text),
        )
        for anchor, spots in lefts.items()
        for left, middle in spots
        if left >= 0 and left + length <= width
    ]


def _hits(box: Box, others: FloatArray) -> int:
    """How many of the other boxes a box overlaps; a point is a box without an extent."""
    low, high = np.array(box[:2]), np.array(box[2:])
    return int(((others[:, :2] < high) & (others[:, 2:] > low)).all(axis=1).sum())
