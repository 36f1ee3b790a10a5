"""The trace of a proposal: what a caseworker is shown at this moment, for the log."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.metadata import version

from matcher.live.live import Live
from matcher.ranking_columns import stay_model
from matcher.stay.coefficients import Coefficients, Horizon
from matcher.trace import Trace, trace_of

LIBRARIES = ("treffsikker", "numpy", "pandas")
"""Libraries that a ranking is computed with; a trace records their versions."""


def trace(live: Live, household: str, municipality: str) -> Trace | None:
    """Record the trace of proposing a household to a municipality now.

    Parameters
    ----------
    live : Live
    household : str
        Identifier; linked households are proposed together.
    municipality : str
        Four-digit number.

    Returns
    -------
    Trace or None
        None before the first complete night, when the household does not wait, and when there is
        no such municipality.
    """
    known = household in live.problem.households.row_of
    exists = municipality in live.problem.municipalities.row_of
    if live.night is None or not known or not exists:
        return None
    return trace_of(
        live.ranking(household),
        municipality,
        run=live.night.run,
        stay_model=_stay_model_facts(stay_model(live.problem).horizon),
        versions=versions(),
    )


@cache
def _stay_model_facts(horizon: Horizon) -> Mapping[str, str]:
    effects = sorted(Coefficients.read(horizon).effects.items())
    name = f"Fafo 2025:14, table 4, {horizon}"
    return {"name": name, "hash": sha256(repr(effects).encode()).hexdigest()}


@cache
def versions() -> Mapping[str, str]:
    """Return the versions of the program and the libraries that a ranking is computed with."""
    return {name: version(name) for name in LIBRARIES}
