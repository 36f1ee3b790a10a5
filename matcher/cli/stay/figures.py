"""``treffsikker stay figures``: compare the model with the figures of the report."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.sentences import texts
from matcher.cli.shared import AsJson, LanguageOption, print_json, print_table, say
from matcher.cli.stay.shared import HORIZONS, Years, group_of, per_cent
from matcher.fitting import figures
from matcher.fitting.plots import figures_plot, save
from matcher.texts import Language


def run(
    years: Years = "7",
    plot: Annotated[
        Path | None, typer.Option("--plot", help="Draw it too: a path in .svg, .png or .pdf.")
    ] = None,
    as_json: AsJson = False,
    language: LanguageOption = "nb",
) -> None:
    """Compare predicted moving shares with the report's, by group and by kind of municipality."""
    compared, places = figures.compare(HORIZONS[years]), figures.places(HORIZONS[years])
    if plot is not None:
        save(figures_plot(compared), plot)
    if as_json:
        groups = [{**asdict(f), "deviation": f.deviation, "large": f.large} for f in compared]
        print_json({"years": years, "groups": groups, "places": [asdict(p) for p in places]})
        return
    words = texts(language)
    say(words["stay.compared"].format(years=years))
    print_table(
        words["stay.figure_columns"].split(", "),
        [_group(f, language) for f in compared],
        frozenset((1, 2, 3)),
    )
    say()
    say(words["stay.placed"].format(years=years))
    columns = words["stay.place_columns"].split(", ")
    print_table(columns, [_place(p, language) for p in places], frozenset((1, 2)))
    say(words["stay.why"].format(count=sum(f.large for f in compared)))


def _group(figure: figures.Figure, language: Language) -> list[str]:
    numbers = (figure.observed, figure.predicted)
    return [
        group_of(figure.variable, figure.level, language),
        *(per_cent(n, language) for n in numbers),
        per_cent(figure.deviation, language, sign=True),
    ]


def _place(place: figures.Place, language: Language) -> list[str]:
    seen = "" if place.ten_years is None else f"{100 * place.ten_years:.0f}"
    name = group_of(place.variable, place.level, language)
    return [name, per_cent(place.predicted, language), seen]
