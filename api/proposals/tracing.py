"""What a caseworker is shown when they propose, from whoever keeps the last night at hand."""

from datetime import date
from typing import Annotated, Protocol

from fastapi import Depends, Request

from matcher.trace import Trace


class Tracer(Protocol):
    """Ranks a household on the last complete night; kept as ``app.state.tracer``."""

    def __call__(self, household: str, municipality: str) -> Trace | None:
        """Give the trace of proposing a household to a municipality.

        None when no night is complete, or the household or the municipality was not in it.
        """


def _tracer(request: Request) -> Tracer:
    found: Tracer | None = getattr(request.app.state, "tracer", None)
    return found or _nothing


def _nothing(household: str, municipality: str) -> None:
    return None


TracerHere = Annotated[Tracer, Depends(_tracer)]
"""The application's tracer."""


def traced(tracer: Tracer, household: str, municipality: str, day: date) -> Trace:
    """Give the trace of a proposal; without a night it says that there was none."""
    return tracer(household, municipality) or Trace(household, municipality, day)
