"""The trace of a proposal: what a caseworker is shown at this moment, for the log."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.metadata import version

from api.live.snapshot import LiveSnapshot
from api.live.snapshot_cache import SnapshotCache
from matcher.domain.trace import Trace
from matcher.ranking.trace import build_trace
from matcher.stay.coefficients import Coefficients, Horizon
from matcher.store.errors import UnusableInstanceError

LIBRARIES = ("treffsikker", "numpy", "pandas")
"""Libraries that a ranking is computed with; a trace records their versions."""


@dataclass(frozen=True, slots=True)
class LiveTracer:
    """Trace proposals from the current snapshot; a ``Tracer`` of :mod:`api.tracing`.

    Parameters
    ----------
    snapshot_cache : SnapshotCache
    today : callable
        Returns the day from which days are counted.
    """

    snapshot_cache: SnapshotCache
    today: Callable[[], date]

    def __call__(self, household: str, municipality: str) -> Trace | None:
        """Return what the service shows at this moment; None when no instance can be used."""
        try:
            snapshot = self.snapshot_cache.snapshot(self.today())
        except UnusableInstanceError:
            return None
        return trace_proposal(snapshot, household, municipality)


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
        stay_model=_stay_model_facts(snapshot.problem.stay_model.horizon),
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
