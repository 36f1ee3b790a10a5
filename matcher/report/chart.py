"""The waiting chart in drawing units: two panels of bars over one axis of days."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.ticker import MaxNLocator

from matcher.report.waiting import Histogram

WIDTH, PANEL, GAP, RIGHT, FOOT = 440.0, 70.0, 28.0, 16.0, 20.0
EDGE, LETTER = 12.0, 7.0
"""Room for the numbers at the left: an edge, and the width of each letter."""
STEPS = (1, 2, 5, 10)
"""Axes count in these, times powers of ten."""

Scale = tuple[float, float]
"""Where day 0 lies, and the width of a day."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from its upper left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across at ``at`` and the number it stands for."""

    at: float
    number: int


@dataclass(frozen=True, slots=True)
class Panel:
    """One histogram.

    Parameters
    ----------
    top, bottom : float
    bars : tuple of Bar
        Those with anyone in them.
    ticks : tuple of Tick
        Numbers of households.
    median : float or None
        Where the line of the median stands.
    """

    top: float
    bottom: float
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    median: float | None


@dataclass(frozen=True, slots=True)
class Chart:
    """Panels one above the other, and the ticks of the days below."""

    width: float
    height: float
    left: float
    right: float
    panels: tuple[Panel, ...]
    days: tuple[Tick, ...]


def draw_chart(histograms: Sequence[Histogram]) -> Chart:
    """Lay out histograms that share their bars; each counts households on its own scale."""
    numbers = [_round_numbers(max(h.counts), 3) for h in histograms]
    left = EDGE + LETTER * max(len(f"{max(n):,}") for n in numbers)
    per_day = (WIDTH - left - RIGHT) / histograms[0].end
    tops = [GAP + k * (PANEL + GAP) for k in range(len(histograms))]
    return Chart(
        WIDTH,
        tops[-1] + PANEL + FOOT,
        left,
        WIDTH - RIGHT,
        tuple(
            _panel(h, top, (left, per_day), n)
            for h, top, n in zip(histograms, tops, numbers, strict=True)
        ),
        _days(histograms[0], (left, per_day)),
    )


def _panel(h: Histogram, top: float, days: Scale, numbers: Sequence[int]) -> Panel:
    bottom, each = top + PANEL, PANEL / max(numbers)
    bars = tuple(
        Bar(
            _at(k * h.width, days),
            round(bottom - count * each, 1),
            round(h.width * days[1] - 1, 1),
            round(count * each, 1),
        )
        for k, count in enumerate(h.counts)
        if count
    )
    ticks = tuple(Tick(round(bottom - n * each, 1), n) for n in numbers)
    median = None if h.median is None else _at(h.median, days)
    return Panel(top, bottom, bars, ticks, median)


def _days(h: Histogram, days: Scale) -> tuple[Tick, ...]:
    numbers = [n for n in _round_numbers(h.end, 8) if n <= h.end]
    return tuple(Tick(_at(n, days), n) for n in numbers)


def _at(day: float, days: Scale) -> float:
    left, per_day = days
    return round(left + day * per_day, 1)


def _round_numbers(largest: int, most: int) -> list[int]:
    """Round numbers from 0 that reach the largest, in no more than ``most`` steps."""
    locator = MaxNLocator(most, integer=True, steps=STEPS)
    return [int(n) for n in locator.tick_values(0, max(largest, 1))]
