"""An errand: a run in the hands of a worker, as those see it who do the work."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from matcher.errors import TreffsikkerError
from matcher.solve import Progress
from matcher.store.database import Store
from matcher.store.database.runs import Run, complete, keep
from matcher.working.heart import Heart


class StoppedError(TreffsikkerError):
    """The work is not to go on: someone cancelled it, or the worker is being stopped."""


@dataclass(frozen=True, slots=True)
class Made:
    """Something that an errand has made, not yet kept."""

    name: str
    media_type: str
    body: bytes


class Errand:
    """A run in the hands of a worker.

    Parameters
    ----------
    store : Store
    run : Run
    worker : str
    heart : Heart
        Shows that the worker is at work, and hears when it is to stop.
    clock : callable
        Gives this moment.
    """

    def __init__(
        self, store: Store, run: Run, worker: str, heart: Heart, clock: Callable[[], datetime]
    ) -> None:
        self.store, self.run, self.worker = store, run, worker
        self.clock = clock
        self._heart = heart
        self._made: list[Made] = []

    def stopped(self) -> bool:
        """Whether the work is not to go on; solvers ask as they go."""
        return self._heart.stopped

    def at(self, step: str, **facts: Any) -> None:
        """Tell followers what is being done now.

        Raises
        ------
        StoppedError
            When the work is not to go on.
        """
        self._heart.tell({"step": step, **facts})
        if self.stopped():
            raise StoppedError(f"run {self.run.id} was stopped")

    def follow(self, progress: Progress) -> None:
        """Tell followers where a solve stands."""
        self._heart.tell({"step": "solving", **_facts(progress)})

    def make(self, name: str, media_type: str, body: bytes) -> None:
        """Hand something over; it is kept together with all else when the errand is done."""
        self._made.append(Made(name, media_type, body))

    def done(self) -> None:
        """Keep all that was made and end the run, at once: all of it or nothing."""
        held: dict[str, Any] = {"worker": self.worker, "at": self.clock()}
        with self.store.writing():
            for made in self._made:
                keep(
                    self.store, self.run.id, **held, name=made.name,
                    media_type=made.media_type, body=made.body,
                )  # fmt: skip
            complete(self.store, self.run.id, **held)


def _facts(progress: Progress) -> Mapping[str, Any]:
    return {
        "level": progress.level,
        "value": progress.value,
        "bound": progress.bound,
        "seconds": round(progress.seconds, 1),
    }
