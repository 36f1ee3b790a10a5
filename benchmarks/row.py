"""A cell's task, and the row of what was measured."""

from dataclasses import dataclass

FAILED_OUTCOMES = ("no plan", "refused", "failed", "crashed", "timed out")
"""Outcomes without a usable plan."""
NO_BACKEND = ""
"""Backend name of a case that needs no backend."""


def label(case: str, backend: str, seed: int) -> str:
    """Name a cell for people."""
    return " ".join(part for part in (case, backend, f"seed {seed}") if part)


@dataclass(frozen=True, slots=True)
class Task:
    """One cell of the table.

    Parameters
    ----------
    case, backend : str
        Names; the backend is empty where the case needs none, and can be a reference.
    seed : int
        Seed of the queue and of the backend.
    seconds : float
        Time limit of the backend.
    gap : float
        Relative gap at which the backend may stop, 0.001 for a tenth of a per cent.
    """

    case: str
    backend: str
    seed: int
    seconds: float
    gap: float

    @property
    def label(self) -> str:
        """Name for people."""
        return label(self.case, self.backend, self.seed)


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured in one cell; None where there is no value.

    Parameters
    ----------
    case, backend : str
    seed : int
    outcome : str
        The outcome of the result (proved, gap, unproved, no plan); measured, for a case without
        a backend and for one pass; bound or loose bound, for the LP alone, solved or stopped; or
        refused (the plan is not what the backend claims), failed (the backend raised an error),
        crashed (the process ended without a row), timed out (the process was killed).
    households, persons : int or None
        Numbers in the queue.
    placed : int or None
        Persons placed; None without a plan.
    value_1, value_2 : float or None
        Weighted persons placed at level 1, points at level 2, recomputed from the plan.
    bound_1, bound_2 : float or None
        Proven upper bounds.
    gap_1, gap_2 : float or None
        Relative distance to the bounds.
    build_seconds : float or None
        Time to build tables and program.
    solve_seconds : float or None
        Time of the backend and of the recomputation.
    to_percent, to_tenth, to_hundredth : float or None
        Solving seconds until value and bound of level 2 were within 1, 0.1 and 0.01 %.
    earlier_seconds : float or None
        Time of the earlier plan that the case starts from.
    moved : int or None
        Households that have another place than in the earlier plan.
    call_ms : float or None
        Median of the calls of a case that makes many, in milliseconds.
    total_seconds : float or None
        Time to build and of the work after it.
    cpu_seconds : float or None
        Processor time of all threads and child processes in that time.
    peak_mb : float or None
        Peak memory of the process, or of its largest child if that is more, in 2^20 bytes.
    message : str
        Why there is no plan.
    """

    case: str
    backend: str
    seed: int
    outcome: str
    households: int | None = None
    persons: int | None = None
    placed: int | None = None
    value_1: float | None = None
    value_2: float | None = None
    bound_1: float | None = None
    bound_2: float | None = None
    gap_1: float | None = None
    gap_2: float | None = None
    build_seconds: float | None = None
    solve_seconds: float | None = None
    to_percent: float | None = None
    to_tenth: float | None = None
    to_hundredth: float | None = None
    earlier_seconds: float | None = None
    moved: int | None = None
    call_ms: float | None = None
    total_seconds: float | None = None
    cpu_seconds: float | None = None
    peak_mb: float | None = None
    message: str = ""

    @property
    def label(self) -> str:
        """Name of the cell for people."""
        return label(self.case, self.backend, self.seed)

    @classmethod
    def of(cls, task: Task, outcome: str, message: str = "") -> "Row":
        """Start the row of a task."""
        return cls(task.case, task.backend, task.seed, outcome, message=message)
