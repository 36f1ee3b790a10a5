"""Write tables for terminals, pipes and pages, with the same cells in each."""

import sys
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: its name in the data frame, its heading, and how its values are formatted."""

    name: str
    heading: str
    format_value: Callable[[float], str] | None = None

    def format_cell(self, value: str | float | None) -> str:
        """Format a value; a missing one is blank."""
        if pd.isna(value):
            return ""
        return str(value) if self.format_value is None else self.format_value(float(value))


def _number(decimals: int, factor: float = 1.0, form: str = "") -> Callable[[float], str]:
    return lambda value: f"{value * factor:{form}.{decimals}f}"


COLUMNS = (
    TableColumn("case", "case"),
    TableColumn("backend", "backend"),
    TableColumn("seed", "seed", _number(0)),
    TableColumn("seeds", "seeds", _number(0)),
    TableColumn("households", "households", _number(0)),
    TableColumn("persons", "persons", _number(0)),
    TableColumn("placed", "placed", _number(0)),
    TableColumn("value_1", "level 1", _number(1)),
    TableColumn("value_2", "level 2", _number(1)),
    TableColumn("gap_1", "gap 1 %", _number(3, 100)),
    TableColumn("gap_2", "gap 2 %", _number(3, 100)),
    TableColumn("build_seconds", "build s", _number(2)),
    TableColumn("solve_seconds", "solve s", _number(2)),
    TableColumn("to_percent", "to 1 % s", _number(2)),
    TableColumn("to_tenth", "to 0.1 % s", _number(2)),
    TableColumn("to_hundredth", "to 0.01 % s", _number(2)),
    TableColumn("earlier_seconds", "earlier s", _number(2)),
    TableColumn("moved", "moved", _number(0)),
    TableColumn("call_ms", "call ms", _number(1)),
    TableColumn("total_seconds", "total s", _number(2)),
    TableColumn("cpu_seconds", "cpu s", _number(2)),
    TableColumn("peak_mb", "peak MB", _number(0)),
    TableColumn("outcome", "outcome"),
    TableColumn("time_ratio", "time ratio", _number(2)),
    TableColumn("lp_ratio", "times LP", _number(2)),
    TableColumn("pass_ratio", "times pass", _number(0)),
    TableColumn("memory_ratio", "memory ratio", _number(2)),
    TableColumn("placed_ratio", "placed ratio", _number(4)),
    TableColumn("points_more", "points more", _number(1, form="+")),
    TableColumn("below_lp", "below LP %", _number(3, 100, form="z")),
)
"""Columns of the table of cells, and of the medians over seeds."""

BEST_COLUMNS = (
    TableColumn("case", "case"),
    TableColumn("seed", "seed", _number(0)),
    TableColumn("backend", "backend"),
    TableColumn("placed", "placed", _number(0)),
    TableColumn("placed_share", "of the best plan's %", _number(2, 100)),
    TableColumn("points", "points", _number(1)),
    TableColumn("points_more", "points more", _number(1, form="+")),
    TableColumn("best", "best plan by"),
    TableColumn("proved", "proved"),
)
"""Columns of the comparison with the best plan."""

BESIDE_COLUMNS = (
    TableColumn("case", "case"),
    TableColumn("backend", "beside"),
    TableColumn("seeds", "seeds", _number(0)),
    TableColumn("time_ratio", "time ratio", _number(3)),
    TableColumn("memory_ratio", "memory ratio", _number(2)),
    TableColumn("gap_own", "own gap %", _number(3, 100)),
    TableColumn("gap_other", "its gap %", _number(3, 100)),
    TableColumn("placed_more", "placed more", _number(0, form="+")),
    TableColumn("points_more", "points more", _number(1, form="+")),
)
"""Columns of the comparison of one backend with the others."""

KEY_COLUMNS = ("case", "backend", "seed", "seeds")
"""Columns that identify a line."""
GUTTER = 2
"""Blanks between columns on a terminal."""

Cells = list[list[str]]


def format_cells(
    frame: pd.DataFrame, columns: tuple[TableColumn, ...], *, blank: bool
) -> tuple[list[TableColumn], Cells]:
    """Format a data frame as cells; drop columns that are entirely blank unless ``blank``."""
    present = [column for column in columns if column.name in frame.columns]
    written = [[column.format_cell(value) for value in frame[column.name]] for column in present]
    places = [k for k, texts in enumerate(written) if blank or any(texts)]
    rows = zip(*(written[k] for k in places), strict=True)
    return [present[k] for k in places], [list(row) for row in rows]


def print_frame(
    frame: pd.DataFrame, columns: tuple[TableColumn, ...] = COLUMNS, title: str = ""
) -> None:
    """Print a table: in parts that fit on a terminal, tab-separated and whole when piped."""
    console = Console(highlight=False)
    used, rows = format_cells(frame, columns, blank=not console.is_terminal)
    if not console.is_terminal:
        lines = [[column.heading for column in used], *rows]
        sys.stdout.write("".join("\t".join(line) + "\n" for line in lines))
        return
    for k, part in enumerate(split_columns(used, rows, console.width)):
        table = Table(title=None if k else title or None, box=None, pad_edge=False)
        for n in part:
            table.add_column(used[n].heading, justify="right" if used[n].format_value else "left")
        for row in rows:
            table.add_row(*(row[n] for n in part))
        console.print(table)


def split_columns(columns: list[TableColumn], rows: Cells, width: int) -> list[list[int]]:
    """Split column indexes into parts that fit a width, each beginning with the key columns."""
    widths = [
        GUTTER + max(len(text) for text in (column.heading, *(row[k] for row in rows)))
        for k, column in enumerate(columns)
    ]
    keys = [k for k, column in enumerate(columns) if column.name in KEY_COLUMNS]
    parts = [list(keys)]
    for k in range(len(columns)):
        if k in keys:
            continue
        if len(parts[-1]) > len(keys) and sum(widths[n] for n in (*parts[-1], k)) > width:
            parts.append(list(keys))
        parts[-1].append(k)
    return parts


def format_markdown(frame: pd.DataFrame, columns: tuple[TableColumn, ...] = COLUMNS) -> str:
    """Format a data frame as a Markdown table."""
    used, rows = format_cells(frame, columns, blank=False)
    rule = ["---:" if column.format_value else "---" for column in used]
    lines = [[column.heading for column in used], rule, *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
