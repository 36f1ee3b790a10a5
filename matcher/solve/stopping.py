"""When a solve stops, and where the clock stopped each search, so that it can be repeated exactly.

A solve is a sequence of searches, each of which is deterministic but for the clock. So a search
checks at fixed points whether to stop, and the number of the check at which it stopped is
recorded. A repeated search stops at the same check, and returns the same result on a machine of
any speed.
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from matcher.solve.params.search_params import StoppingParams


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress of a solve: the level, its best value and bound so far, seconds since start."""

    level: int
    value: float | None
    bound: float | None
    seconds: float


def ignore_progress(_: Progress) -> None:
    """Ignore progress."""


FORCED_CUTOFF = -1
"""Recorded when the clock ended a search between two checks, which cannot be repeated."""
DEFAULT_STOPPING = StoppingParams()


class SearchClock:
    """The clock of one search.

    Parameters
    ----------
    seconds : float
        Time of the search.
    cancelled : callable or None
        Returns true when the whole solve is to end.
    repeats : bool
        Whether an earlier search is repeated; then only ``at`` decides when it stops.
    at : int or None
        Number of the check at which the earlier search stopped; None when it ended by itself.
    params : StoppingParams
    """

    def __init__(
        self,
        seconds: float,
        cancelled: Callable[[], bool] | None,
        repeats: bool,
        at: int | None,
        params: StoppingParams = DEFAULT_STOPPING,
    ) -> None:
        self.seconds, self.repeats, self._params = seconds, repeats, params
        self.stopped_at: int | None = 0 if repeats and at == 0 else None
        self._begun, self._cancelled, self._at = time.perf_counter(), cancelled, at
        self._checks = 0

    @property
    def remaining(self) -> float:
        """Remaining seconds of the search; infinite while repeating."""
        return math.inf if self.repeats else self.seconds - self._used()

    @property
    def hard_limit(self) -> float:
        """Seconds until the search is cut off between two checks; infinite while repeating."""
        if self.repeats:
            return math.inf
        allowed = self._params.hard_share * self.seconds + self._params.hard_extra_seconds
        return allowed - self._used()

    @property
    def repeats_no_result(self) -> bool:
        """Whether the repeated search had stopped without a result before its first check."""
        return self.stopped_at == 0

    def should_stop(self) -> bool:
        """Check whether the search is to stop; count the check. The answer stays true."""
        if self.stopped_at is None:
            self._checks += 1
            if self.hard_limit <= 0:
                # Parts of the search with a time limit of their own may have reached it.
                self.stopped_at = FORCED_CUTOFF
            elif self._is_over():
                self.stopped_at = self._checks
        return self.stopped_at is not None

    def record_cutoff(self, at_last_check: bool = False) -> None:
        """Record that the search was cut off between two checks.

        Parameters
        ----------
        at_last_check : bool
            Whether the search returns to its state at the last check, which can be repeated.
        """
        if self.stopped_at is None:
            self.stopped_at = self._checks if at_last_check or not self._checks else FORCED_CUTOFF

    def _is_over(self) -> bool:
        if self._cancelled is not None and self._cancelled():
            return True
        if self.repeats:
            return self._checks == self._at
        return self._used() > self._params.soft_share * self.seconds

    def _used(self) -> float:
        return time.perf_counter() - self._begun


class StopLog:
    """The clocks of all searches of a solve, in order.

    Parameters
    ----------
    repeated : sequence of (int or None), or None
        Record of an earlier solve, whose searches are to stop at the same checks; None to stop
        by the clock.
    params : StoppingParams
    """

    def __init__(
        self,
        repeated: Sequence[int | None] | None = None,
        params: StoppingParams = DEFAULT_STOPPING,
    ) -> None:
        self._repeat, self._params = repeated, params
        self._watches: list[SearchClock] = []

    def start_search(
        self, seconds: float, cancelled: Callable[[], bool] | None = None
    ) -> SearchClock:
        """Start the clock of the next search."""
        repeated = self._repeat or ()
        number = len(self._watches)
        at = repeated[number] if number < len(repeated) else None
        repeats = self._repeat is not None
        self._watches.append(SearchClock(seconds, cancelled, repeats, at, self._params))
        return self._watches[-1]

    @property
    def stop_checks(self) -> tuple[int | None, ...]:
        """The check at which each search stopped; None when it ended by itself."""
        return tuple(watch.stopped_at for watch in self._watches)


@dataclass(frozen=True, slots=True)
class StopCriteria:
    """When a solve stops.

    Parameters
    ----------
    seconds : float
        Time limit; the best plan so far is returned with its gap.
    gap : float
        Relative gap at which the solve ends, 0.001 for a tenth of a per cent.
    cancelled : callable or None
        Called repeatedly; a true return value ends the solve with the best plan so far.
    stop_log : StopLog
        Records where the clock stopped each search, or repeats an earlier record.

    Raises
    ------
    ValueError
        When seconds or gap is no finite number, seconds not above 0, or gap below it.
    """

    seconds: float = 60.0
    gap: float = 0.001
    cancelled: Callable[[], bool] | None = None
    stop_log: StopLog = field(default_factory=StopLog)

    def __post_init__(self) -> None:
        if not (math.isfinite(self.seconds) and self.seconds > 0):
            raise ValueError(f"seconds must be a number above 0, not {self.seconds}")
        if not (math.isfinite(self.gap) and self.gap >= 0):
            raise ValueError(f"gap must be a number from 0 up, not {self.gap}")

    def is_cancelled(self) -> bool:
        """Return whether the solve has been cancelled."""
        return self.cancelled is not None and self.cancelled()
