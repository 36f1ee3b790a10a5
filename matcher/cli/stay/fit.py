"""``treffsikker stay fit``: fit a stay model on register data."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.sentences import texts
from matcher.cli.shared import AsJson, LanguageOption, print_json, print_table, say, step
from matcher.cli.stay.shared import RegisterFile, group_of, span
from matcher.fitting.artefact import model_hash, save_model
from matcher.fitting.fit import Method, fit
from matcher.fitting.models import EffectsModel, FittedModel
from matcher.fitting.plots import effects_plot, save
from matcher.fitting.register import read_register
from matcher.texts import Language, number


def run(
    register: RegisterFile,
    out: Annotated[Path, typer.Option("--out", help="File to write the model to (JSON).")],
    method: Annotated[
        Method, typer.Option("--method", help="linear, logit, hazard or boosting.")
    ] = "linear",
    years: Annotated[int, typer.Option("--years", min=1, help="Moved within so many years.")] = 7,
    until: Annotated[
        int | None,
        typer.Option("--until", help="Last cohort to learn from; later ones are for judging."),
    ] = None,
    plot: Annotated[
        Path | None, typer.Option("--plot", help="Draw the effects: a path in .svg, .png or .pdf.")
    ] = None,
    as_json: AsJson = False,
    language: LanguageOption = "nb",
) -> None:
    """Fit a model of who moves on register data, with errors robust within municipalities."""
    words = texts(language)
    with step(words["stay.fitting"].format(method=method)):
        data = read_register(register)
        # Without --until, fit on all cohorts but the last, which is then used for evaluation.
        first, last = data.settled
        used = data.cohorts(last=until or max(first, last - 1))
        model = fit(used, method, years)
    save_model(model, out)
    named = model.effects.named if isinstance(model, EffectsModel) else {}
    if plot is not None and named:
        labelled = {group_of(*key, language): both for key, both in named.items()}
        save(effects_plot(labelled, words[f"stay.scale_{_scale(model)}"]), plot)
    if as_json:
        print_json(_facts(model, len(used), out))
        return
    facts = {"method": method, "persons": len(used), "years": years, "path": out}
    say(words["stay.fitted"].format(settled=span(model.cohorts), **facts))
    if named:
        print_table(words["stay.fit_columns"].split(", "), list(_rows(named.items(), language)))


def _scale(model: FittedModel) -> str:
    return "linear" if model.method == "linear" else "odds"


def _facts(model: FittedModel, persons: int, out: Path) -> dict[str, object]:
    effects = model.effects.named if isinstance(model, EffectsModel) else {}
    return {
        "method": model.method,
        "years": model.horizon,
        "cohorts": list(model.cohorts),
        "persons": persons,
        "hash": model_hash(model),
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
        yield [group_of(*key, language), number(value, language, 3), number(error, language, 3)]
