"""Step predict: summarize how likely each household is to stay in each municipality."""

from collections.abc import Mapping
from hashlib import sha256

import numpy as np

from matcher.jobs.job_context import JobContext, JobOutput
from matcher.jobs.night.night_run import NightRun

BLOCK = 500
"""Number of units predicted at a time; limits the memory for the queue of a year."""


def digest_predictions(night: NightRun, context: JobContext) -> Mapping[str, JobOutput]:
    """Predict all pairs, and record the hash, mean and range of the predictions."""
    h, m = night.problem.households, night.problem.municipalities
    model, hashed = night.problem.stay_model, sha256()
    mean, least, greatest = np.zeros(len(h)), np.ones(len(h)), np.zeros(len(h))
    for start in range(0, len(h), BLOCK):
        rows = slice(start, min(start + BLOCK, len(h)))
        probability = model.predict(h.take(np.arange(len(h))[rows]), m).probability
        hashed.update(np.ascontiguousarray(probability).tobytes())
        mean[rows], least[rows] = probability.mean(axis=1), probability.min(axis=1)
        greatest[rows] = probability.max(axis=1)
    known = ~np.isnan(mean)  # All but the units of which nothing is known.
    return {
        "predictions": JobOutput.of_json(
            {
                "hash": hashed.hexdigest(),
                "horizon": str(model.horizon.value),
                "pairs": len(h) * len(m),
                "mean": float(mean[known].mean()) if known.any() else None,
                # How much the choice matters: best minus worst municipality of each unit.
                "range": float((greatest - least)[known].mean()) if known.any() else None,
            }
        )
    }
