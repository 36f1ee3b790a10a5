"""``python -m benchmarks.stay``: time the stay model on the largest data it must handle."""

import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.meter import peak_mb
from instances import Profile, generate
from instances.register import simulate_register
from matcher.domain.tables.build import build_tables
from matcher.stay.fitting.fit import FITTING_METHODS, fit_model
from matcher.stay.fitting.queue_prediction import predict_staying
from matcher.stay.fitting.register import build_register
from matcher.stay.model import StayModel

PERSONS = 100_000
PROFILE = "year"


def main() -> None:
    """Measure predictions for a year's queue, and fitting on a large register."""
    _tell("what", "seconds", "of processor", "peak MB so far")
    _tell(*["---"] * 4)
    tables = build_tables(generate(Profile.read(PROFILE), seed=1))
    h, m = tables.households, tables.municipalities
    pairs = f"{len(h) * len(m):,} pairs of {PROFILE}"
    _timed(f"built-in model, {pairs}", partial(StayModel().predict, h, m))
    register = build_register(simulate_register(PERSONS, 1))
    for method in FITTING_METHODS:
        model = _timed(f"fit {method}, {PERSONS:,} persons", partial(fit_model, register, method))
        _timed(f"predict {method}, {pairs}", partial(predict_staying, model, h, m))


def _timed(what: str, run: Callable[[], Any]) -> Any:
    start, used = time.perf_counter(), time.process_time()
    result = run()
    passed, worked = time.perf_counter() - start, time.process_time() - used
    _tell(what, f"{passed:.1f}", f"{worked:.1f}", f"{peak_mb():.0f}")
    return result


def _tell(*cells: str) -> None:
    sys.stdout.write(f"| {' | '.join(cells)} |\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
