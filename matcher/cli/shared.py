"""Shared by the subcommands: options, output for people and programs, progress."""

import json
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from enum import IntEnum
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress as Bar
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from matcher.cli.sentences import texts
from matcher.domain.errors import TreffsikkerError
from matcher.domain.tables.vocabulary import split_unit
from matcher.policy.policy import Policy
from matcher.problem.problem import Problem
from matcher.solve.model_file import MODEL_FILE_SUFFIXES
from matcher.solve.params.solver_params import SolverParams
from matcher.solve.stopping import Progress
from matcher.texts import Language

MAX_SEED = 2_147_483_646
"""Solvers take 32-bit seeds, and one solver is given the seed plus one."""

EffortOption = Annotated[
    float | None,
    typer.Option(
        "--effort",
        help="Work instead of --seconds: about as many seconds' worth, counted in steps, so that "
        "the plan is the same to the bit each time. A clock may end a search at another step.",
    ),
]
SolverParamsOption = Annotated[
    Path | None,
    typer.Option(
        "--solver-params", help="TOML file of what steers the solver; its defaults unless given."
    ),
]


def read_solver_params(path: Path | None) -> SolverParams:
    """Read the parameters of the solver; the defaults without a file.

    Raises
    ------
    SolverParamsError
        When the file cannot be read, or names something that does not exist or is not allowed.
    """
    return SolverParams() if path is None else SolverParams.read(path)


def check_solve_options(
    seconds: float,
    gap: float,
    seed: int,
    model_path: Path | None,
    language: Language,
    effort: float | None = None,
) -> None:
    """Check the options of a solve before any file is read.

    Raises
    ------
    UsageError
        With one sentence for each wrong option, naming its value.
    """
    checks: tuple[tuple[str, object, bool], ...] = (
        ("seconds", seconds, math.isfinite(seconds) and seconds > 0),
        ("effort", effort, effort is None or (math.isfinite(effort) and effort > 0)),
        ("gap", gap, math.isfinite(gap) and gap >= 0),
        ("seed", seed, 0 <= seed <= MAX_SEED),
        ("ending", model_path, model_path is None or model_path.suffix in MODEL_FILE_SUFFIXES),
    )
    _raise_usage_error([(name, value) for name, value, fine in checks if not fine], language)


def check_seed(seed: int, language: Language) -> None:
    """Check that a seed is within the limits.

    Raises
    ------
    UsageError
        When it is not; the message names the seed.
    """
    _raise_usage_error([] if 0 <= seed <= MAX_SEED else [("seed", seed)], language)


def _raise_usage_error(wrong: list[tuple[str, object]], language: Language) -> None:
    words = texts(language)
    if wrong:
        sentences = (words[f"wrong_{name}"].format(value=v, most=MAX_SEED) for name, v in wrong)
        raise UsageError("\n".join(sentences))


def check_writable(folder: Path) -> None:
    """Check that a folder can be created and written to, and leave nothing behind.

    Raises
    ------
    OSError
        When it cannot: the user learns it before a long solve, not after it.
    """
    missing = [p for p in (folder, *folder.parents) if not p.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise type(error)(error.errno, error.strerror, str(folder)) from error
    finally:
        for parent in missing:
            if parent.is_dir():
                parent.rmdir()


if TYPE_CHECKING:
    from matcher.report.results import SavedResult


class RefusedImportError(TreffsikkerError):
    """Files from which much is gone are not taken in, as nobody has said that this is meant."""


class NightFailedError(TreffsikkerError):
    """The night did not finish; the last complete night is in force."""


class ExitCode(IntEnum):
    """Exit codes of the command."""

    OK = 0
    FAULTS = 1
    USAGE = 2
    NO_PLAN = 3
    NIGHT_RUNNING = 4
    NEEDS_ATTENTION = 5
    NIGHT_FAILED = 6


PlanOption = Annotated[
    Path | None, typer.Option("--plan", help="Folder of a plan; DATA/plan unless given.")
]
DataArgument = Annotated[Path, typer.Argument(metavar="DATA", help="Folder with tonight's files.")]
PolicyOption = Annotated[
    str, typer.Option("--policy", help="A policy by name, or a path that ends in .toml.")
]
PlanPolicyOption = Annotated[
    str | None,
    typer.Option("--policy", help="A policy by name or path; the plan's own unless given."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]
LanguageOption = Annotated[
    Language, typer.Option("--language", help="nb (bokmål) or en (English).")
]
HouseholdOption = Annotated[
    str | None,
    typer.Option("--household", metavar="ID", help="Whom; the longest waiting unless given."),
]

console = Console(soft_wrap=True, highlight=False)
error_console = Console(stderr=True, soft_wrap=True, highlight=False)


def print_error(message: str) -> None:
    """Write an error to the error stream."""
    error_console.print(
        message, markup=False, style="bold red" if error_console.is_terminal else None
    )


def print_line(text: str = "") -> None:
    """Write a line for people."""
    console.print(text, markup=False)


def print_block(lines: Sequence[str]) -> None:
    """Write lines for people after an empty one; nothing when there are none."""
    for line in ("", *lines) if lines else ():
        print_line(line)


def print_note(text: str) -> None:
    """Write a line for people to the error stream, which programs do not parse."""
    error_console.print(text, markup=False)


def print_json(value: Any) -> None:
    """Write JSON to the output."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False, default=_plain) + "\n")


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def print_table(
    columns: list[str], rows: list[list[str]], right: frozenset[int] = frozenset()
) -> None:
    """Write a table: aligned on a terminal, tab-separated when piped."""
    if not console.is_terminal:
        for row in [columns, *rows]:
            sys.stdout.write("\t".join(row) + "\n")
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for k, column in enumerate(columns):
        table.add_column(column, justify="right" if k in right else "left", no_wrap=k == 0)
    for row in rows:
        table.add_row(*row)
    console.print(table)


@contextmanager
def show_step(text: str) -> Iterator[None]:
    """Show on a terminal that a step is running, and for how long."""
    with show_progress(text):
        yield


@contextmanager
def show_progress(text: str) -> Iterator[Callable[[Progress], None]]:
    """Show the progress of a solve; write a single line at its start when piped."""
    if not error_console.is_terminal:
        error_console.print(f"{text} …", markup=False)
        yield lambda _: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Bar(*columns, console=error_console, transient=True) as bar:
        task = bar.add_task(text)
        yield lambda progress: bar.update(task, description=f"{text}{_stand(progress)}")


def _stand(progress: Progress) -> str:
    if progress.value is None or progress.bound is None:
        return f"  level {progress.level}"
    gap = max(0.0, progress.bound - progress.value) / max(1.0, abs(progress.bound))
    return (
        f"  level {progress.level}: {progress.value:,.0f} points, at most {progress.bound:,.0f} "
        f"(gap {100 * gap:.2f} %)"
    )


def load_problem(data: Path, policy: str | Policy, language: Language) -> Problem:
    """Read the files and build the problem, and show both steps."""
    from matcher.files import read  # noqa: PLC0415  # Loads pandas.

    chosen = Policy.read(policy) if isinstance(policy, str) else policy
    words = texts(language)
    with show_step(words["step.reading"].format(path=data)):
        instance = read(data)
    with show_step(words["step.preparing"].format(count=len(instance.households))):
        problem = Problem.of(instance, chosen)
        _ = problem.program
    return problem


def select_household(problem: Problem, household: str | None) -> str:
    """Return the requested household, or the longest waiting one if none was named.

    Raises
    ------
    UsageError
        When none was named and nobody waits.
    """
    if household is not None:
        return household
    if not len(problem.households):
        raise UsageError("the queue is empty: there is no household to look at")
    return split_unit(str(problem.households.id[int(problem.households.days_waited.argmax())]))[0]


def read_saved_plan(data: Path, folder: Path | None) -> "SavedResult | None":
    """Read the plan of a folder; if none was named, that of DATA/plan, or None without one."""
    from matcher.report.results import ResultNotFoundError, read_result  # noqa: PLC0415  # Loads pandas.

    if folder is not None:
        return read_result(folder)
    try:
        return read_result(data / "plan")
    except ResultNotFoundError:
        return None


class UsageError(TreffsikkerError):
    """The options or arguments of the command cannot be used together."""
