"""Stores on both databases: each test that asks for one runs on SQLite and on PostgreSQL."""

import os
import shutil
from collections.abc import Iterator
from itertools import count

import psycopg
import pytest

from matcher.store import Store, find_differences, upgrade
from tests.store.private_postgres import USER, missing, private_postgres, url

NUMBER = count()


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


def make_database(folder: str, name: str, template: str = "template1") -> None:
    """A new database in the private PostgreSQL."""
    with psycopg.connect(host=folder, user=USER, dbname="postgres", autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request, tmp_path) -> str:
    """The address of a database with nothing in it, not even tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/empty.db"
    folder, name = request.getfixturevalue("postgres"), f"empty{next(NUMBER)}"
    make_database(folder, name)
    return url(folder, name)


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request, tmp_path) -> str:
    """The address of a store at the newest version."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "store.db")
        return f"sqlite:///{tmp_path}/store.db"
    folder, name = request.getfixturevalue("postgres"), f"store{next(NUMBER)}"
    make_database(folder, name, "template")
    return url(folder, name)


@pytest.fixture
def store(store_url) -> Iterator[Store]:
    """An empty store; whatever a test did to it, its snapshots are what its events say."""
    with Store.open(store_url) as opened:
        yield opened
        assert find_differences(opened) == []
