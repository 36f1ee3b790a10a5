"""Plot growth: seconds, gap and memory against the size of the queue."""

from collections.abc import Sequence
from itertools import cycle
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator

from benchmarks.frames import summarize_seeds, to_frame
from benchmarks.plot import STYLE
from benchmarks.references import REFERENCES
from benchmarks.row import NO_BACKEND, Row

SIZE = (7.0, 9.0)
COLOURS = ("#00629b", "#d1495b", "#2e8b57", "#8a5aab", "#c77700", "#5c5c5c")
GREY = "#9a9a9a"
LEAST_GAP = 0.001
"""Smallest gap drawn, in per cent: a smaller one is drawn here, as the axis is logarithmic."""
REACHED = ("proved", "bound", "measured")
"""Outcomes of solves that ended before their time limit; their marks are filled."""
STYLES = {"lp": "--", "pass": ":"}
PANELS = {
    "total_seconds": "seconds to build and solve",
    "gap_per_cent": "gap at the end, % (0.001 stands for less)",
    "peak_mb": "peak memory, MB",
}
"""Titles of the panels, by the column drawn."""


def draw_growth(rows: Sequence[Row], path: Path, caption: str = "") -> bool:
    """Draw medians over seeds as an SVG file; return False when nothing was measured.

    Parameters
    ----------
    rows : sequence of Row
    path : Path
    caption : str
        Settings, date and machine, written below the plot, which may be shown by itself.
    """
    frame = summarize_seeds(to_frame([row for row in rows if row.total_seconds is not None]))
    frame = frame[frame["backend"] != NO_BACKEND].sort_values("households", kind="stable")
    if frame.empty:
        return False
    frame["gap_per_cent"] = (100 * frame["gap_2"]).clip(lower=LEAST_GAP)
    colours = _colours(list(frame["backend"].unique()))
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=SIZE, layout="constrained")
        axes = figure.subplots(len(PANELS), 1, sharex=True, height_ratios=(3, 2, 2))
        for ax, (column, title) in zip(axes, PANELS.items(), strict=True):
            _panel(ax, frame[frame[column].notna()], column, title, colours)
        _households_axis(axes[-1], frame["households"], caption)
        axes[0].legend(frameon=False, ncols=2)
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, format="svg", metadata={"Date": None})
    return True


def _colours(names: list[str]) -> dict[str, str]:
    """Assign grey to the references, and to each backend one colour for all panels."""
    solving = [name for name in names if name not in REFERENCES]
    return dict.fromkeys(REFERENCES, GREY) | dict(zip(solving, cycle(COLOURS), strict=False))


def _panel(ax: Axes, frame: pd.DataFrame, column: str, title: str, colours: dict[str, str]) -> None:
    """Draw one line per backend; a mark is hollow where the requested gap was not reached."""
    for name, line in frame.groupby("backend", sort=False):
        colour, style = colours[str(name)], STYLES.get(str(name), "-")
        ax.plot(line["households"], line[column], style, color=colour, label=str(name), lw=1.4)
        fill = np.where(line["outcome"].isin(REACHED), colour, "white")
        ax.scatter(line["households"], line[column], c=fill, edgecolors=colour, s=22, zorder=3)
    ax.set_title(title, loc="left", fontweight="bold")
    ax.set_yscale("log")
    ax.yaxis.set_major_locator(LogLocator(subs=(1, 3)))
    ax.yaxis.set_major_formatter(lambda y, _: f"{y:g}")
    ax.grid(alpha=0.3)
    ax.spines[["top", "right"]].set_visible(False)


def _households_axis(ax: Axes, households: "pd.Series[float]", caption: str) -> None:
    """Scale the axis that all panels share, with a tick at each size."""
    sizes = sorted(households.unique())
    ax.set_xscale("log")
    ax.set_xticks(sizes, [f"{size:g}" for size in sizes], rotation=45)
    ax.minorticks_off()
    ax.set_xlabel(f"households in the queue (logarithmic)\n{caption}".rstrip())
