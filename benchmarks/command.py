"""``treffsikker bench``: measure, print and record."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from benchmarks import kills, options, watching, worker_kills
from benchmarks.cases import case_names, purpose
from benchmarks.complaints import complaints
from benchmarks.export import export
from benchmarks.frames import summary, to_frame, with_ratios
from benchmarks.growth import SIZES, THROUGHOUT, case_of_size, grown
from benchmarks.growth_plot import draw_growth
from benchmarks.machine import machine, sentence
from benchmarks.options import Keeping
from benchmarks.references import REFERENCES
from benchmarks.results import Run, write_section
from benchmarks.row import Row
from benchmarks.run import PATIENCE, Step, measured
from benchmarks.table import show
from matcher.solve import BACKENDS

EVERYTHING = ",".join([*REFERENCES, *BACKENDS])
"""Default of ``--backends``: references, then backends."""
GROWING = ",".join([*REFERENCES, "priced", "highs", "cpsat", "pulp", "scip"])
"""Default of ``--backends`` for growth: references, and the backends that prove a bound."""
SMOKE_SECONDS = 5.0
"""Time limit of a backend under ``--smoke``."""
PAGES = Path("benchmarks")
"""Folder of RESULTS.md, relative to the working directory, which should be the repository."""
WRONG = 1
"""Exit code when a cell has no plan, or backends contradict each other."""

EPILOG = (
    "Exit codes: 0 fine, 1 a cell has no plan or backends contradict each other, 2 wrong usage. "
    "Cases, beside profile:households. "
    + " ".join(f"{name}: {purpose(name)}" for name in case_names())
)
group = typer.Typer(
    name="bench",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Measure backends on queues of every size.",
)


@group.callback(invoke_without_command=True, epilog=EPILOG)
def cells(
    context: typer.Context,
    *,
    cases: Annotated[
        str, typer.Option("--cases", help="Names or profile:households, separated by commas.")
    ] = "small,night",
    backends: options.Backends = EVERYTHING,
    seeds: options.Seeds = "1",
    seconds: options.Seconds = 60.0,
    gap: options.Gap = 0.001,
    reference: options.ReferenceOption = "",
    out: options.Out = None,
    smoke: Annotated[bool, typer.Option("--smoke", help="Case small, seed 1, short.")] = False,
    write: options.Write = False,
    into: options.Into = PAGES,
    day: options.Day = "",
    note: options.Note = "",
    patience: options.Patience = PATIENCE,
) -> None:
    """Measure cases, backends and seeds, each cell in a separate process."""
    if context.invoked_subcommand is not None:
        return
    keeping = Keeping(out, write, into, day, note)
    if smoke:
        cases, seeds, seconds = "small", "1", min(seconds, SMOKE_SECONDS)
    backend_names = options.names(backends)
    tasks = options.cells_of(options.names(cases), backend_names, seeds, seconds, gap)
    facts = machine()
    rows = _collect_rows(lambda watch: measured(tasks, patience, watch), facts)
    run = Run(rows, day, facts, options.reference_of(reference, backend_names), seconds, gap, note)
    _report(run, keeping)
    _exit_if_failed(rows)


@group.command(name="growth")
def growth(
    *,
    households: Annotated[
        str, typer.Option("--households", help="Sizes of queues, separated by commas.")
    ] = ",".join(map(str, SIZES)),
    backends: options.Backends = GROWING,
    throughout: Annotated[
        str, typer.Option("--throughout", help="Asked also after they ran into their limit.")
    ] = THROUGHOUT,
    seeds: options.Seeds = "1",
    seconds: options.Seconds = 60.0,
    gap: options.Gap = 0.001,
    out: options.Out = None,
    plot: Annotated[
        Path | None,
        typer.Option("--plot", callback=options.picture, help="Also draw the growth here, .svg."),
    ] = None,
    write: options.Write = False,
    into: options.Into = PAGES,
    day: options.Day = "",
    note: options.Note = "",
    patience: options.Patience = PATIENCE,
) -> None:
    """Measure ever larger queues; leave out a backend once it has reached its time limit."""
    keeping, backend_names = Keeping(out, write, into, day, note), options.names(backends)
    cases = [case_of_size(size) for size in options.sizes(households)]
    tasks, facts = options.cells_of(cases, backend_names, seeds, seconds, gap), machine()
    exempt = options.names(throughout)
    rows = _collect_rows(lambda watch: grown(tasks, patience, exempt, watch), facts)
    parts = (f"At most {seconds:g} s a cell, gap {100 * gap:g} %.", f"{day}." if day else "", note)
    draw = partial(draw_growth, caption=" ".join(part for part in parts if part))
    _report(
        Run(rows, day, facts, options.reference_of("", backend_names), seconds, gap, note, draw),
        keeping,
    )
    if plot is not None and draw(rows, plot):
        watching.say(f"Drawn: {plot}")
    _exit_if_failed(rows)


group.command(name="kills")(kills.main)
group.command(name="worker-kills")(worker_kills.main)


def _collect_rows(
    measuring: Callable[[Callable[[Step], None]], Iterable[Row]], facts: dict[str, str]
) -> list[Row]:
    """Measure the cells; when interrupted, return the rows measured so far."""
    watching.say(sentence(facts))
    rows: list[Row] = []
    with watching.following() as watch:
        try:
            with watching.interruptible():
                rows.extend(measuring(watch))
        except KeyboardInterrupt:
            watching.say("Interrupted; what was measured until now:")
    return rows


def _report(run: Run, keeping: Keeping) -> None:
    """Print the tables, and write the files that the options ask for."""
    frame = with_ratios(to_frame(run.rows), run.reference)
    show(frame)
    if len({row.seed for row in run.rows}) > 1:
        show(summary(frame), title="Medians over seeds")
    if keeping.out is not None:
        export(run.rows, keeping.out, {"date": run.day, **run.machine})
    if keeping.write and run.rows:
        watching.say(f"Written: {write_section(run, keeping.into)}")


def _exit_if_failed(rows: list[Row]) -> None:
    """Print what is wrong, and exit with code 1 if anything is."""
    failures = complaints(rows)
    for failure in failures:
        watching.say(failure)
    if failures:
        raise typer.Exit(WRONG)
