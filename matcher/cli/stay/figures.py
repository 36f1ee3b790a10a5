"""``treffsikker stay figures``: compare the model with the figures of the report."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.sentences import texts
from matcher.cli.shared import JsonOption, LanguageOption, print_json, print_line, print_table
from matcher.cli.stay.shared import HORIZONS, YearsOption, describe_group, format_percentage
from matcher.stay.fitting import replication as figures
from matcher.texts import Language


def run(
    years: YearsOption = "7",
    plot: Annotated[
        Path | None, typer.Option("--plot", help="Draw it too: a path in .svg, .png or .pdf.")
    ] = None,
    as_json: JsonOption = False,
    language: LanguageOption = "nb",
) -> None:
    """Compare predicted moving shares with the report's, by group and by kind of municipality."""
    compared, places = (
        figures.replicate_table_2(HORIZONS[years]),
        figures.predict_by_place(HORIZONS[years]),
    )
    if plot is not None:
        from matcher.stay.fitting.plots import plot_replication, save_plot  # noqa: PLC0415  # Needs the extra plots.

        save_plot(plot_replication(compared), plot)
    if as_json:
        groups = [{**asdict(f), "deviation": f.deviation, "large": f.is_large} for f in compared]
        print_json({"years": years, "groups": groups, "places": [asdict(p) for p in places]})
        return
    words = texts(language)
    print_line(words["stay.compared"].format(years=years))
    print_table(
        words["stay.figure_columns"].split(", "),
        [_group(f, language) for f in compared],
        frozenset((1, 2, 3)),
    )
    print_line()
    print_line(words["stay.placed"].format(years=years))
    columns = words["stay.place_columns"].split(", ")
    print_table(columns, [_place(p, language) for p in places], frozenset((1, 2)))
    print_line(words["stay.why"].format(count=sum(f.is_large for f in compared)))


def _group(figure: figures.ReplicatedShare, language: Language) -> list[str]:
    numbers = (figure.observed, figure.predicted)
    return [
        describe_group(figure.variable, figure.level, language),
        *(format_percentage(n, language) for n in numbers),
        format_percentage(figure.deviation, language, sign=True),
    ]


def _place(place: figures.PlacePrediction, language: Language) -> list[str]:
    seen = "" if place.ten_years is None else f"{100 * place.ten_years:.0f}"
    name = describe_group(place.variable, place.level, language)
    return [name, format_percentage(place.predicted, language), seen]
