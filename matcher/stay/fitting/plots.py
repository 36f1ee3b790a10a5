"""Plots of the stay model; the same numbers give a byte-identical file."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure as Canvas

from matcher.domain.errors import TreffsikkerError
from matcher.domain.tables.array_types import FloatArray
from matcher.stay.fitting.evaluation import CalibrationGroup
from matcher.stay.fitting.replication import ReplicatedShare
from matcher.stay.model import NORMAL_95

INK, GREY, BLUE, RED = "#1e2b3c", "#8a94a3", "#0062ba", "#b3253f"
STYLE: Any = {
    "svg.hashsalt": "treffsikker",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
SUFFIXES = (".svg", ".png", ".pdf")


class PlotError(TreffsikkerError):
    """The requested plot format is not supported."""


def save_plot(canvas: Canvas, path: Path) -> None:
    """Write a plot; the suffix of the path decides the format.

    Raises
    ------
    PlotError
        When the suffix is not .svg, .png or .pdf.
    """
    if path.suffix not in SUFFIXES:
        raise PlotError(f"plots are drawn as {', '.join(SUFFIXES)}, not as {path.name!r}")
    path.parent.mkdir(parents=True, exist_ok=True)
    dated = {".svg": "Date", ".pdf": "CreationDate"}.get(path.suffix)
    with mpl.rc_context(STYLE):
        canvas.savefig(path, metadata={dated: None} if dated else {}, bbox_inches="tight")


def plot_replication(figures: Sequence[ReplicatedShare]) -> Canvas:
    """Plot observed against predicted moving shares, a dot per group, with a 3-point band."""
    with mpl.rc_context(STYLE):
        canvas = Canvas(figsize=(6.2, 6.2))
        axes = canvas.add_subplot()
        span = [5.0, 55.0]
        axes.fill_between(
            span, [s - 3 for s in span], [s + 3 for s in span], color=GREY, alpha=0.2, lw=0
        )
        axes.plot(span, span, color=GREY, lw=0.8)
        for figure in figures:
            position = 100 * figure.observed, 100 * figure.predicted
            axes.plot(*position, "o", ms=4, color=RED if figure.is_large else BLUE)
            if figure.is_large or not figure.variable:
                label_left = figure.is_large and figure.deviation > 0
                axes.annotate(
                    figure.level or "everyone",
                    position,
                    (-6, -3) if label_left else (6, -3),
                    textcoords="offset points",
                    color=INK,
                    ha="right" if label_left else "left",
                )
        axes.set(xlabel="observed by the report, per cent", ylabel="predicted, per cent")
        axes.set(xlim=span, ylim=span, aspect="equal")
    return canvas


def plot_calibration(bins: Sequence[CalibrationGroup]) -> Canvas:
    """Plot observed shares with intervals against predicted shares, a dot per tenth."""
    with mpl.rc_context(STYLE):
        canvas = Canvas(figsize=(4.6, 4.6))
        axes = canvas.add_subplot()
        axes.plot([0, 100], [0, 100], color=GREY, lw=0.8)
        axes.errorbar(
            [100 * b.predicted for b in bins],
            [100 * b.observed for b in bins],
            [100 * NORMAL_95 * b.error for b in bins],
            fmt="o",
            ms=4,
            color=BLUE,
            ecolor=GREY,
            elinewidth=1,
        )
        axes.set(xlabel="predicted, per cent", ylabel="moved, per cent")
        axes.set(xlim=(0, 100), ylim=(0, 100), aspect="equal")
    return canvas


def plot_survival(
    curves: Mapping[str, FloatArray], observed: Mapping[str, FloatArray], by: str
) -> Canvas:
    """Plot the share who have not moved after each year: predicted lines, observed dots."""
    with mpl.rc_context(STYLE):
        canvas = Canvas(figsize=(6.2, 4.2))
        axes = canvas.add_subplot()
        shades = mpl.colormaps["viridis"]
        for k, (name, curve) in enumerate(curves.items()):
            colour = shades(0.9 * k / max(1, len(curves) - 1))
            years = range(len(curve) + 1)
            axes.plot(years, [100, *(100 * curve)], color=colour, lw=1.4, label=name)
            axes.plot(years, [100, *(100 * observed[name])], "o", ms=3.5, color=colour)
        axes.set(xlabel="years since settlement", ylabel="still there, per cent", ylim=(0, 102))
        axes.legend(frameon=False, loc="lower left", title=by)
    return canvas


def plot_effects(named: Mapping[str, tuple[float, float]], scale: str) -> Canvas:
    """Plot effects with their 95 % intervals, one effect per line."""
    with mpl.rc_context(STYLE):
        canvas = Canvas(figsize=(6.2, 0.19 * len(named) + 0.8))
        axes = canvas.add_subplot()
        positions = list(range(len(named), 0, -1))
        values = [value for value, _ in named.values()]
        halves = [NORMAL_95 * error for _, error in named.values()]
        axes.axvline(0, color=GREY, lw=0.8)
        axes.errorbar(
            values, positions, xerr=halves, fmt="o", ms=3.5, color=BLUE, ecolor=GREY, elinewidth=1
        )
        axes.set_yticks(positions, list(named), fontsize=7.5)
        axes.set(xlabel=f"effect on the {scale}", ylim=(0, len(named) + 1))
    return canvas
