"""Measure when a solve's value came near its bound, from the backend's progress reports."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.meter import Meter
from matcher.solve.result import OPTIMALITY_TOLERANCE, Result
from matcher.solve.stopping import Progress

GAP_THRESHOLDS: Mapping[str, float] = {
    "to_percent": 0.01,
    "to_tenth": 0.001,
    "to_hundredth": 0.0001,
}
"""Relative gap by the column that holds the seconds until that gap was reached."""


class ConvergenceTracker:
    """Times at which the gap between best value and best bound of level 2 first became small."""

    def __init__(self) -> None:
        self._value, self._bound = -math.inf, math.inf
        self._seconds: dict[str, float] = {}

    def record(self, value: float | None, bound: float | None, seconds: float) -> None:
        """Record the value and bound that a backend has after a number of seconds."""
        self._value = max(self._value, -math.inf if value is None else value)
        self._bound = min(self._bound, math.inf if bound is None else bound)
        for name, near in GAP_THRESHOLDS.items():
            if _gap(self._value, self._bound) <= near + OPTIMALITY_TOLERANCE:
                self._seconds.setdefault(name, seconds)

    def progress_callback(self, meter: Meter) -> Callable[[Progress], None]:
        """Return a progress callback for a solve; the meter must have started with the solve."""

        def follow(progress: Progress) -> None:
            if progress.level == 2:
                self.record(progress.value, progress.bound, meter.wall_seconds())

        return follow

    def seconds_to_gaps(self, result: Result, solve_seconds: float) -> dict[str, Any]:
        """Return the seconds by column, for those gaps that the checked result confirms.

        Parameters
        ----------
        result : Result
            Without a proof of level 1 its points cannot be compared: the mapping is empty.
        solve_seconds : float
            Seconds that the solve took; used for a backend that reports only at its end.
        """
        gaps = [level.gap for level in result.levels]
        if not gaps or gaps[0] is None or gaps[1] is None or gaps[0] > OPTIMALITY_TOLERANCE:
            return {}
        self.record(result.levels[1].value, result.levels[1].bound, solve_seconds)
        reached = {
            name for name, near in GAP_THRESHOLDS.items() if gaps[1] <= near + OPTIMALITY_TOLERANCE
        }
        return {name: at for name, at in self._seconds.items() if name in reached}


def _gap(value: float, bound: float) -> float:
    if not (math.isfinite(value) and math.isfinite(bound)):
        return math.inf
    return max(0.0, bound - value) / max(1.0, abs(bound))
