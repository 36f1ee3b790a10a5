"""What a caseworker is shown at this moment, for the log of proposals."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.metadata import version

from matcher.live.live import Live
from matcher.ranking_columns import stay_model
from matcher.stay.coefficients import Coefficients, Horizon
from matcher.trace import Trace, trace_of

LIBRARIES = ("treffsikker", "numpy", "pandas")
"""Whose versions are kept: what a ranking is computed with."""


def trace(live: Live, household: str, municipality: str) -> Trace | None:
    """Give the trace of proposing a household to a municipality now.

    Parameters
    ----------
    live : Live
    household : str
        With those linked to it.
    municipality : str
        Four-digit number.

    Returns
    -------
    Trace or None
        None before the first complete night, and when the household does not wait or there is no
        such municipality.
    """
    known = household in live.problem.households.row_of
    there = municipality in live.problem.municipalities.row_of
    if live.night is None or not known or not there:
        return None
    return trace_of(
        live.ranking(household), municipality, run=live.night.run,
        stay_model=_named(stay_model(live.problem).horizon), versions=versions(),
    )  # fmt: skip


@cache
def _named(horizon: Horizon) -> Mapping[str, str]:
    effects = sorted(Coefficients.read(horizon).effects.items())
    name = f"Fafo 2025:14, table 4, {horizon}"
    return {"name": name, "hash": sha256(repr(effects).encode()).hexdigest()}


@cache
def versions() -> Mapping[str, str]:
    """Versions of the program and the libraries that a ranking is computed with."""
    return {name: version(name) for name in LIBRARIES}
