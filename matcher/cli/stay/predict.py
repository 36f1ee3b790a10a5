"""``treffsikker stay predict``: predict a night's probabilities with a fitted model."""

import numpy as np
import pandas as pd

from matcher.cli.sentences import texts
from matcher.cli.shared import (
    DataArgument,
    JsonOption,
    LanguageOption,
    print_json,
    print_line,
    show_step,
)
from matcher.cli.stay.shared import ModelArgument
from matcher.domain.tables.build import build_tables
from matcher.files import read
from matcher.policy.catalogue import load_catalogue
from matcher.stay.fitting.model_files import load_model
from matcher.stay.fitting.queue_prediction import compute_pair_fits, predict_staying

FILE = "probabilities.parquet"
DECIMALS = 4


def run(
    model: ModelArgument,
    data: DataArgument,
    as_json: JsonOption = False,
    language: LanguageOption = "nb",
) -> None:
    """Write probabilities of staying by a fitted model beside a night's files, for the plan."""
    words, fitted = texts(language), load_model(model)
    with show_step(words["stay.predicting"]):
        # Predict for each household: linked households are joined when the files are read.
        tables = build_tables(read(data).replace(links=(), probabilities=None))
        both = tables.households, tables.municipalities
        stay = predict_staying(
            fitted, *both, compute_pair_fits(fitted, *both, load_catalogue().pair_effects)
        )
        units, places = stay.shape
        table = pd.DataFrame(
            {
                "household": np.repeat(tables.households.id, places),
                "municipality": np.tile(tables.municipalities.number, units),
                "probability": stay.round(DECIMALS).ravel(),
            }
        )
        table.to_parquet(data / FILE, index=False)
    facts = {"households": units, "municipalities": places, "file": str(data / FILE)}
    if as_json:
        print_json({**facts, "mean": float(stay.mean())})
    else:
        print_line(words["stay.predicted_night"].format(**facts, years=fitted.horizon))
