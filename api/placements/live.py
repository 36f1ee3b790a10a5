"""The live snapshot of this process, and the traces that proposals keep of it."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import FastAPI, Request

from api.problems import RefusedError
from matcher.live.follower import Follower
from matcher.live.live import Live
from matcher.live.tracing import trace
from matcher.store.database import Store, UnusableInstanceError, household_state
from matcher.trace import Trace


@contextmanager
def following(app: FastAPI, store: Store) -> Iterator[None]:
    """Follow a store while an application runs, and provide the tracer of proposals."""
    # The queue consists of some hundred thousand values. If the garbage collector searched them,
    # every request would wait for a fifth of a second, again and again.
    with Follower(store, in_place=gc.freeze) as follower:
        app.state.follower, app.state.tracer = follower, Tracing(app, follower)
        follower.start(app.state.clock().date())
        yield


@dataclass(frozen=True, slots=True)
class Tracing:
    """Build the trace of a proposal from the live snapshot."""

    app: FastAPI
    follower: Follower

    def __call__(self, household: str, municipality: str) -> Trace | None:
        """Return what the service shows at this moment; None when no instance can be used."""
        try:
            live = self.follower.live(self.app.state.clock().date())
        except UnusableInstanceError:
            return None
        return trace(live, household, municipality)


def live_now(request: Request, household: str) -> Live:
    """Return the live snapshot, after checking that a household waits in it.

    Raises
    ------
    UnknownHouseholdError
        404 when the store does not know the household.
    RefusedError
        409 when the household does not wait.
    """
    app = request.app
    try:
        live: Live = app.state.follower.live(app.state.clock().date())
        if household in live.problem.households.row_of:
            return live
    except UnusableInstanceError:
        pass
    status = household_state(app.state.store, household).status
    raise RefusedError(
        HTTPStatus.CONFLICT,
        f"household {household} is {status}; placements are for those who wait in the queue",
    )
