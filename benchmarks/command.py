"""``treffsikker bench``: measure, print, keep."""

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
"""What is measured unless told: references, then backends."""
GROWING = ",".join([*REFERENCES, "priced", "highs", "cpsat", "pulp", "scip"])
"""The same for growth: what proves something."""
SMOKE_SECONDS = 5.0
"""Time limit of a backend under ``--smoke``."""
PAGES = Path("benchmarks")
"""Folder of RESULTS.md: that of a clone, when called from it."""
WRONG = 1
"""Exit code when something is wrong with the run."""

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
    """Measure cases, backends and seeds, each cell in a process of its own."""
    if context.invoked_subcommand is not None:
        return
    keeping = Keeping(out, write, into, day, note)
    if smoke:
        cases, seeds, seconds = "small", "1", min(seconds, SMOKE_SECONDS)
    asked = options.names(backends)
    todo, facts = options.cells_of(options.names(cases), asked, seeds, seconds, gap), machine()
    rows = _kept(lambda watch: measured(todo, patience, watch), facts)
    run = Run(rows, day, facts, options.reference_of(reference, asked), seconds, gap, note)
    _told(run, keeping)
    _end(rows)


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
    """Measure ever larger queues; who runs into the time limit is asked no more."""
    keeping, asked = Keeping(out, write, into, day, note), options.names(backends)
    cases = [case_of_size(size) for size in options.sizes(households)]
    todo, facts = options.cells_of(cases, asked, seeds, seconds, gap), machine()
    always = options.names(throughout)
    rows = _kept(lambda watch: grown(todo, patience, always, watch), facts)
    words = (f"At most {seconds:g} s a cell, gap {100 * gap:g} %.", f"{day}." if day else "", note)
    draw = partial(draw_growth, caption=" ".join(word for word in words if word))
    _told(Run(rows, day, facts, options.reference_of("", asked), seconds, gap, note, draw), keeping)
    if plot is not None and draw(rows, plot):
        watching.say(f"Drawn: {plot}")
    _end(rows)


group.command(name="kills")(kills.main)
group.command(name="worker-kills")(worker_kills.main)


def _kept(
    measuring: Callable[[Callable[[Step], None]], Iterable[Row]], facts: dict[str, str]
) -> list[Row]:
    """Measure, and keep what there is when interrupted."""
    watching.say(sentence(facts))
    rows: list[Row] = []
    with watching.following() as watch:
        try:
            with watching.interruptible():
                rows.extend(measuring(watch))
        except KeyboardInterrupt:
            watching.say("Interrupted; what was measured until now:")
    return rows


def _told(run: Run, keeping: Keeping) -> None:
    """Print the tables, and write what is to be kept."""
    frame = with_ratios(to_frame(run.rows), run.reference)
    show(frame)
    if len({row.seed for row in run.rows}) > 1:
        show(summary(frame), title="Medians over seeds")
    if keeping.out is not None:
        export(run.rows, keeping.out, {"date": run.day, **run.machine})
    if keeping.write and run.rows:
        watching.say(f"Written: {write_section(run, keeping.into)}")


def _end(rows: list[Row]) -> None:
    """Say what is wrong, and end with an exit code that tells."""
    found = complaints(rows)
    for complaint in found:
        watching.say(complaint)
    if found:
        raise typer.Exit(WRONG)
