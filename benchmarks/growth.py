"""Measure ever larger queues, and decide which backend is still measured at which size."""

from collections.abc import Callable, Collection, Iterator, Sequence

from benchmarks.cell_progress import CellProgress
from benchmarks.references import REFERENCES
from benchmarks.row import FAILED_OUTCOMES, Row, Task
from benchmarks.run import measure_cell
from matcher.solve.backends.registry import DEFAULT_BACKEND

SIZES = (40, 150, 300, 700, 1500, 3000, 5000, 17_000)
"""Default sizes in households; a crisis of 170 000 is measured only on request."""
PROFILE_MAX_HOUSEHOLDS = {
    "small": 40,
    "night": 700,
    "busy-night": 3000,
    "backlog": 5000,
    "year": 17_000,
}
"""Largest queue that each profile is used for; ``crisis`` is used beyond them."""
EXEMPT_BACKEND = DEFAULT_BACKEND
"""Backend that by default is measured at every size."""
LIMIT_SHARE = 0.8
"""Share of the time limit; a backend without a proof that used more has reached its limit."""


def case_for_size(households: int) -> str:
    """Return the case name for a size: a profile for queues of that size, and the number."""
    profile = next(
        (
            name
            for name, max_households in PROFILE_MAX_HOUSEHOLDS.items()
            if households <= max_households
        ),
        "crisis",
    )
    return f"{profile}:{households}"


def measure_growth(
    cells: Sequence[Task],
    grace_seconds: float,
    exempt_backends: Collection[str] = (EXEMPT_BACKEND,),
    on_step: Callable[[CellProgress], None] | None = None,
) -> Iterator[Row]:
    """Measure cells case by case; leave out a backend once it has reached its time limit.

    Parameters
    ----------
    cells : sequence of Task
        Smaller queues first.
    grace_seconds : float
        Seconds beyond the time limit after which a cell's process is killed.
    exempt_backends : collection of str
        Backends that are measured even after they reached their limit.
    on_step : callable or None
        Called when a cell begins and when it has ended.
    """
    at_limit: dict[str, str] = {}
    for number, task in enumerate(cells, 1):
        if at_limit.get(task.backend, task.case) != task.case:
            continue
        row = measure_cell(task, number, len(cells), grace_seconds, on_step)
        if task.backend not in exempt_backends and reached_time_limit(row, task.seconds):
            at_limit.setdefault(task.backend, task.case)
        yield row


def reached_time_limit(row: Row, seconds: float) -> bool:
    """Whether a backend failed, or was stopped by its time limit without a proof."""
    if row.outcome in FAILED_OUTCOMES:
        return True
    proving = row.backend not in REFERENCES and row.outcome in ("gap", "unproved")
    return proving and (row.solve_seconds or 0.0) >= LIMIT_SHARE * seconds
