"""Predict: how likely each household is to stay in each municipality."""

from collections.abc import Mapping
from hashlib import sha256

import numpy as np

from matcher.batch.night import Hands, Made, Night
from matcher.ranking_columns import stay_model

BLOCK = 500
"""Units predicted at a time, so that a year's queue needs little memory."""


def predict(night: Night, hands: Hands) -> Mapping[str, Made]:
    """Predict all pairs, and note what was predicted: its hash, and its spread over the pairs."""
    h, m = night.problem.households, night.problem.municipalities
    model, hashed = stay_model(night.problem), sha256()
    mean, least, most = np.zeros(len(h)), np.ones(len(h)), np.zeros(len(h))
    for start in range(0, len(h), BLOCK):
        rows = slice(start, min(start + BLOCK, len(h)))
        found = model.predict(h.take(np.arange(len(h))[rows]), m).probability
        hashed.update(np.ascontiguousarray(found).tobytes())
        mean[rows], least[rows] = found.mean(axis=1), found.min(axis=1)
        most[rows] = found.max(axis=1)
    return {
        "predictions": Made.of_json(
            {
                "hash": hashed.hexdigest(),
                "horizon": str(model.horizon.value),
                "pairs": len(h) * len(m),
                "mean": float(mean.mean()) if len(h) else None,
                # How much it matters where: best against worst municipality of each unit.
                "range": float((most - least).mean()) if len(h) else None,
            }
        )
    }
