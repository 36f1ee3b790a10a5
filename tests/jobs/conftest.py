"""Stores on both databases, and workers that know the kinds of a test."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from matcher.jobs import JobHandlers, Worker
from matcher.settings import Settings
from matcher.store.runs import Run, enqueue_run
from tests.store.conftest import (
    empty_url,
    postgres,
    sqlite_template,
    sqlite_url,
    store,
    store_url,
)

__all__ = ["empty_url", "postgres", "sqlite_template", "sqlite_url", "store", "store_url"]

DAY = date(2026, 11, 22)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def settings() -> Settings:
    """Hearts that beat fast, so that nothing is waited for."""
    return Settings(
        development=True, heartbeat_seconds=0.01, silent_seconds=30, poll_seconds=0.01, attempts=2
    )


@pytest.fixture
def worker(store, settings) -> Callable[..., Worker]:
    """Make a worker that knows some kinds."""

    def make(kinds: JobHandlers, name: str = "one", **changed: object) -> Worker:
        return Worker(store, settings.model_copy(update=changed), kinds, name, now)

    return make


@pytest.fixture
def asked(store) -> Callable[..., Run]:
    """Ask for a run."""

    def make(kind: str = "count", **question: object) -> Run:
        return enqueue_run(store, kind, question, day=DAY, at=now(), asked_by="test")

    return make
