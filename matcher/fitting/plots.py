"""Plots of the stay model; the same numbers give the same file, to the byte."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure as Canvas

from matcher.errors import TreffsikkerError
from matcher.fitting.figures import Figure

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
    """A plot was asked for in a format that is not drawn."""


def save(canvas: Canvas, path: Path) -> None:
    """Write a plot; the suffix says the format.

    Raises
    ------
    PlotError
        When the suffix is none of .svg, .png and .pdf.
    """
    if path.suffix not in SUFFIXES:
        raise PlotError(f"plots are drawn as {', '.join(SUFFIXES)}, not as {path.name!r}")
    dated = {".svg": "Date", ".pdf": "CreationDate"}.get(path.suffix)
    with mpl.rc_context(STYLE):
        canvas.savefig(path, metadata={dated: None} if dated else {}, bbox_inches="tight")


def figures_plot(figures: Sequence[Figure]) -> Canvas:
    """Observed against predicted moving share, a dot a group, with the band of three points."""
    with mpl.rc_context(STYLE):
        canvas = Canvas(figsize=(6.2, 6.2))
        axes = canvas.add_subplot()
        span = [5.0, 55.0]
        axes.fill_between(
            span, [s - 3 for s in span], [s + 3 for s in span], color=GREY, alpha=0.2, lw=0
        )
        axes.plot(span, span, color=GREY, lw=0.8)
        for figure in figures:
            at = 100 * figure.observed, 100 * figure.predicted
            axes.plot(*at, "o", ms=4, color=RED if figure.large else BLUE)
            if figure.large or not figure.variable:
                left = figure.large and figure.deviation > 0
                axes.annotate(
                    figure.level or "everyone",
                    at,
                    (-6, -3) if left else (6, -3),
                    textcoords="offset points",
                    color=INK,
                    ha="right" if left else "left",
                )
        axes.set(xlabel="observed by the report, per cent", ylabel="predicted, per cent")
        axes.set(xlim=span, ylim=span, aspect="equal")
    return canvas
