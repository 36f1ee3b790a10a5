"""The trace of a proposal: what a caseworker is shown at this moment, for the log."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.metadata import version

from api.live.snapshot import LiveSnapshot
from matcher.domain.trace import Trace
from matcher.ranking.columns import stay_model
from matcher.ranking.trace import build_trace
from matcher.stay.coefficients import Coefficients, Horizon

LIBRARIES = ("treffsikker", "numpy", "pandas")
"""Libraries that a ranking is computed with; a trace records their versions."""


def trace_proposal(snapshot: LiveSnapshot, household: str, municipality: str) -> Trace | None:
    """Record the trace of proposing a household to a municipality now.

    Parameters
    ----------
    snapshot : LiveSnapshot
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
    known = household in snapshot.problem.households.row_of
    exists = municipality in snapshot.problem.municipalities.row_of
    if snapshot.night is None or not known or not exists:
        return None
    return build_trace(
        snapshot.ranking(household),
        municipality,
        run=snapshot.night.run,
        stay_model=_stay_model_facts(stay_model(snapshot.problem).horizon),
        versions=library_versions(),
    )


@cache
def _stay_model_facts(horizon: Horizon) -> Mapping[str, str]:
    effects = sorted(Coefficients.read(horizon).by_level.items())
    name = f"Fafo 2025:14, table 4, {horizon}"
    return {"name": name, "hash": sha256(repr(effects).encode()).hexdigest()}


@cache
def library_versions() -> Mapping[str, str]:
    """Return the versions of the program and the libraries that a ranking is computed with."""
    return {name: version(name) for name in LIBRARIES}
