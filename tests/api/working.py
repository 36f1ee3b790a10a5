"""A worker for the runs of an application, and nights for it to do."""

from datetime import timedelta
from itertools import count

import orjson

from matcher.domain.roles import Role
from matcher.jobs import Worker
from matcher.jobs.handlers import JOB_HANDLERS
from tests.api.conftest import NOON
from tests.api.queue import fill

RUNS = "/api/v1/runs"
WHAT_IF = "/api/v1/what-if"
QUICK = {"seconds": 5}
TICKS = count()


def work(app, kinds=JOB_HANDLERS) -> int:
    """Do all runs that wait, a little after noon, and later than all work before it."""
    settings = app.state.settings.model_copy(update={"heartbeat_seconds": 0.01})
    return Worker(app.state.store, settings, kinds, "worker", _tick).drain()


def _tick():
    return NOON + timedelta(milliseconds=next(TICKS))


def a_night(app, client_as, **asked) -> str:
    """A complete night, asked for over HTTP and done; its run."""
    operator = client_as(Role.OPERATOR)
    run = operator.post(RUNS, json={**QUICK, **asked}).json()["id"]
    work(app)
    assert operator.get(f"{RUNS}/{run}").json()["status"] == "complete"
    return run


def first_night(app, client_as) -> str:
    """The queue taken in, and its first night."""
    fill(app)
    return a_night(app, client_as)


def left(client, run: str, name: str):
    """An output that is JSON."""
    return orjson.loads(client.get(f"{RUNS}/{run}/outputs/{name}").content)
