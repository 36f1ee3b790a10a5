"""The live snapshot of this process, and the traces that proposals keep of it."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import FastAPI, Request

from api.live.proposal_trace import trace_proposal
from api.live.snapshot import LiveSnapshot
from api.live.snapshot_cache import SnapshotCache
from api.problems import RefusedError
from matcher.domain.trace import Trace
from matcher.store import Store, UnusableInstanceError, get_household_state


@contextmanager
def run_snapshot_cache(app: FastAPI, store: Store) -> Iterator[None]:
    """Follow a store while an application runs, and provide the tracer of proposals."""
    # The queue consists of some hundred thousand values. If the garbage collector searched them,
    # every request would wait for a fifth of a second, again and again.
    with SnapshotCache(store, on_replaced=gc.freeze) as cache:
        app.state.snapshot_cache, app.state.tracer = cache, LiveTracer(app, cache)
        cache.warm_up(app.state.clock().date())
        yield


@dataclass(frozen=True, slots=True)
class LiveTracer:
    """Build the trace of a proposal from the live snapshot."""

    app: FastAPI
    snapshot_cache: SnapshotCache

    def __call__(self, household: str, municipality: str) -> Trace | None:
        """Return what the service shows at this moment; None when no instance can be used."""
        try:
            live = self.snapshot_cache.snapshot(self.app.state.clock().date())
        except UnusableInstanceError:
            return None
        return trace_proposal(live, household, municipality)


def current_snapshot(request: Request, household: str) -> LiveSnapshot:
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
        cache: SnapshotCache = app.state.snapshot_cache
        live = cache.snapshot(app.state.clock().date())
        if household in live.problem.households.row_of:
            return live
    except UnusableInstanceError:
        pass
    status = get_household_state(app.state.store, household).status
    raise RefusedError(
        HTTPStatus.CONFLICT,
        f"household {household} is {status}; placements are for those who wait in the queue",
    )
