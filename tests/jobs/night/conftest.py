"""Nights on a small queue, carried out in the process of the test."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from instances import Profile, generate
from matcher import Policy
from matcher.domain import Instance
from matcher.jobs import Worker
from matcher.jobs.night import NightClaimed, NightParameters, NightRun, claim_night, run_night
from matcher.settings import Settings
from matcher.store import Stamp, import_instance
from matcher.store.runs import NIGHT_KIND
from matcher.store.runs import get_run as run_of
from tests.store.conftest import (
    empty_url,
    postgres,
    sqlite_template,
    sqlite_url,
    store,
    store_url,
)

__all__ = ["empty_url", "postgres", "sqlite_template", "sqlite_url", "store", "store_url"]

SETTINGS = Settings(development=True, heartbeat_seconds=15)
QUESTION = NightParameters(Policy.default(), seconds=20.0)
SILENCE = timedelta(seconds=60)


def now() -> datetime:
    return datetime.now(UTC)


def at_noon(instance: Instance) -> datetime:
    return datetime(*instance.today.timetuple()[:3], 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def queue() -> Instance:
    """A queue with every kind of need."""
    return generate(Profile.read("small"), seed=5, households=24)


@pytest.fixture
def taken_in(store) -> Callable[[Instance], None]:
    """Take files in at noon of their day."""

    def take(instance: Instance) -> None:
        import_instance(store, instance, Stamp(at_noon(instance), "Importer", "import"))

    return take


@pytest.fixture
def start(store, queue):
    """Start a night of the queue's day, by a worker of some name."""

    def starting(name: str = "one", question: NightParameters = QUESTION, **more):
        asked = {"day": queue.today, "at": now(), "worker_has_ended": lambda _: False, **more}
        return claim_night(
            store, question, worker=name, asked_by="test", stalled_after=SILENCE, **asked
        )

    return starting


@pytest.fixture
def carried_out(store, start) -> Callable[..., NightRun]:
    """Carry a night out to its end."""

    def carry(name: str = "one", question: NightParameters = QUESTION, **more) -> NightRun:
        taken = start(name, question, **more)
        assert isinstance(taken, NightClaimed), taken
        outcome = Worker(store, SETTINGS, {NIGHT_KIND: run_night}, name, now).execute(taken.run)
        ended = run_of(store, taken.run.id)
        assert outcome == "complete", ended.error
        return NightRun(store, ended)

    return carry
