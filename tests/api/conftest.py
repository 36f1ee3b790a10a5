"""The application on an empty store, and clients with each role."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api import create_app
from matcher.domain.roles import Role
from matcher.settings import Settings
from matcher.store.service.api_keys import create_key
from tests.store.conftest import own_database, postgres, sqlite_template, sqlite_url, store

__all__ = ["postgres", "sqlite_template", "sqlite_url", "store"]

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECRET = "s" * 40


@pytest.fixture
def store_url(request) -> Iterator[str]:
    """The address of a store: handlers are the same on both databases, so SQLite is enough.

    Races, idempotency and audit ask for both, by the mark ``BOTH_DATABASES``.
    """
    if getattr(request, "param", "sqlite") == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    with own_database(request, "template") as address:
        yield address


@pytest.fixture
def settings(store_url) -> Settings:
    """Settings with which nobody asks too often."""
    often = "1000000/minute"
    return Settings(database=store_url, secret=SECRET, rate_limit=often, login_limit=often)


@pytest.fixture
def app(settings) -> FastAPI:
    """The application, at noon of a fixed day."""
    return create_app(settings, clock=lambda: NOON)


@pytest.fixture
def anonymous(app) -> Iterator[TestClient]:
    """A client that no one knows."""
    with TestClient(app) as client:
        yield client


@pytest.fixture
def client_as(app, anonymous):
    """Give a client whose key has the roles, of one municipality if one is named."""
    return clients_of(app)


def clients_of(app: FastAPI) -> Callable[..., TestClient]:
    """Make clients of an application that runs."""

    def client(*roles: Role, municipality: str | None = None) -> TestClient:
        key, _ = create_key(
            app.state.store,
            "+".join(roles),
            [str(r) for r in roles],
            municipality=municipality,
            at=NOON,
            expires_at=NOON + timedelta(days=1),
            made_by="test",
        )
        return TestClient(app, headers={"Authorization": f"Bearer {key}"})

    return client
