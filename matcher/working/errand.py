"""The context of a job: a run that a worker has claimed, as the code that does the work sees it."""

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
    """The work must stop: someone cancelled the run, or the worker is shutting down."""


@dataclass(frozen=True, slots=True)
class Made:
    """An output of a job that is not yet stored."""

    name: str
    media_type: str
    body: bytes


class Errand:
    """A run that a worker has claimed.

    Parameters
    ----------
    store : Store
    run : Run
    worker : str
    heart : Heart
        Reports that the worker is alive, and learns when the work must stop.
    clock : callable
        Returns the current time.
    """

    def __init__(
        self, store: Store, run: Run, worker: str, heart: Heart, clock: Callable[[], datetime]
    ) -> None:
        self.store, self.run, self.worker = store, run, worker
        self.clock = clock
        self._heart = heart
        self._outputs: list[Made] = []

    def stopped(self) -> bool:
        """Whether the work must stop; solvers check this regularly."""
        return self._heart.stopped

    def at(self, step: str, **facts: Any) -> None:
        """Report the step that begins now.

        Raises
        ------
        StoppedError
            When the work must stop.
        """
        self._heart.tell({"step": step, **facts})
        if self.stopped():
            raise StoppedError(f"run {self.run.id} was stopped")

    def follow(self, progress: Progress) -> None:
        """Report the progress of a solve."""
        self._heart.tell({"step": "solving", **_facts(progress)})

    def make(self, name: str, media_type: str, body: bytes) -> None:
        """Add an output; :meth:`done` stores all outputs together."""
        self._outputs.append(Made(name, media_type, body))

    def done(self) -> None:
        """Store all outputs and complete the run in one transaction: everything or nothing."""
        lease: dict[str, Any] = {"worker": self.worker, "at": self.clock()}
        with self.store.writing():
            for output in self._outputs:
                keep(
                    self.store,
                    self.run.id,
                    **lease,
                    name=output.name,
                    media_type=output.media_type,
                    body=output.body,
                )
            complete(self.store, self.run.id, **lease)


def _facts(progress: Progress) -> Mapping[str, Any]:
    return {
        "level": progress.level,
        "value": progress.value,
        "bound": progress.bound,
        "seconds": round(progress.seconds, 1),
    }
