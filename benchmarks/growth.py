"""Ever larger queues: who is asked at which size, and until when."""

from collections.abc import Callable, Collection, Iterator, Sequence

from benchmarks.references import REFERENCES
from benchmarks.row import BAD_OUTCOMES, Row, Task
from benchmarks.run import Step, measure
from matcher.solve import DEFAULT_BACKEND

SIZES = (40, 150, 300, 700, 1500, 3000, 5000, 17_000)
"""Households of the queues unless told; a crisis, 170 000, is measured when it is named."""
UP_TO = {"small": 40, "night": 700, "busy-night": 3000, "backlog": 5000, "year": 17_000}
"""Profiles, and the largest queues that they are taken for; beyond them it is ``crisis``."""
THROUGHOUT = DEFAULT_BACKEND
"""Backend that is asked at every size unless told otherwise."""
NEARLY = 0.8
"""Share of its time limit from which a backend that proved nothing has run into it."""


def case_of_size(households: int) -> str:
    """Name the case of a queue of a size: a profile that makes such queues, and the number."""
    profile = next((name for name, most in UP_TO.items() if households <= most), "crisis")
    return f"{profile}:{households}"


def grown(
    cells: Sequence[Task],
    patience: float,
    throughout: Collection[str] = (THROUGHOUT,),
    watch: Callable[[Step], None] | None = None,
) -> Iterator[Row]:
    """Measure cells case by case; backends that ran into their limit are left out from then on.

    Parameters
    ----------
    cells : sequence of Task
        Smaller queues first.
    patience : float
        Seconds beyond the limit after which a cell's process is ended.
    throughout : collection of str
        Backends that are asked nevertheless.
    watch : callable or None
        Told when a cell begins and when it has ended.
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
    """Whether a backend did not come to its end by itself at a size."""
    if row.outcome in BAD_OUTCOMES:
        return True
    proving = row.backend not in REFERENCES and row.outcome in ("gap", "unproved")
    return proving and (row.solve_seconds or 0.0) >= NEARLY * seconds
