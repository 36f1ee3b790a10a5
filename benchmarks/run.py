"""Measure cases, backends and seeds, cell by cell."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.backends import check_backends
from benchmarks.cases import case_of
from benchmarks.process import measure_apart
from benchmarks.row import Row, Task

PATIENCE = 300.0
"""Seconds that a cell may take beyond its time limit, to load, build and end."""


@dataclass(frozen=True, slots=True)
class Step:
    """Progress of a run: the cell, its number from 1, the number of cells, and the measured row."""

    task: Task
    number: int
    of: int
    row: Row | None = None


def run(
    cases: Sequence[str],
    backends: Sequence[str],
    seeds: Sequence[int],
    *,
    seconds: float = 60.0,
    gap: float = 0.001,
    patience: float = PATIENCE,
    watch: Callable[[Step], None] | None = None,
) -> list[Row]:
    """Measure every case with every backend and seed, one cell at a time.

    Parameters
    ----------
    cases : sequence of str
        Names of files in ``benchmarks/cases``, or ``profile:households``.
    backends : sequence of str
        Names in ``matcher.solve.BACKENDS``, names of references, or ``module:attribute``.
    seeds : sequence of int
        Seeds; each is used for the queue and for the backend.
    seconds, gap : float
        Time limit and relative gap at which a backend may stop.
    patience : float
        Seconds beyond the time limit after which a cell's process is killed.
    watch : callable or None
        Called when a cell begins and when it has ended.

    Raises
    ------
    ValueError
        When there is no such case or backend; raised before anything is measured.
    """
    return list(measured(tasks(cases, backends, seeds, seconds, gap), patience, watch))


def tasks(
    cases: Sequence[str], backends: Sequence[str], seeds: Sequence[int], seconds: float, gap: float
) -> list[Task]:
    """List the cells: each case and seed with every backend that the case selects.

    Raises
    ------
    ValueError
        When there is no such case or backend.
    """
    check_backends(list(backends))
    return [
        Task(case, backend, seed, seconds, gap)
        for case in cases
        for seed in seeds
        for backend in case_of(case).backends(backends)
    ]


def measured(
    cells: Sequence[Task], patience: float, watch: Callable[[Step], None] | None = None
) -> Iterator[Row]:
    """Measure cells one after the other; yield each row as soon as it is measured."""
    for number, task in enumerate(cells, 1):
        yield measure(task, number, len(cells), patience, watch)


def measure(
    task: Task, number: int, of: int, patience: float, watch: Callable[[Step], None] | None = None
) -> Row:
    """Measure one cell, and report its progress before and after."""
    tell = watch or _silent
    tell(Step(task, number, of))
    row = measure_apart(task, patience)
    tell(Step(task, number, of, row))
    return row


def _silent(_: Step) -> None:
    pass
