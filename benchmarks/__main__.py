"""``python -m benchmarks``: measure, print, keep."""

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from benchmarks import kills, watching, worker_kills
from benchmarks.cases import case_names, purpose
from benchmarks.complaints import complaints
from benchmarks.export import ENDINGS, export
from benchmarks.frames import summary, to_frame, with_ratios
from benchmarks.machine import machine, sentence
from benchmarks.results import FOLDER as PAGES
from benchmarks.results import Run, write_section
from benchmarks.row import Row, Task
from benchmarks.run import PATIENCE, measured, tasks
from benchmarks.table import show
from matcher.solve import BACKENDS

SMOKE_SECONDS = 5.0
"""Time limit of a backend under ``--smoke``."""
REFERENCE = "highs"
"""Backend of the ratios where it is measured and no other is named."""
WRONG = 1
"""Exit code when something is wrong with the run."""

EPILOG = (
    "Exit codes: 0 fine, 1 a cell has no plan or backends contradict each other, 2 wrong usage. "
    "Cases. " + " ".join(f"{name}: {purpose(name)}" for name in case_names())
)
app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


def _ending(path: Path | None) -> Path | None:
    if path is not None and path.suffix not in ENDINGS:
        raise typer.BadParameter(f"{path} must end in {' or '.join(ENDINGS)}")
    return path


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no date; give it as YYYY-MM-DD") from error


@app.command(epilog=EPILOG)
def main(
    *,
    cases: Annotated[str, typer.Option(help="Names, separated by commas.")] = "small,night",
    backends: Annotated[str, typer.Option(help="Names or module:attribute.")] = ",".join(BACKENDS),
    seeds: Annotated[str, typer.Option(help="Of queue and backend.")] = "1",
    seconds: Annotated[float, typer.Option(min=0.1, help="Time limit of a backend.")] = 60.0,
    gap: Annotated[float, typer.Option(min=0, help="Relative gap that will do.")] = 0.001,
    reference: Annotated[str, typer.Option(help="Backend of the ratios; else highs.")] = "",
    out: Annotated[
        Path | None, typer.Option(callback=_ending, help="Also write .csv or .json.")
    ] = None,
    smoke: Annotated[bool, typer.Option("--smoke", help="Case small, seed 1, short.")] = False,
    write: Annotated[bool, typer.Option("--write", help="Append to RESULTS.md.")] = False,
    into: Annotated[
        Path, typer.Option(show_default="benchmarks", help="Folder of RESULTS.md.")
    ] = PAGES,
    day: Annotated[str, typer.Option("--date", callback=_day, help="Of the run, YYYY-MM-DD.")] = "",
    note: Annotated[str, typer.Option(help="What else a reader should know.")] = "",
    patience: Annotated[float, typer.Option(help="Seconds beyond the limit.")] = PATIENCE,
) -> None:
    """Measure cases, backends and seeds, each cell in a process of its own."""
    if write and not day:
        raise typer.BadParameter("--write needs the day of the run: --date YYYY-MM-DD")
    if smoke:
        cases, seeds, seconds = "small", "1", min(seconds, SMOKE_SECONDS)
    cells, facts = _tasks(cases, backends, seeds, seconds, gap), machine()
    rows = _measured(cells, patience, facts)
    reference = reference or _reference(_names(backends))
    _show(rows, reference)
    if out is not None:
        export(rows, out, {"date": day, **facts})
    if write:
        run = Run(rows, day, facts, reference, seconds, gap, note)
        watching.say(f"Written: {write_section(run, into)}")
    _end(rows)


def _names(text: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _reference(backends: list[str]) -> str:
    """Give the backend that ratios refer to unless told: the same one from run to run."""
    return REFERENCE if REFERENCE in backends else backends[0]


def _tasks(cases: str, backends: str, seeds: str, seconds: float, gap: float) -> list[Task]:
    try:
        numbers = [int(seed) for seed in _names(seeds)]
        cells = tasks(_names(cases), _names(backends), numbers, seconds, gap)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    if not cells:
        raise typer.BadParameter("nothing to measure; give cases, backends and seeds")
    return cells


def _measured(cells: list[Task], patience: float, facts: dict[str, str]) -> list[Row]:
    """Measure, and keep what there is when interrupted."""
    watching.say(sentence(facts))
    rows: list[Row] = []
    with watching.following() as watch:
        try:
            rows.extend(measured(cells, patience, watch))
        except KeyboardInterrupt:
            watching.say("Interrupted; what was measured until now:")
    return rows


def _show(rows: list[Row], reference: str) -> None:
    frame = with_ratios(to_frame(rows), reference)
    show(frame)
    if len({row.seed for row in rows}) > 1:
        show(summary(frame), title="Medians over seeds")


def _end(rows: list[Row]) -> None:
    """Say what is wrong, and end with an exit code that tells."""
    found = complaints(rows)
    for complaint in found:
        watching.say(complaint)
    if found:
        raise typer.Exit(WRONG)


if __name__ == "__main__":
    # A word of its own rather than a subcommand: the options of the rest stand alone.
    if sys.argv[1:2] == ["kills"]:
        kills.app(sys.argv[2:], prog_name="python -m benchmarks kills")
    if sys.argv[1:2] == ["worker-kills"]:
        worker_kills.app(sys.argv[2:], prog_name="python -m benchmarks worker-kills")
    app()
