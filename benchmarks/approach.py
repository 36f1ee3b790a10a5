"""When a solve came how near to its bound: from what a backend tells while it runs."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.meter import Meter
from matcher.solve import Progress, Result
from matcher.solve.result import EXACT

NEAR: Mapping[str, float] = {"to_percent": 0.01, "to_tenth": 0.001, "to_hundredth": 0.0001}
"""Columns of seconds, and the relative gap that each of them is about."""


class Approach:
    """First moments at which the best value and the best bound of level 2 were near each other."""

    def __init__(self) -> None:
        self._value, self._bound = -math.inf, math.inf
        self._seconds: dict[str, float] = {}

    def note(self, value: float | None, bound: float | None, seconds: float) -> None:
        """Note what a backend has after so many seconds."""
        self._value = max(self._value, -math.inf if value is None else value)
        self._bound = min(self._bound, math.inf if bound is None else bound)
        for name, near in NEAR.items():
            if _gap(self._value, self._bound) <= near + EXACT:
                self._seconds.setdefault(name, seconds)

    def following(self, meter: Meter) -> Callable[[Progress], None]:
        """Give what a solve tells its progress to; the meter counts from its beginning."""

        def follow(progress: Progress) -> None:
            if progress.level == 2:
                self.note(progress.value, progress.bound, meter.wall_seconds())

        return follow

    def seconds(self, result: Result, solved: float) -> dict[str, Any]:
        """Give the seconds by column, as far as the checked result bears them out.

        Parameters
        ----------
        result : Result
            Without a proof of level 1 its points are compared with nothing, and nothing is given.
        solved : float
            Seconds that the solve took; the time of a backend that tells only at its end.
        """
        gaps = [level.gap for level in result.levels]
        if not gaps or gaps[0] is None or gaps[1] is None or gaps[0] > EXACT:
            return {}
        self.note(result.levels[1].value, result.levels[1].bound, solved)
        reached = {name for name, near in NEAR.items() if gaps[1] <= near + EXACT}
        return {name: at for name, at in self._seconds.items() if name in reached}


def _gap(value: float, bound: float) -> float:
    if not (math.isfinite(value) and math.isfinite(bound)):
        return math.inf
    return max(0.0, bound - value) / max(1.0, abs(bound))
