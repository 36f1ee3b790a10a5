"""Measure cases, backends and seeds, cell by cell."""

from collections.abc import Callable, Iterator, Sequence

from benchmarks.backends import check_backends
from benchmarks.cases import get_case
from benchmarks.cell_progress import CellProgress
from benchmarks.process import measure_in_process
from benchmarks.row import Row, Task

GRACE_SECONDS = 300.0
"""Seconds that a cell may take beyond its time limit, to load, build and end."""


def run_benchmarks(
    cases: Sequence[str],
    backends: Sequence[str],
    seeds: Sequence[int],
    *,
    seconds: float = 60.0,
    gap: float = 0.001,
    grace_seconds: float = GRACE_SECONDS,
    on_step: Callable[[CellProgress], None] | None = None,
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
    grace_seconds : float
        Seconds beyond the time limit after which a cell's process is killed.
    on_step : callable or None
        Called when a cell begins and when it has ended.

    Raises
    ------
    ValueError
        When there is no such case or backend; raised before anything is measured.
    """
    return list(
        measure_cells(build_tasks(cases, backends, seeds, seconds, gap), grace_seconds, on_step)
    )


def build_tasks(
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
        for backend in get_case(case).select_backends(backends)
    ]


def measure_cells(
    cells: Sequence[Task],
    grace_seconds: float,
    on_step: Callable[[CellProgress], None] | None = None,
) -> Iterator[Row]:
    """Measure cells one after the other; yield each row as soon as it is measured."""
    for number, task in enumerate(cells, 1):
        yield measure_cell(task, number, len(cells), grace_seconds, on_step)


def measure_cell(
    task: Task,
    number: int,
    total: int,
    grace_seconds: float,
    on_step: Callable[[CellProgress], None] | None = None,
) -> Row:
    """Measure one cell, and report its progress before and after."""
    tell = on_step or _silent
    tell(CellProgress(task, number, total))
    row = measure_in_process(task, grace_seconds)
    tell(CellProgress(task, number, total, row))
    return row


def _silent(_: CellProgress) -> None:
    pass
