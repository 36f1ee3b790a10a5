"""Measure ever larger queues, and decide which backend is still measured at which size."""

from collections.abc import Callable, Collection, Iterator, Sequence

from benchmarks.references import REFERENCES
from benchmarks.row import BAD_OUTCOMES, Row, Task
from benchmarks.run import Step, measure
from matcher.solve import DEFAULT_BACKEND

SIZES = (40, 150, 300, 700, 1500, 3000, 5000, 17_000)
"""Default sizes in households; a crisis of 170 000 is measured only on request."""
UP_TO = {"small": 40, "night": 700, "busy-night": 3000, "backlog": 5000, "year": 17_000}
"""Largest queue that each profile is used for; ``crisis`` is used beyond them."""
THROUGHOUT = DEFAULT_BACKEND
"""Backend that by default is measured at every size."""
NEARLY = 0.8
"""Share of the time limit; a backend without a proof that used more has reached its limit."""


def case_of_size(households: int) -> str:
    """Return the case name for a size: a profile for queues of that size, and the number."""
    profile = next(
        (name for name, max_households in UP_TO.items() if households <= max_households), "crisis"
    )
    return f"{profile}:{households}"


def grown(
    cells: Sequence[Task],
    patience: float,
    throughout: Collection[str] = (THROUGHOUT,),
    watch: Callable[[Step], None] | None = None,
) -> Iterator[Row]:
    """Measure cells case by case; leave out a backend once it has reached its time limit.

    Parameters
    ----------
    cells : sequence of Task
        Smaller queues first.
    patience : float
        Seconds beyond the time limit after which a cell's process is killed.
    throughout : collection of str
        Backends that are measured even after they reached their limit.
    watch : callable or None
        Called when a cell begins and when it has ended.
    """
    at_limit: dict[str, str] = {}
    for number, task in enumerate(cells, 1):
        if at_limit.get(task.backend, task.case) != task.case:
            continue
        row = measure(task, number, len(cells), patience, watch)
        if task.backend not in throughout and ran_into_limit(row, task.seconds):
            at_limit.setdefault(task.backend, task.case)
        yield row


def ran_into_limit(row: Row, seconds: float) -> bool:
    """Whether a backend failed, or was stopped by its time limit without a proof."""
    if row.outcome in BAD_OUTCOMES:
        return True
    proving = row.backend not in REFERENCES and row.outcome in ("gap", "unproved")
    return proving and (row.solve_seconds or 0.0) >= NEARLY * seconds
