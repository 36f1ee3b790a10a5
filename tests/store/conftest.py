"""Stores on both databases: each test that asks for one runs on SQLite and on PostgreSQL."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import psycopg
import pytest

from matcher.store import Store, find_differences, upgrade
from tests.store.private_postgres import USER, missing, private_postgres, url

NUMBER = count()
DATABASES = ("sqlite", "postgresql")
BOTH_DATABASES = pytest.mark.parametrize("store_url", DATABASES, indirect=True)
"""For tests whose folder otherwise has its stores on SQLite alone."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The folder of a private PostgreSQL; without one the test is skipped, but never in CI."""
    why = missing()
    if why is not None:
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)
    with private_postgres() as folder:
        make_database(folder, "template")
        upgrade(url(folder, "template"))
        yield folder


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory) -> str:
    """A new SQLite file at the newest version, to be copied."""
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    upgrade(f"sqlite:///{file}")
    return str(file)


def administer(folder: str) -> psycopg.Connection:
    """A connection to the private PostgreSQL with which databases are made and dropped."""
    return psycopg.connect(host=folder, user=USER, dbname="postgres", autocommit=True)


def make_database(folder: str, name: str, template: str = "template1") -> None:
    """A new database in the private PostgreSQL."""
    with administer(folder) as server:
        # Copying files takes a quarter of the time of writing all pages to the log, as PostgreSQL
        # does since 15; before that it had no other way.
        strategy = "STRATEGY file_copy" if server.info.server_version >= 150_000 else ""
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {strategy}')


@contextmanager
def own_database(request: pytest.FixtureRequest, template: str = "template1") -> Iterator[str]:
    """The address of a new database in the private PostgreSQL, which is dropped again."""
    folder, name = request.getfixturevalue("postgres"), f"test{next(NUMBER)}"
    make_database(folder, name, template)
    yield url(folder, name)
    with administer(folder) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(params=DATABASES)
def empty_url(request, tmp_path) -> Iterator[str]:
    """The address of a database with nothing in it, not even tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    with own_database(request) as address:
        yield address


@pytest.fixture
def sqlite_url(sqlite_template, tmp_path) -> str:
    """The address of a store at the newest version on SQLite, for what does not depend on it."""
    shutil.copy(sqlite_template, tmp_path / "store.db")
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture(params=DATABASES)
def store_url(request) -> Iterator[str]:
    """The address of a store at the newest version."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    with own_database(request, "template") as address:
        yield address


@pytest.fixture
def store(store_url) -> Iterator[Store]:
    """An empty store; whatever a test did to it, its snapshots are what its events say."""
    with Store.open(store_url) as opened:
        yield opened
        assert find_differences(opened) == []
