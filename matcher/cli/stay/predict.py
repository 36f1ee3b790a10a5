"""``treffsikker stay predict``: predict a night's probabilities with a fitted model."""

import numpy as np
import pandas as pd

from matcher.cli.sentences import texts
from matcher.cli.shared import AsJson, Data, LanguageOption, print_json, say, step
from matcher.cli.stay.shared import ModelFile
from matcher.fitting.artefact import load_model
from matcher.fitting.predict import fits_of, staying
from matcher.store import read
from matcher.tables import build_tables

FILE = "probabilities.parquet"
DECIMALS = 4


def run(
    model: ModelFile,
    data: Data,
    as_json: AsJson = False,
    language: LanguageOption = "nb",
) -> None:
    """Write probabilities of staying by a fitted model beside a night's files, for the plan."""
    words, fitted = texts(language), load_model(model)
    with step(words["stay.predicting"]):
        # Predict for each household: linked households are joined when the files are read.
        tables = build_tables(read(data).replace(links=(), probabilities=None))
        both = tables.households, tables.municipalities
        stay = staying(fitted, *both, fits_of(fitted, *both))
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
        say(words["stay.predicted_night"].format(**facts, years=fitted.horizon))
