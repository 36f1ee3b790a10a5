"""Progress of a solve, for whoever watches it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress of a solve: the level, its best value and bound so far, seconds since start."""

    level: int
    value: float | None
    bound: float | None
    seconds: float


def ignore_progress(_: Progress) -> None:
    """Ignore progress."""
