"""Plot a run: seconds and gaps, one panel per case."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.frames import summarize_seeds, to_frame
from benchmarks.row import NO_BACKEND, Row

STYLE: dict[Any, Any] = {"svg.hashsalt": "treffsikker", "svg.fonttype": "none", "font.size": 9}
WIDTH, PER_PANEL, PER_BACKEND = 7.0, 0.6, 0.26
WITH_BOUND, WITHOUT_BOUND = "#00629b", "#9a9a9a"


def draw_cells(rows: Sequence[Row], path: Path) -> bool:
    """Draw medians over seeds as an SVG file; return False when no backend found a plan."""
    frame = summarize_seeds(to_frame([row for row in rows if row.placed is not None]))
    frame = frame[frame["backend"] != NO_BACKEND]
    if frame.empty:
        return False
    panels = list(frame.groupby("case", sort=False))
    heights = [PER_PANEL + PER_BACKEND * len(panel) for _, panel in panels]
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH, sum(heights) + 0.4), layout="constrained")
        axes = figure.subplots(len(panels), 1, squeeze=False, height_ratios=heights, sharex=True)
        for ax, (case, panel) in zip(axes[:, 0], panels, strict=True):
            _panel(ax, str(case), panel)
        _seconds_axis(axes[-1, 0], frame["total_seconds"])
        axes[-1, 0].set_xlabel("seconds to build and solve (logarithmic)")
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, format="svg", metadata={"Date": None})
    return True


def _panel(ax: Axes, case: str, panel: pd.DataFrame) -> None:
    seconds = panel["total_seconds"].to_numpy()
    known = panel["gap_2"].notna()
    colours = [WITH_BOUND if yes else WITHOUT_BOUND for yes in known]
    places = range(len(panel))
    ax.scatter(seconds, places, c=colours, zorder=3)
    for place, second, text in zip(places, seconds, panel.apply(_label, axis=1), strict=True):
        ax.annotate(text, (second, place), (7, 0), textcoords="offset points", va="center")
    ax.set_yticks(list(places), panel["backend"])
    ax.set_ylim(len(panel) - 0.4, -0.6)
    ax.set_title(case, loc="left", fontweight="bold")
    ax.grid(axis="x", alpha=0.3)
    ax.spines[["top", "right"]].set_visible(False)


def _seconds_axis(ax: Axes, seconds: pd.Series) -> None:
    """Scale the axis that all panels share, with room for labels on the right."""
    ax.set_xscale("log")
    ax.set_xlim(seconds.min() * 0.6, seconds.max() * 60)
    ax.xaxis.set_major_formatter(lambda x, _: f"{x:g}")
    ax.minorticks_off()


def _label(row: pd.Series) -> str:
    seconds = row["total_seconds"]
    gap = "no bound" if pd.isna(row["gap_2"]) else f"gap {100 * row['gap_2']:.2f} %"
    return f"{seconds:.{1 if seconds < 10 else 0}f} s, {row['placed']:.0f} placed, {gap}"
