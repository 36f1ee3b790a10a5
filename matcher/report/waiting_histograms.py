"""Histograms of days of waiting over one axis: until today, and until moving in."""

import math
from dataclasses import dataclass

import numpy as np

from matcher.domain.tables import FloatArray

BAR_WIDTHS = (7, 14, 30, 60, 90, 180, 365)
"""Days per bar: the smallest of these that needs at most :data:`MAX_BARS` bars is used."""
MAX_BARS = 32


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
