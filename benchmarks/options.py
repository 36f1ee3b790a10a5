"""Shared by the commands that measure: options, and their checks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.export import SUFFIXES
from benchmarks.references import REFERENCES
from benchmarks.row import Task
from benchmarks.run import build_tasks

DEFAULT_REFERENCE = "highs"
"""Default backend of the ratios, if it is measured."""


def _ending(path: Path | None) -> Path | None:
    if path is not None and path.suffix not in SUFFIXES:
        raise typer.BadParameter(f"{path} must end in {' or '.join(SUFFIXES)}")
    return path


def check_svg_path(path: Path | None) -> Path | None:
    """Check that a path ends in .svg."""
    if path is not None and path.suffix != ".svg":
        raise typer.BadParameter(f"{path} must end in .svg")
    return path


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no date; give it as YYYY-MM-DD") from error


BackendsOption = Annotated[
    str, typer.Option("--backends", help="Names, references among them, or module:attribute.")
]
SeedsOption = Annotated[str, typer.Option("--seeds", help="Of queue and backend.")]
SecondsOption = Annotated[
    float, typer.Option("--seconds", min=0.1, help="Time limit of a backend.")
]
GapOption = Annotated[
    float, typer.Option("--gap", min=0, help="Relative gap that will do, 0.001 for 0.1 %.")
]
ReferenceOption = Annotated[
    str, typer.Option("--reference", help="Backend of the ratios; highs unless given.")
]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", callback=_ending, help="Also write every cell, .csv or .json."),
]
WriteOption = Annotated[bool, typer.Option("--write", help="Append to RESULTS.md.")]
IntoOption = Annotated[Path, typer.Option("--into", help="Folder of RESULTS.md and its plots.")]
DayOption = Annotated[str, typer.Option("--date", callback=_day, help="Of the run, YYYY-MM-DD.")]
NoteOption = Annotated[str, typer.Option("--note", help="What else a reader should know.")]
PatienceOption = Annotated[
    float, typer.Option("--patience", help="Seconds beyond the limit before a cell is ended.")
]


@dataclass(frozen=True, slots=True)
class OutputOptions:
    """Where and how a run is recorded: file, page, day, note."""

    out: Path | None
    write: bool
    folder: Path
    day: str
    note: str

    def __post_init__(self) -> None:
        if self.write and not self.day:
            raise typer.BadParameter("--write needs the day of the run: --date YYYY-MM-DD")


def split_names(text: str) -> list[str]:
    """Split a list at its commas, and drop repetitions."""
    return list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def choose_reference(requested: str, backends: Sequence[str]) -> str:
    """Return the requested reference of the ratios; else ``highs`` if measured, or the first."""
    solving = [name for name in backends if name not in REFERENCES]
    return requested or (
        DEFAULT_REFERENCE if DEFAULT_REFERENCE in solving else next(iter(solving), "")
    )


def build_cells(
    cases: Sequence[str], backends: Sequence[str], seeds: str, seconds: float, gap: float
) -> list[Task]:
    """List the cells, or raise an error that says what is wrong with the options."""
    try:
        numbers = [int(seed) for seed in split_names(seeds)]
        cells = build_tasks(cases, backends, numbers, seconds, gap)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    if not cells:
        raise typer.BadParameter("nothing to measure; give cases, backends and seeds")
    return cells


def parse_sizes(text: str) -> list[int]:
    """Parse numbers of households, and sort them."""
    wrong = [word for word in split_names(text) if not (word.isdecimal() and int(word))]
    if wrong or not split_names(text):
        raise typer.BadParameter(f"{text!r} must be numbers of households, such as 40,150,300")
    return sorted({int(word) for word in split_names(text)})
