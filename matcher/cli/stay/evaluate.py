"""``treffsikker stay evaluate``: judge a fitted model on cohorts that it was not fitted on."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

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
from matcher.cli.stay.shared import (
    GainsOption,
    ModelArgument,
    RegisterArgument,
    describe_group,
    format_percentage,
    format_years,
)
from matcher.stay.fitting.evaluation import (
    CalibrationGroup,
    Evaluation,
    evaluate_model,
    select_later_cohorts,
    summarise_evaluation,
)
from matcher.stay.fitting.matching_gains import (
    MatchingGains,
    estimate_matching_gains,
    estimates_by_name,
)
from matcher.stay.fitting.model_files import load_model
from matcher.stay.fitting.models import FittedModel, HazardModel
from matcher.stay.fitting.register import Register, read_register
from matcher.stay.fitting.survival_curves import compare_survival_by_group
from matcher.stay.model import NORMAL_95
from matcher.texts import Language, format_number

CURVES = ("age", "centrality")
"""Variables by whose levels survival curves are drawn."""


def run(
    model: ModelArgument,
    register: RegisterArgument,
    gains: GainsOption = False,
    plots: Annotated[
        Path | None, typer.Option("--plots", help="Folder for plots of calibration and survival.")
    ] = None,
    as_json: JsonOption = False,
    language: LanguageOption = "nb",
) -> None:
    """Judge a fitted model on later cohorts: errors, calibration overall and by group, gains."""
    words, fitted = texts(language), load_model(model)
    with show_step(words["stay.judging"]):
        later = select_later_cohorts(fitted, read_register(register))
        evaluation = evaluate_model(fitted, later)
        estimated_gains = (
            estimate_matching_gains(later, fitted.method, fitted.horizon) if gains else None
        )
    if plots is not None:
        _draw(fitted, later, evaluation, plots)
    if as_json:
        print_json(_facts(evaluation, estimated_gains))
        return
    print_line(
        words["stay.judged"].format(
            persons=evaluation.persons, settled=format_years(later.settlement_range)
        )
    )
    for name, value in summarise_evaluation(evaluation).items():
        print_line(f"  {words[f'stay.{name}']}: {_format_measure(name, value, language)}")
    columns = words["stay.calibration_columns"].split(", ")
    for title, groups in (("stay.by_bin", evaluation.bins), ("stay.by_group", evaluation.groups)):
        print_line()
        print_line(words[title])
        print_table(columns, list(_rows(groups, language)), frozenset((1, 2, 3, 4)))
    for line in _gains(estimated_gains, language):
        print_line(line)


def _format_measure(name: str, value: float, language: Language) -> str:
    if name in ("persons", "left_out"):
        return format_number(value, language)
    if name in ("moved", "predicted"):
        return f"{format_percentage(value, language)} %"
    return format_number(value, language, 4)


def _rows(groups: Iterable[CalibrationGroup], language: Language) -> Iterable[list[str]]:
    for g in groups:
        shares = (g.observed, NORMAL_95 * g.error, g.predicted)
        off = texts(language)["stay.off"] if g.is_miscalibrated else ""
        name = describe_group(g.variable, g.level, language)
        yield [name, str(g.persons), *(format_percentage(s, language) for s in shares), off]


def _gains(gains: MatchingGains | None, language: Language) -> Iterable[str]:
    words = texts(language)
    if gains is None:
        return
    yield from ("", words["stay.gains"])
    for name, estimate in estimates_by_name(gains).items():
        low, high = (format_percentage(end, language, sign=True) for end in estimate.interval)
        gain = format_percentage(estimate.gain, language, sign=True)
        yield f"  {words[f'stay.{name}'].format(gain=gain, low=low, high=high)}"


def _facts(evaluation: Evaluation, gains: MatchingGains | None) -> dict[str, Any]:
    return {**asdict(evaluation), "gains": None if gains is None else asdict(gains)}


def _draw(model: FittedModel, later: Register, evaluation: Evaluation, folder: Path) -> None:
    from matcher.stay.fitting.plots import plot_calibration, plot_survival, save_plot  # noqa: PLC0415  # Needs the extra plots.

    folder.mkdir(parents=True, exist_ok=True)
    save_plot(plot_calibration(evaluation.bins), folder / "calibration.svg")
    if isinstance(model, HazardModel):
        for variable in CURVES:
            curves = compare_survival_by_group(model, later, variable)
            save_plot(plot_survival(*curves, variable), folder / f"survival-{variable}.svg")
