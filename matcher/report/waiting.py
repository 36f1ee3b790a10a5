"""Days of waiting until today and until moving in: histograms, and their chart on one axis."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.domain.tables.array_types import FloatArray
from matcher.report.wording import Wording

BAR_WIDTHS = (7, 14, 30, 60, 90, 180, 365)
"""Days per bar: the smallest of these that needs at most :data:`MAX_BARS` bars is used."""
MAX_BARS = 32
WIDTH, PANEL_HEIGHT, GAP, RIGHT_MARGIN, FOOT = 440.0, 70.0, 28.0, 16.0, 20.0
LEFT_EDGE, DIGIT_WIDTH = 12.0, 7.0
"""Space for the numbers on the left: a fixed edge, and the width of each digit."""
TICK_STEPS = (1, 2, 5, 10)
"""Steps between ticks, multiplied by powers of ten."""

DayScale = tuple[float, float]
"""Position of day 0 on the axis, and the width of a day."""


@dataclass(frozen=True, slots=True)
class WaitingHistogram:
    """Households by days of waiting.

    Parameters
    ----------
    width : int
        Days per bar.
    counts : tuple of int
        Households in each bar, from 0 days on.
    median : float or None
        None when there are no households.
    """

    width: int
    counts: tuple[int, ...]
    median: float | None

    @property
    def end(self) -> int:
        """Day at which the last bar ends."""
        return self.width * len(self.counts)


def waiting_histograms(*samples: FloatArray) -> tuple[WaitingHistogram, ...]:
    """Count samples of days in the same bars for all samples."""
    longest = max((float(days.max()) for days in samples if len(days)), default=0.0)
    width = next(
        (w for w in BAR_WIDTHS if longest < w * MAX_BARS), math.ceil((longest + 1) / MAX_BARS)
    )
    bars = int(longest // width) + 1
    return tuple(_histogram(days, width, bars) for days in samples)


def _histogram(days: FloatArray, width: int, bars: int) -> WaitingHistogram:
    counts = np.bincount((days // width).astype(np.int64), minlength=bars)
    median = float(np.median(days)) if len(days) else None
    return WaitingHistogram(width, tuple(int(c) for c in counts), median)


@dataclass(frozen=True, slots=True)
class ChartBar:
    """A bar, given by its upper left corner and its size."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class ChartTick:
    """A grid line at the position ``at`` and the number that it marks."""

    at: float
    number: int


@dataclass(frozen=True, slots=True)
class ChartPanel:
    """One histogram.

    Parameters
    ----------
    top, bottom : float
    bars : tuple of ChartBar
        Bars with at least one household.
    ticks : tuple of ChartTick
        Numbers of households.
    median : float or None
        Position of the line that marks the median.
    """

    top: float
    bottom: float
    bars: tuple[ChartBar, ...]
    ticks: tuple[ChartTick, ...]
    median: float | None


@dataclass(frozen=True, slots=True)
class WaitingChart:
    """Panels above one another, with the ticks of the days below them."""

    width: float
    height: float
    left: float
    right: float
    panels: tuple[ChartPanel, ...]
    days: tuple[ChartTick, ...]


def draw_chart(histograms: Sequence[WaitingHistogram]) -> WaitingChart:
    """Lay out histograms with the same bars; each panel has its own scale of households."""
    numbers = [_round_numbers(max(h.counts), 3) for h in histograms]
    axis_start = LEFT_EDGE + DIGIT_WIDTH * max(len(f"{max(n):,}") for n in numbers)
    days = axis_start, (WIDTH - axis_start - RIGHT_MARGIN) / histograms[0].end
    tops = [GAP + k * (PANEL_HEIGHT + GAP) for k in range(len(histograms))]
    return WaitingChart(
        WIDTH,
        tops[-1] + PANEL_HEIGHT + FOOT,
        axis_start,
        WIDTH - RIGHT_MARGIN,
        tuple(_panel(h, top, days, n) for h, top, n in zip(histograms, tops, numbers, strict=True)),
        _day_ticks(histograms[0], days),
    )


def _panel(h: WaitingHistogram, top: float, days: DayScale, numbers: Sequence[int]) -> ChartPanel:
    bottom, per_household = top + PANEL_HEIGHT, PANEL_HEIGHT / max(numbers)
    bars = tuple(
        ChartBar(
            _position(k * h.width, days),
            round(bottom - count * per_household, 1),
            round(h.width * days[1] - 1, 1),
            round(count * per_household, 1),
        )
        for k, count in enumerate(h.counts)
        if count
    )
    ticks = tuple(ChartTick(round(bottom - n * per_household, 1), n) for n in numbers)
    median = None if h.median is None else _position(h.median, days)
    return ChartPanel(top, bottom, bars, ticks, median)


def _day_ticks(h: WaitingHistogram, days: DayScale) -> tuple[ChartTick, ...]:
    numbers = [n for n in _round_numbers(h.end, 8) if n <= h.end]
    return tuple(ChartTick(_position(n, days), n) for n in numbers)


def _position(day: float, days: DayScale) -> float:
    day_0, per_day = days
    return round(day_0 + day * per_day, 1)


def _round_numbers(largest: int, max_steps: int) -> list[int]:
    """Return round numbers from 0 up to at least ``largest``, in at most ``max_steps`` steps."""
    top, power = max(largest, 1), 1
    while top > max_steps * TICK_STEPS[-1] * power:
        power *= 10
    step = next(step * power for step in TICK_STEPS if top <= max_steps * step * power)
    steps = -(-top // step)
    return [number * step for number in range(steps + 1)]


def waiting_alt_text(before: WaitingHistogram, after: WaitingHistogram, wording: Wording) -> str:
    """Describe both histograms: number of households and median of days."""
    return wording(
        "waiting.alt", before=_describe(before, wording), after=_describe(after, wording)
    )


def _describe(histogram: WaitingHistogram, wording: Wording) -> str:
    if histogram.median is None:
        return wording("waiting.alt_none")
    households = wording.count("household", sum(histogram.counts))
    return wording(
        "waiting.alt_part", households=households, days=wording.count("day", histogram.median)
    )
