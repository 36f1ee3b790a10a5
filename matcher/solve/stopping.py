"""Where the clock stopped each search, so that a solve can be repeated to the bit.

A solve is a sequence of searches, each of which does the same whenever it is given the same. Only
the clock is different the next time. So a search asks at fixed points of its own whether to stop,
and what is kept is at which of them it did: asked the same number of times again, it ends with the
same answer, however fast the machine is.
"""

import math
import time
from collections.abc import Callable, Sequence

FORCED = -1
"""The clock cut into a search between two of its checks: that cannot be repeated."""
SOFT = 0.85
"""Share of its time after which a search stops at its next check."""
HARD, MORE = 1.15, 1.0
"""Share of its time, and seconds on top, after which it is cut off wherever it is."""


class Watch:
    """The clock of one search.

    Parameters
    ----------
    seconds : float
        What the search is given.
    cancelled : callable or None
        True when the whole solve is to end.
    repeats : bool
        Whether a search is repeated; then only ``at`` says when it stops.
    at : int or None
        The check at which it stopped; None when it ended by itself.
    """

    def __init__(
        self, seconds: float, cancelled: Callable[[], bool] | None, repeats: bool, at: int | None
    ) -> None:
        self.seconds, self.repeats = seconds, repeats
        self.stopped: int | None = 0 if repeats and at == 0 else None
        self._begun, self._cancelled, self._at = time.perf_counter(), cancelled, at
        self._checks = 0

    @property
    def left(self) -> float:
        """Seconds that are left of those given."""
        return math.inf if self.repeats else self.seconds - self._used()

    @property
    def limit(self) -> float:
        """Seconds until the search is cut off, also between two checks."""
        return math.inf if self.repeats else HARD * self.seconds + MORE - self._used()

    @property
    def skips(self) -> bool:
        """Whether the search that is repeated came to nothing before its first check."""
        return self.stopped == 0

    def over(self) -> bool:
        """Check: whether the search is to stop here. Once it is, it stays so."""
        if self.stopped is None:
            self._checks += 1
            if self.limit <= 0:
                # What the search itself gave a limit, such as its heuristics, may have met it.
                self.stopped = FORCED
            elif self._is_over():
                self.stopped = self._checks
        return self.stopped is not None

    def cut(self, back: bool = False) -> None:
        """Note that the search was cut off, and not stopped at a check.

        Parameters
        ----------
        back : bool
            Whether it goes back to where it was at its last check.
        """
        if self.stopped is None:
            self.stopped = self._checks if back or not self._checks else FORCED

    def _is_over(self) -> bool:
        if self._cancelled is not None and self._cancelled():
            return True
        return self._checks == self._at if self.repeats else self._used() > SOFT * self.seconds

    def _used(self) -> float:
        return time.perf_counter() - self._begun


class Stops:
    """Watches of all searches of a solve, in their order.

    Parameters
    ----------
    repeat : sequence of (int or None), or None
        Where each search of an earlier solve stopped, to stop there again; None to go by the clock.
    """

    def __init__(self, repeat: Sequence[int | None] | None = None) -> None:
        self._repeat = repeat
        self._watches: list[Watch] = []

    def watch(self, seconds: float, cancelled: Callable[[], bool] | None = None) -> Watch:
        """Begin the next search."""
        there = self._repeat or ()
        number = len(self._watches)
        at = there[number] if number < len(there) else None
        self._watches.append(Watch(seconds, cancelled, self._repeat is not None, at))
        return self._watches[-1]

    @property
    def record(self) -> tuple[int | None, ...]:
        """At which of its checks each search stopped; None when it ended by itself."""
        return tuple(watch.stopped for watch in self._watches)
