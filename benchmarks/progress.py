"""Show the progress of a run: a bar on a terminal, one line per cell when piped."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks.cell_progress import CellProgress
from benchmarks.row import Row

error_console = Console(stderr=True, soft_wrap=True, highlight=False)


def print_status(text: str) -> None:
    """Write a line to the error stream; tables go to the output."""
    error_console.print(text, markup=False)


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise KeyboardInterrupt on SIGINT and SIGTERM, also when run in the background."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, signal.default_int_handler) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def show_progress() -> Iterator[Callable[[CellProgress], None]]:
    """Provide a function to which a run reports its progress."""
    if not error_console.is_terminal:
        yield _line
        return
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Progress(*columns, TimeElapsedColumn(), console=error_console, transient=True) as progress:
        bar = progress.add_task("", total=None)

        def tell(step: CellProgress) -> None:
            done = step.number - (step.row is None)
            progress.update(bar, total=step.total, completed=done, description=step.task.label)

        yield tell


def _line(step: CellProgress) -> None:
    if step.row is not None:
        print_status(f"{step.number}/{step.total} {step.task.label}: {describe_outcome(step.row)}")


def describe_outcome(row: Row) -> str:
    """Describe the outcome and the time of a row in a few words."""
    seconds = "" if row.total_seconds is None else f", {row.total_seconds:.1f} s"
    return f"{row.outcome}{seconds}"
