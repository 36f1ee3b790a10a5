"""What a proposal is checked against: what the caseworker is shown, and how much may be asked."""

from datetime import date
from typing import Annotated, Protocol

from fastapi import Depends, Request

from api.dependencies import NowDep
from matcher.domain.trace import Trace
from matcher.policy.rules.places_asked_for import asking_share
from matcher.store.errors import UnusableInstanceError


class Tracer(Protocol):
    """Rank a household on the last complete night; stored as ``app.state.tracer``."""

    def __call__(self, household: str, municipality: str) -> Trace | None:
        """Return the trace of proposing a household to a municipality.

        Return None when no night is complete, or the household or the municipality was not in it.
        """


def _tracer(request: Request) -> Tracer:
    tracer: Tracer | None = getattr(request.app.state, "tracer", None)
    return tracer or _no_trace


def _no_trace(household: str, municipality: str) -> None:
    return None


TracerDep = Annotated[Tracer, Depends(_tracer)]
"""The application's tracer."""


def _asking_share(request: Request, at: NowDep) -> float | None:
    cache = request.app.state.snapshot_cache
    try:
        return asking_share(cache.snapshot(at.date()).problem.selection.budgets)
    except UnusableInstanceError:
        return None


AskingShareDep = Annotated[float | None, Depends(_asking_share)]
"""How much the policy in force wants asked of a municipality, as a share of its open places."""


def trace_or_empty(tracer: Tracer, household: str, municipality: str, day: date) -> Trace:
    """Return the trace of a proposal; without a night, an empty trace."""
    return tracer(household, municipality) or Trace(household, municipality, day)
