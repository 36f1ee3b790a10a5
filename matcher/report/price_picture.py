"""Draw the value of one more place: bars for the scarcest places, and circles on the map."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle as Disc

from matcher.analysis.bottlenecks import Bottleneck, sum_prices_by_municipality
from matcher.policy.reason_texts import rule_title
from matcher.problem.problem import Problem
from matcher.report.norway_map import HEIGHT, WIDTH, NorwayMap, draw_map
from matcher.report.plan_page import template_environment
from matcher.report.wording import Wording
from matcher.texts import Language

PICTURE_ENDINGS = (".svg", ".png", ".html")
"""File endings that a picture of prices can have."""
STYLE: dict[Any, Any] = {"svg.hashsalt": "treffsikker", "svg.fonttype": "none", "font.size": 8.5}
INK, DEEP, SOFT, SEAT = "#1b2a3a", "#2f75b5", "#86b5dc", "#8496a8"
UNITS_PER_INCH = 100.0
"""Drawing units of the map per inch, so that letters have the width that its labels assume."""
SIZE = (10.4, 6.4)
MAX_NAMED, MAX_BARS, MAX_LETTERS = 5, 15, 38
"""Largest numbers of places in the alternative text, of bars, and of letters beside a bar."""


def draw_prices(
    problem: Problem, rows: Sequence[Bottleneck], path: Path, language: Language = "nb"
) -> None:
    """Draw scarce places as an SVG, PNG or HTML file, by the file ending.

    The same places give the same bytes on machines with the same fonts.

    Parameters
    ----------
    problem : Problem
    rows : sequence of Bottleneck
        The scarcest first.
    path : Path
        Its folder is created when it does not exist.
    language : "nb" or "en"

    Raises
    ------
    ValueError
        When the ending is not one of ``ENDINGS``.
    """
    if path.suffix not in PICTURE_ENDINGS:
        raise ValueError(f"{path.name}: give a path that ends in {', '.join(PICTURE_ENDINGS)}")
    wording = Wording(language)
    heading = wording("prices.title", day=wording.day(problem.instance.today))
    kind = "png" if path.suffix == ".png" else "svg"
    drawn = _picture(problem, rows, wording, heading, kind)
    if path.suffix == ".html":
        drawn = _page(rows, wording, heading, drawn).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(drawn)


def _picture(
    problem: Problem, rows: Sequence[Bottleneck], wording: Wording, heading: str, kind: str
) -> bytes:
    buffer = io.BytesIO()
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=SIZE)
        figure.text(0.02, 0.955, heading, fontsize=12, fontweight="bold", color=INK)
        _bars(figure.add_axes((0.25, 0.07, 0.3, 0.8)), rows[:MAX_BARS], wording)
        width, height = WIDTH / UNITS_PER_INCH / SIZE[0], HEIGHT / UNITS_PER_INCH / SIZE[1]
        _map(
            figure.add_axes((0.99 - width, 0.01, width, height)), _worth_map(problem, rows), wording
        )
        date = {"Date": None} if kind == "svg" else {}
        metadata = {"Title": f"{heading}. {_alt(rows, wording)}", **date}
        figure.savefig(buffer, format=kind, dpi=150, metadata=metadata)
    return buffer.getvalue()


def _bars(ax: Axes, rows: Sequence[Bottleneck], wording: Wording) -> None:
    places = range(len(rows))
    ax.barh(list(places), [row.price for row in rows], color=DEEP)
    for place, row in zip(places, rows, strict=True):
        end_of_bar, text = (row.price, place), wording.number(row.price)
        ax.annotate(text, end_of_bar, (4, 0), textcoords="offset points", va="center", color=INK)
    ax.set_yticks(list(places), [_short(_place_text(row, wording)) for row in rows])
    ax.set_ylim(max(len(rows), 6) - 0.4, -0.6)
    ax.set_xlim(0, 1.15 * max((row.price for row in rows), default=1.0))
    ax.set_title(wording("prices.bars"), loc="left", fontsize=9)
    ax.set_xticks([])
    ax.tick_params(length=0)
    ax.spines[["top", "right", "bottom"]].set_visible(False)


def _map(ax: Axes, drawn: NorwayMap | None, wording: Wording) -> None:
    ax.set_axis_off()
    ax.set_xlim(0, WIDTH)
    ax.set_ylim(HEIGHT, 0)
    if drawn is None:
        ax.text(0, 12, wording("map.missing"))
        return
    ax.text(0, 8, wording("prices.map"), fontsize=9, va="center")
    seats = np.array(drawn.seats)
    ax.scatter(seats[:, 0], seats[:, 1], s=1.5, color=SEAT, linewidths=0)
    for circle in drawn.circles:
        ax.add_patch(_disc(circle.x, circle.y, circle.radius))
    for label in drawn.labels:
        side = "left" if label.anchor == "start" else "right"
        ax.text(label.x, label.y, label.text, ha=side, color=INK)
    legend_x, foot = WIDTH - 150, HEIGHT - 40
    for amount, radius, x in drawn.key:
        ax.add_patch(_disc(legend_x + x, foot, radius))
        ax.text(legend_x + x + radius + 3, foot, wording.number(amount), va="center", color=INK)


def _disc(x: float, y: float, radius: float) -> Disc:
    return Disc((x, y), radius, facecolor=SOFT, edgecolor=DEEP, alpha=0.55, linewidth=0.7)


def _worth_map(problem: Problem, rows: Sequence[Bottleneck]) -> NorwayMap | None:
    points = np.rint(sum_prices_by_municipality(problem, rows)).astype(np.int64)
    return draw_map(problem, points, np.zeros_like(points))


def _page(rows: Sequence[Bottleneck], wording: Wording, heading: str, svg: bytes) -> str:
    text = svg.decode()
    template = template_environment().get_template("prices.html")
    return template.render(
        wording=wording,
        title=heading,
        alt=_alt(rows, wording),
        picture=text[text.index("<svg") :],
        rows=rows,
        named=lambda rule: rule_title(rule, wording.language),
    )


def _alt(rows: Sequence[Bottleneck], wording: Wording) -> str:
    if not rows:
        return wording("prices.alt_none")
    scarcest = (
        f"{_place_text(row, wording)} {wording.number(row.price)}" for row in rows[:MAX_NAMED]
    )
    return wording("prices.alt", most="; ".join(scarcest))


def _place_text(row: Bottleneck, wording: Wording) -> str:
    return wording(
        "prices.bar", where=", ".join(row.names), what=rule_title(row.rule, wording.language)
    )


def _short(text: str) -> str:
    return text if len(text) <= MAX_LETTERS else f"{text[: MAX_LETTERS - 1]}…"
