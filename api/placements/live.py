"""What is live in this process, and what proposals keep of it."""

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
    """Follow a store while an application runs, and keep what proposals are made on."""
    # The queue is some hundred thousand values: looking through them for garbage would make
    # everyone wait for a fifth of a second, again and again.
    with Follower(store, in_place=gc.freeze) as follower:
        app.state.follower, app.state.tracer = follower, Tracing(app, follower)
        follower.start(app.state.clock().date())
        yield


@dataclass(frozen=True, slots=True)
class Tracing:
    """Gives the trace of a proposal from what is live."""

    app: FastAPI
    follower: Follower

    def __call__(self, household: str, municipality: str) -> Trace | None:
        """Give what is shown at this moment; None when there is nothing to show."""
        try:
            live = self.follower.live(self.app.state.clock().date())
        except UnusableInstanceError:
            return None
        return trace(live, household, municipality)


def live_now(request: Request, household: str) -> Live:
    """Give what is live, with a household that waits in it.

    Raises
    ------
    UnknownHouseholdError
        404 when the store has never heard of the household.
    RefusedError
        409 when it does not wait.
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
