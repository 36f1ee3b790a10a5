"""``treffsikker bench``: measure, print and record."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from benchmarks import night_kills as kills
from benchmarks import options, worker_kills
from benchmarks import progress as watching
from benchmarks.cases import case_names, describe_case
from benchmarks.cell_progress import CellProgress
from benchmarks.export import export_rows
from benchmarks.failures import find_failures
from benchmarks.frames import add_ratios, summarize_seeds, to_frame
from benchmarks.growth import EXEMPT_BACKEND, SIZES, case_for_size, measure_growth
from benchmarks.growth_plot import draw_growth
from benchmarks.machine import describe_machine, format_facts
from benchmarks.options import OutputOptions
from benchmarks.references import REFERENCES
from benchmarks.results import BenchmarkRun, write_section
from benchmarks.row import Row
from benchmarks.run import GRACE_SECONDS, measure_cells
from benchmarks.table import print_frame
from matcher.solve.backends.registry import BACKENDS

DEFAULT_BACKENDS = ",".join([*REFERENCES, *BACKENDS])
"""Default of ``--backends``: references, then backends."""
GROWTH_BACKENDS = ",".join([*REFERENCES, "priced", "highs", "cpsat", "pulp", "scip"])
"""Default of ``--backends`` for growth: references, and the backends that prove a bound."""
SMOKE_SECONDS = 5.0
"""Time limit of a backend under ``--smoke``."""
RESULTS_FOLDER = Path("benchmarks")
"""Folder of RESULTS.md, relative to the working directory, which should be the repository."""
EXIT_FAILURE = 1
"""Exit code when a cell has no plan, or backends contradict each other."""

EPILOG = (
    "Exit codes: 0 fine, 1 a cell has no plan or backends contradict each other, 2 wrong usage. "
    "Cases, beside profile:households. "
    + " ".join(f"{name}: {describe_case(name)}" for name in case_names())
)
group = typer.Typer(
    name="bench",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Measure backends on queues of every size.",
)


@group.callback(invoke_without_command=True, epilog=EPILOG)
def run_cells(
    context: typer.Context,
    *,
    cases: Annotated[
        str, typer.Option("--cases", help="Names or profile:households, separated by commas.")
    ] = "small,night",
    backends: options.BackendsOption = DEFAULT_BACKENDS,
    seeds: options.SeedsOption = "1",
    seconds: options.SecondsOption = 60.0,
    gap: options.GapOption = 0.001,
    reference: options.ReferenceOption = "",
    out: options.OutOption = None,
    smoke: Annotated[bool, typer.Option("--smoke", help="Case small, seed 1, short.")] = False,
    write: options.WriteOption = False,
    into: options.IntoOption = RESULTS_FOLDER,
    day: options.DayOption = "",
    note: options.NoteOption = "",
    patience: options.PatienceOption = GRACE_SECONDS,
) -> None:
    """Measure cases, backends and seeds, each cell in a separate process."""
    if context.invoked_subcommand is not None:
        return
    keeping = OutputOptions(out, write, into, day, note)
    if smoke:
        cases, seeds, seconds = "small", "1", min(seconds, SMOKE_SECONDS)
    backend_names = options.split_names(backends)
    tasks = options.build_cells(options.split_names(cases), backend_names, seeds, seconds, gap)
    facts = describe_machine()
    rows = _collect_rows(lambda watch: measure_cells(tasks, patience, watch), facts)
    run = BenchmarkRun(
        rows, day, facts, options.choose_reference(reference, backend_names), seconds, gap, note
    )
    _report(run, keeping)
    _exit_if_failed(rows)


@group.command(name="growth")
def run_growth(
    *,
    households: Annotated[
        str, typer.Option("--households", help="Sizes of queues, separated by commas.")
    ] = ",".join(map(str, SIZES)),
    backends: options.BackendsOption = GROWTH_BACKENDS,
    throughout: Annotated[
        str, typer.Option("--throughout", help="Asked also after they ran into their limit.")
    ] = EXEMPT_BACKEND,
    seeds: options.SeedsOption = "1",
    seconds: options.SecondsOption = 60.0,
    gap: options.GapOption = 0.001,
    out: options.OutOption = None,
    plot: Annotated[
        Path | None,
        typer.Option(
            "--plot", callback=options.check_svg_path, help="Also draw the growth here, .svg."
        ),
    ] = None,
    write: options.WriteOption = False,
    into: options.IntoOption = RESULTS_FOLDER,
    day: options.DayOption = "",
    note: options.NoteOption = "",
    patience: options.PatienceOption = GRACE_SECONDS,
) -> None:
    """Measure ever larger queues; leave out a backend once it has reached its time limit."""
    keeping, backend_names = (
        OutputOptions(out, write, into, day, note),
        options.split_names(backends),
    )
    cases = [case_for_size(size) for size in options.parse_sizes(households)]
    tasks, facts = (
        options.build_cells(cases, backend_names, seeds, seconds, gap),
        describe_machine(),
    )
    exempt = options.split_names(throughout)
    rows = _collect_rows(lambda watch: measure_growth(tasks, patience, exempt, watch), facts)
    parts = (f"At most {seconds:g} s a cell, gap {100 * gap:g} %.", f"{day}." if day else "", note)
    draw = partial(draw_growth, caption=" ".join(part for part in parts if part))
    _report(
        BenchmarkRun(
            rows, day, facts, options.choose_reference("", backend_names), seconds, gap, note, draw
        ),
        keeping,
    )
    if plot is not None and draw(rows, plot):
        watching.print_status(f"Drawn: {plot}")
    _exit_if_failed(rows)


group.command(name="kills")(kills.main)
group.command(name="worker-kills")(worker_kills.main)


def _collect_rows(
    measuring: Callable[[Callable[[CellProgress], None]], Iterable[Row]], facts: dict[str, str]
) -> list[Row]:
    """Measure the cells; when interrupted, return the rows measured so far."""
    watching.print_status(format_facts(facts))
    rows: list[Row] = []
    with watching.show_progress() as watch:
        try:
            with watching.interruptible():
                rows.extend(measuring(watch))
        except KeyboardInterrupt:
            watching.print_status("Interrupted; what was measured until now:")
    return rows


def _report(run: BenchmarkRun, keeping: OutputOptions) -> None:
    """Print the tables, and write the files that the options ask for."""
    frame = add_ratios(to_frame(run.rows), run.reference)
    print_frame(frame)
    if len({row.seed for row in run.rows}) > 1:
        print_frame(summarize_seeds(frame), title="Medians over seeds")
    if keeping.out is not None:
        export_rows(run.rows, keeping.out, {"date": run.day, **run.machine})
    if keeping.write and run.rows:
        watching.print_status(f"Written: {write_section(run, keeping.folder)}")


def _exit_if_failed(rows: list[Row]) -> None:
    """Print what is wrong, and exit with code 1 if anything is."""
    failures = find_failures(rows)
    for failure in failures:
        watching.print_status(failure)
    if failures:
        raise typer.Exit(EXIT_FAILURE)
