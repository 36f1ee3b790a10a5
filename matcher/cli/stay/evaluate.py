"""``treffsikker stay evaluate``: judge a fitted model on cohorts that it was not fitted on."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from matcher.cli.sentences import texts
from matcher.cli.shared import AsJson, LanguageOption, print_json, print_table, say, step
from matcher.cli.stay.shared import GainsOption, ModelFile, RegisterFile, group_of, per_cent, span
from matcher.fitting.artefact import load_model
from matcher.fitting.curves import survival_by_group
from matcher.fitting.evaluate import Evaluation, Group, evaluate, held_out, summary
from matcher.fitting.gains import Gains, as_rows, estimate_gains
from matcher.fitting.models import FittedModel, HazardModel
from matcher.fitting.plots import calibration_plot, save, survival_plot
from matcher.fitting.register import Register, read_register
from matcher.stay.model import NORMAL_95
from matcher.texts import Language, number

CURVES = ("age", "centrality")
"""Variables by whose levels survival curves are drawn."""


def run(
    model: ModelFile,
    register: RegisterFile,
    gains: GainsOption = False,
    plots: Annotated[
        Path | None, typer.Option("--plots", help="Folder for plots of calibration and survival.")
    ] = None,
    as_json: AsJson = False,
    language: LanguageOption = "nb",
) -> None:
    """Judge a fitted model on later cohorts: errors, calibration overall and by group, gains."""
    words, fitted = texts(language), load_model(model)
    with step(words["stay.judging"]):
        later = held_out(fitted, read_register(register))
        evaluation = evaluate(fitted, later)
        estimated_gains = estimate_gains(later, fitted.method, fitted.horizon) if gains else None
    if plots is not None:
        _draw(fitted, later, evaluation, plots)
    if as_json:
        print_json(_facts(evaluation, estimated_gains))
        return
    say(words["stay.judged"].format(persons=evaluation.persons, settled=span(later.settled)))
    for name, value in summary(evaluation).items():
        say(f"  {words[f'stay.{name}']}: {_format_measure(name, value, language)}")
    columns = words["stay.calibration_columns"].split(", ")
    for title, groups in (("stay.by_bin", evaluation.bins), ("stay.by_group", evaluation.groups)):
        say()
        say(words[title])
        print_table(columns, list(_rows(groups, language)), frozenset((1, 2, 3, 4)))
    for line in _gains(estimated_gains, language):
        say(line)


def _format_measure(name: str, value: float, language: Language) -> str:
    if name in ("persons", "left_out"):
        return number(value, language)
    if name in ("moved", "predicted"):
        return f"{per_cent(value, language)} %"
    return number(value, language, 4)


def _rows(groups: Iterable[Group], language: Language) -> Iterable[list[str]]:
    for g in groups:
        shares = (g.observed, NORMAL_95 * g.error, g.predicted)
        off = texts(language)["stay.off"] if g.off else ""
        name = group_of(g.variable, g.level, language)
        yield [name, str(g.persons), *(per_cent(s, language) for s in shares), off]


def _gains(gains: Gains | None, language: Language) -> Iterable[str]:
    words = texts(language)
    if gains is None:
        return
    yield from ("", words["stay.gains"])
    for name, estimate in as_rows(gains).items():
        low, high = (per_cent(end, language, sign=True) for end in estimate.interval)
        gain = per_cent(estimate.gain, language, sign=True)
        yield f"  {words[f'stay.{name}'].format(gain=gain, low=low, high=high)}"


def _facts(evaluation: Evaluation, gains: Gains | None) -> dict[str, Any]:
    return {**asdict(evaluation), "gains": None if gains is None else asdict(gains)}


def _draw(model: FittedModel, later: Register, evaluation: Evaluation, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    save(calibration_plot(evaluation.bins), folder / "calibration.svg")
    if isinstance(model, HazardModel):
        for variable in CURVES:
            curves = survival_by_group(model, later, variable)
            save(survival_plot(*curves, variable), folder / f"survival-{variable}.svg")
