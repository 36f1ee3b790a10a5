"""Write tables for terminals, pipes and pages, with the same cells in each."""

import sys
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in the data frame, its heading, and how its values are formatted."""

    name: str
    heading: str
    write: Callable[[float], str] | None = None

    def cell(self, value: str | float | None) -> str:
        """Format a value; a missing one is blank."""
        if pd.isna(value):
            return ""
        return str(value) if self.write is None else self.write(float(value))


def _number(decimals: int, factor: float = 1.0, form: str = "") -> Callable[[float], str]:
    return lambda value: f"{value * factor:{form}.{decimals}f}"


COLUMNS = (
    Column("case", "case"),
    Column("backend", "backend"),
    Column("seed", "seed", _number(0)),
    Column("seeds", "seeds", _number(0)),
    Column("households", "households", _number(0)),
    Column("persons", "persons", _number(0)),
    Column("placed", "placed", _number(0)),
    Column("value_1", "level 1", _number(1)),
    Column("value_2", "level 2", _number(1)),
    Column("gap_1", "gap 1 %", _number(3, 100)),
    Column("gap_2", "gap 2 %", _number(3, 100)),
    Column("build_seconds", "build s", _number(2)),
    Column("solve_seconds", "solve s", _number(2)),
    Column("to_percent", "to 1 % s", _number(2)),
    Column("to_tenth", "to 0.1 % s", _number(2)),
    Column("to_hundredth", "to 0.01 % s", _number(2)),
    Column("earlier_seconds", "earlier s", _number(2)),
    Column("moved", "moved", _number(0)),
    Column("call_ms", "call ms", _number(1)),
    Column("total_seconds", "total s", _number(2)),
    Column("cpu_seconds", "cpu s", _number(2)),
    Column("peak_mb", "peak MB", _number(0)),
    Column("outcome", "outcome"),
    Column("time_ratio", "time ratio", _number(2)),
    Column("lp_ratio", "times LP", _number(2)),
    Column("pass_ratio", "times pass", _number(0)),
    Column("memory_ratio", "memory ratio", _number(2)),
    Column("placed_ratio", "placed ratio", _number(4)),
    Column("points_more", "points more", _number(1, form="+")),
    Column("below_lp", "below LP %", _number(3, 100, form="z")),
)
"""Columns of the table of cells, and of the medians over seeds."""

BEST_COLUMNS = (
    Column("case", "case"),
    Column("seed", "seed", _number(0)),
    Column("backend", "backend"),
    Column("placed", "placed", _number(0)),
    Column("placed_share", "of the best plan's %", _number(2, 100)),
    Column("points", "points", _number(1)),
    Column("points_more", "points more", _number(1, form="+")),
    Column("best", "best plan by"),
    Column("proved", "proved"),
)
"""Columns of the comparison with the best plan."""

BESIDE_COLUMNS = (
    Column("case", "case"),
    Column("backend", "beside"),
    Column("seeds", "seeds", _number(0)),
    Column("time_ratio", "time ratio", _number(3)),
    Column("memory_ratio", "memory ratio", _number(2)),
    Column("gap_own", "own gap %", _number(3, 100)),
    Column("gap_other", "its gap %", _number(3, 100)),
    Column("placed_more", "placed more", _number(0, form="+")),
    Column("points_more", "points more", _number(1, form="+")),
)
"""Columns of the comparison of one backend with the others."""

KEYS = ("case", "backend", "seed", "seeds")
"""Columns that identify a line."""
GUTTER = 2
"""Blanks between columns on a terminal."""

Cells = list[list[str]]


def cells(
    frame: pd.DataFrame, columns: tuple[Column, ...], *, blank: bool
) -> tuple[list[Column], Cells]:
    """Format a data frame as cells; drop columns that are entirely blank unless ``blank``."""
    present = [column for column in columns if column.name in frame.columns]
    written = [[column.cell(value) for value in frame[column.name]] for column in present]
    places = [k for k, texts in enumerate(written) if blank or any(texts)]
    rows = zip(*(written[k] for k in places), strict=True)
    return [present[k] for k in places], [list(row) for row in rows]


def show(frame: pd.DataFrame, columns: tuple[Column, ...] = COLUMNS, title: str = "") -> None:
    """Print a table: in parts that fit on a terminal, tab-separated and whole when piped."""
    console = Console(highlight=False)
    used, rows = cells(frame, columns, blank=not console.is_terminal)
    if not console.is_terminal:
        lines = [[column.heading for column in used], *rows]
        sys.stdout.write("".join("\t".join(line) + "\n" for line in lines))
        return
    for k, part in enumerate(fitting(used, rows, console.width)):
        table = Table(title=None if k else title or None, box=None, pad_edge=False)
        for n in part:
            table.add_column(used[n].heading, justify="right" if used[n].write else "left")
        for row in rows:
            table.add_row(*(row[n] for n in part))
        console.print(table)


def fitting(used: list[Column], rows: Cells, width: int) -> list[list[int]]:
    """Split column indexes into parts that fit a width, each beginning with the key columns."""
    widths = [
        GUTTER + max(len(text) for text in (column.heading, *(row[k] for row in rows)))
        for k, column in enumerate(used)
    ]
    keys = [k for k, column in enumerate(used) if column.name in KEYS]
    parts = [list(keys)]
    for k in range(len(used)):
        if k in keys:
            continue
        if len(parts[-1]) > len(keys) and sum(widths[n] for n in (*parts[-1], k)) > width:
            parts.append(list(keys))
        parts[-1].append(k)
    return parts


def markdown(frame: pd.DataFrame, columns: tuple[Column, ...] = COLUMNS) -> str:
    """Format a data frame as a Markdown table."""
    used, rows = cells(frame, columns, blank=False)
    rule = ["---:" if column.write else "---" for column in used]
    lines = [[column.heading for column in used], rule, *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
