"""Follow the store while an application runs: the snapshot cache and the tracer of proposals."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import FastAPI

from api.live.proposal_trace import LiveTracer
from api.live.snapshot_cache import SnapshotCache
from matcher.store.store import Store


@contextmanager
def run_snapshot_cache(app: FastAPI, store: Store) -> Iterator[None]:
    """Follow a store until the end of the block.

    Sets ``app.state.snapshot_cache``, and ``app.state.tracer``, which traces proposals.
    """
    # The queue consists of some hundred thousand values. If the garbage collector searched them,
    # every request would wait for a fifth of a second, again and again.
    with SnapshotCache(store, on_replaced=gc.freeze) as cache:
        app.state.snapshot_cache = cache
        app.state.tracer = LiveTracer(cache, lambda: app.state.clock().date())
        cache.warm_up(app.state.clock().date())
        yield
