"""What a cell is asked, and what came of it."""

from dataclasses import dataclass

BAD_OUTCOMES = ("no plan", "refused", "failed", "crashed", "timed out")
"""Outcomes that give no plan that could be used."""
NO_BACKEND = ""
"""Backend of a case that needs none."""


def label(case: str, backend: str, seed: int) -> str:
    """Name a cell for people."""
    return " ".join(part for part in (case, backend, f"seed {seed}") if part)


@dataclass(frozen=True, slots=True)
class Task:
    """One cell of the table.

    Parameters
    ----------
    case, backend : str
        By name; the backend is empty where the case needs none, and can be a reference.
    seed : int
        Of the queue and of the backend.
    seconds : float
        Time limit of the backend.
    gap : float
        Relative gap that is good enough, 0.001 for a tenth of a per cent.
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
    """What was measured in one cell; None where there is nothing to say.

    Parameters
    ----------
    case, backend : str
    seed : int
    outcome : str
        That of the result (proved, gap, unproved, no plan); measured, for a case without a
        backend and for one pass; bound or loose bound, for the LP alone, solved or stopped; or
        refused (the plan is not what the backend claims), failed (the backend gave
        up), crashed (the process ended without an answer), timed out (it was ended).
    households, persons : int or None
        In the queue.
    placed : int or None
        Persons; None without a plan.
    value_1, value_2 : float or None
        Weighted persons placed at level 1, points at level 2, recomputed from the plan.
    bound_1, bound_2 : float or None
        Proven upper bounds.
    gap_1, gap_2 : float or None
        Relative distance to the bounds.
    build_seconds : float or None
        Tables and program.
    solve_seconds : float or None
        Backend and recomputation.
    to_percent, to_tenth, to_hundredth : float or None
        Seconds of them until value and bound of level 2 were within 1, 0.1 and 0.01 %.
    earlier_seconds : float or None
        What the plan took that a case starts from.
    moved : int or None
        Households that have another place than in that plan.
    call_ms : float or None
        Median of the calls of a case that makes many, in milliseconds.
    total_seconds : float or None
        Building and what came after it.
    cpu_seconds : float or None
        Of all threads and child processes in that time.
    peak_mb : float or None
        Most memory of the process, or of its largest child if that took more, in 2^20 bytes.
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
