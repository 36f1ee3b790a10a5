"""When a solve stops, and where the clock stopped each search, so that it can be repeated exactly.

A solve is a sequence of searches, each of which is deterministic but for the clock. So a search
checks at fixed points whether to stop, and the number of the check at which it stopped is
recorded. A repeated search stops at the same check, and returns the same result on a machine of
any speed.
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, Self

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


class WallClock:
    """Measures time: what a search gets done depends on the machine and on what else it does."""

    counts_work: ClassVar[bool] = False

    def now(self) -> float:
        """Return the seconds since some fixed moment."""
        return time.perf_counter()

    def spend(self, seconds: float) -> None:
        """Ignore counted work, as time passes by itself."""


class WorkClock(WallClock):
    """Counts work instead of time, so that a search ends at the same point on every machine.

    Its seconds are those that the counted steps take on a machine of 2026, roughly.
    """

    counts_work: ClassVar[bool] = True

    def __init__(self) -> None:
        self._done = 0.0

    def now(self) -> float:
        """Return the seconds of work so far."""
        return self._done

    def spend(self, seconds: float) -> None:
        """Add the work of a step."""
        self._done += seconds


class SearchClock:
    """The clock of one search.

    Parameters
    ----------
    seconds : float
        Time of the search, or its work.
    cancelled : callable or None
        Returns true when the whole solve is to end.
    repeats : bool
        Whether an earlier search is repeated; then only ``at`` decides when it stops.
    at : int or None
        Number of the check at which the earlier search stopped; None when it ended by itself.
    params : StoppingParams
    clock : WallClock or None
        Measures time, or counts work; None for time.
    """

    def __init__(
        self,
        seconds: float,
        cancelled: Callable[[], bool] | None,
        repeats: bool,
        at: int | None,
        params: StoppingParams = DEFAULT_STOPPING,
        *,
        clock: WallClock | None = None,
    ) -> None:
        self.seconds, self.repeats, self._params = seconds, repeats, params
        self.stopped_at: int | None = 0 if repeats and at == 0 else None
        self._clock = clock or WallClock()
        self._begun = self._clock.now()
        self._cancelled, self._at = cancelled, at
        self._checks = 0

    @property
    def remaining(self) -> float:
        """Remaining seconds of the search; infinite while repeating."""
        return math.inf if self.repeats else self.seconds - self._used()

    @property
    def remaining_time(self) -> float:
        """Remaining seconds of time; infinite while repeating, and where work is counted."""
        return math.inf if self._clock.counts_work else self.remaining

    @property
    def hard_limit(self) -> float:
        """Seconds of time until the search is cut off between two checks; infinite as above."""
        if self.repeats or self._clock.counts_work:
            return math.inf
        allowed = self._params.hard_share * self.seconds + self._params.hard_extra_seconds
        return allowed - self._used()

    @property
    def repeats_no_result(self) -> bool:
        """Whether the repeated search had stopped without a result before its first check."""
        return self.stopped_at == 0

    def should_stop(self, work: float = 0.0) -> bool:
        """Check whether the search is to stop; count the check. The answer stays true.

        Parameters
        ----------
        work : float
            Work since the last check, in seconds; used where work is counted instead of time.
        """
        self._clock.spend(work)
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
        return self._clock.now() - self._begun


class StopLog:
    """The clocks of all searches of a solve, in order.

    Parameters
    ----------
    repeated : sequence of (int or None), or None
        Record of an earlier solve, whose searches are to stop at the same checks; None to stop
        by the clock.
    params : StoppingParams
    clock : WallClock or None
        Measures time or counts work for all searches; None for time.
    """

    def __init__(
        self,
        repeated: Sequence[int | None] | None = None,
        params: StoppingParams = DEFAULT_STOPPING,
        clock: WallClock | None = None,
    ) -> None:
        self._repeat, self._params, self.clock = repeated, params, clock or WallClock()
        self._watches: list[SearchClock] = []

    def start_search(
        self, seconds: float, cancelled: Callable[[], bool] | None = None
    ) -> SearchClock:
        """Start the clock of the next search."""
        repeated = self._repeat or ()
        number = len(self._watches)
        at = repeated[number] if number < len(repeated) else None
        repeats = self._repeat is not None
        watch = SearchClock(seconds, cancelled, repeats, at, self._params, clock=self.clock)
        self._watches.append(watch)
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
    effort : float or None
        Work instead of time: a limit in counted steps, each as many seconds as it takes on a
        machine of 2026, roughly. The same effort gives the same plan to the bit with the same
        versions on the same kind of processor, however busy it is. ``seconds`` is then not used.
    cancelled : callable or None
        Called repeatedly; a true return value ends the solve with the best plan so far.
    stop_log : StopLog
        Records where the clock stopped each search, or repeats an earlier record.

    Raises
    ------
    ValueError
        When seconds, gap or effort is no finite number, gap below 0, or another not above it.
    """

    seconds: float = 60.0
    gap: float = 0.001
    cancelled: Callable[[], bool] | None = None
    stop_log: StopLog = field(default_factory=StopLog)
    effort: float | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.seconds) and self.seconds > 0):
            raise ValueError(f"seconds must be a number above 0, not {self.seconds}")
        if self.effort is not None and not (math.isfinite(self.effort) and self.effort > 0):
            raise ValueError(f"effort must be a number above 0, not {self.effort}")
        if not (math.isfinite(self.gap) and self.gap >= 0):
            raise ValueError(f"gap must be a number from 0 up, not {self.gap}")

    def begin(
        self, repeat: Sequence[int | None] | None = None, params: StoppingParams = DEFAULT_STOPPING
    ) -> Self:
        """Return the same limits with a new record, and a clock that fits them."""
        if self.effort is None:
            return replace(self, stop_log=StopLog(repeat, params))
        stop_log = StopLog(repeat, params, WorkClock())
        return replace(self, seconds=self.effort, stop_log=stop_log)

    def is_cancelled(self) -> bool:
        """Return whether the solve has been cancelled."""
        return self.cancelled is not None and self.cancelled()
