"""``treffsikker stay card``: write the model card from the data."""

from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.sentences import texts
from matcher.cli.shared import AsJson, LanguageOption, print_json, say, step
from matcher.cli.stay.shared import GainsOption, ModelFile, RegisterFile
from matcher.fitting.artefact import load_model, model_hash
from matcher.fitting.card import card
from matcher.fitting.evaluate import evaluate, held_out
from matcher.fitting.gains import estimate_gains
from matcher.fitting.register import read_register


def run(
    model: ModelFile,
    register: RegisterFile,
    out: Annotated[Path, typer.Option("--out", help="File to write the card to (Markdown).")],
    gains: GainsOption = False,
    as_json: AsJson = False,
    language: LanguageOption = "nb",
) -> None:
    """Write a fitted model's card, in English: data, form, errors, calibration, effects, limits."""
    words, fitted, data = texts(language), load_model(model), read_register(register)
    with step(words["stay.judging"]):
        held_out_register = held_out(fitted, data)
        evaluation = evaluate(fitted, held_out_register)
        estimated_gains = (
            estimate_gains(held_out_register, fitted.method, fitted.horizon) if gains else None
        )
    learned_register = data.cohorts(*fitted.cohorts)
    out.write_text(
        card(fitted, learned_register, evaluation, held_out_register, estimated_gains),
        encoding="utf-8",
    )
    if as_json:
        print_json({"file": str(out), "hash": model_hash(fitted), "brier": evaluation.brier})
    else:
        say(words["stay.carded"].format(path=out))
