"""``treffsikker stay fit``: fit a stay model on register data."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.sentences import texts
from matcher.cli.shared import (
    JsonOption,
    LanguageOption,
    print_json,
    print_line,
    print_table,
    show_step,
)
from matcher.cli.stay.shared import RegisterArgument, describe_group, format_years
from matcher.stay.fitting.fit import FittingMethod, fit_model
from matcher.stay.fitting.model_files import hash_model, save_model
from matcher.stay.fitting.models import FittedModel, LinearPredictorModel
from matcher.stay.fitting.register import read_register
from matcher.texts import Language, format_number


def run(
    register: RegisterArgument,
    out: Annotated[Path, typer.Option("--out", help="File to write the model to (JSON).")],
    method: Annotated[
        FittingMethod, typer.Option("--method", help="linear, logit, hazard or boosting.")
    ] = "linear",
    years: Annotated[int, typer.Option("--years", min=1, help="Moved within so many years.")] = 7,
    until: Annotated[
        int | None,
        typer.Option("--until", help="Last cohort to learn from; later ones are for judging."),
    ] = None,
    plot: Annotated[
        Path | None, typer.Option("--plot", help="Draw the effects: a path in .svg, .png or .pdf.")
    ] = None,
    as_json: JsonOption = False,
    language: LanguageOption = "nb",
) -> None:
    """Fit a model of who moves on register data, with errors robust within municipalities."""
    words = texts(language)
    with show_step(words["stay.fitting"].format(method=method)):
        data = read_register(register)
        # Without --until, fit on all cohorts but the last, which is then used for evaluation.
        first, last = data.settlement_range
        used = data.select_cohorts(last=until or max(first, last - 1))
        model = fit_model(used, method, years)
    save_model(model, out)
    named = model.effects.by_name if isinstance(model, LinearPredictorModel) else {}
    if plot is not None and named:
        from matcher.stay.fitting.plots import plot_effects, save_plot  # noqa: PLC0415  # Needs the extra plots.

        labelled = {describe_group(*key, language): both for key, both in named.items()}
        save_plot(plot_effects(labelled, words[f"stay.scale_{_scale(model)}"]), plot)
    if as_json:
        print_json(_facts(model, len(used), out))
        return
    facts = {"method": method, "persons": len(used), "years": years, "path": out}
    print_line(words["stay.fitted"].format(settled=format_years(model.cohorts), **facts))
    if named:
        print_table(words["stay.fit_columns"].split(", "), list(_rows(named.items(), language)))


def _scale(model: FittedModel) -> str:
    return "linear" if model.method == "linear" else "odds"


def _facts(model: FittedModel, persons: int, out: Path) -> dict[str, object]:
    effects = model.effects.by_name if isinstance(model, LinearPredictorModel) else {}
    return {
        "method": model.method,
        "years": model.horizon,
        "cohorts": list(model.cohorts),
        "persons": persons,
        "hash": hash_model(model),
        "file": str(out),
        "effects": [
            {"variable": v, "level": level, "value": value, "error": error}
            for (v, level), (value, error) in effects.items()
        ],
    }


def _rows(
    named: Iterable[tuple[tuple[str, str], tuple[float, float]]], language: Language
) -> Iterable[list[str]]:
    for key, (value, error) in named:
        yield [
            describe_group(*key, language),
            format_number(value, language, 3),
            format_number(error, language, 3),
        ]
