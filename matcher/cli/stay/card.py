"""``treffsikker stay card``: write the model card from the data."""

from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.sentences import texts
from matcher.cli.shared import JsonOption, LanguageOption, print_json, print_line, show_step
from matcher.cli.stay.shared import GainsOption, ModelArgument, RegisterArgument
from matcher.stay.fitting.evaluation import evaluate_model, select_later_cohorts
from matcher.stay.fitting.matching_gains import estimate_matching_gains
from matcher.stay.fitting.model_card import render_model_card
from matcher.stay.fitting.model_files import hash_model, load_model
from matcher.stay.fitting.register import read_register


def run(
    model: ModelArgument,
    register: RegisterArgument,
    out: Annotated[Path, typer.Option("--out", help="File to write the card to (Markdown).")],
    gains: GainsOption = False,
    as_json: JsonOption = False,
    language: LanguageOption = "nb",
) -> None:
    """Write a fitted model's card, in English: data, form, errors, calibration, effects, limits."""
    words, fitted, data = texts(language), load_model(model), read_register(register)
    with show_step(words["stay.judging"]):
        held_out_register = select_later_cohorts(fitted, data)
        evaluation = evaluate_model(fitted, held_out_register)
        estimated_gains = (
            estimate_matching_gains(held_out_register, fitted.method, fitted.horizon)
            if gains
            else None
        )
    learned_register = data.select_cohorts(*fitted.cohorts)
    out.write_text(
        render_model_card(fitted, learned_register, evaluation, held_out_register, estimated_gains),
        encoding="utf-8",
    )
    if as_json:
        print_json({"file": str(out), "hash": hash_model(fitted), "brier": evaluation.brier})
    else:
        print_line(words["stay.carded"].format(path=out))
