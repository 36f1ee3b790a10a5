"""Migrations lead to the tables that the code knows, with guards, on both databases."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from matcher.store import DatabaseVersionError, Store, find_differences, upgrade
from matcher.store.store import REQUIRED_VERSION, build_alembic_config, make_engine
from matcher.store.tables import metadata


@pytest.fixture
def engine(empty_url):
    """Connections to a database with nothing in it."""
    made = make_engine(empty_url)
    yield made
    made.dispose()


def steps() -> list[str]:
    """Every version, oldest first."""
    scripts = ScriptDirectory.from_config(build_alembic_config())
    return [script.revision for script in scripts.walk_revisions()][::-1]


def test_every_step_up_leads_to_the_tables_of_the_code(engine):
    """One step at a time, then all the way down, and up again."""
    for revision in steps():
        with engine.begin() as connection:
            command.upgrade(build_alembic_config(connection), revision)
    with engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        checks = inspect(connection).get_check_constraints("event")
        assert [c["name"] for c in checks] == ["ck_event_subject"]
    with engine.begin() as connection:
        command.downgrade(build_alembic_config(connection), "base")
        assert set(inspect(connection).get_table_names()) == {"alembic_version"}
    with engine.begin() as connection:
        command.upgrade(build_alembic_config(connection), "head")
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_missing_column_would_be_noticed(engine):
    """The comparison of the other test can fail."""
    with engine.begin() as connection:
        command.upgrade(build_alembic_config(connection), "head")
        connection.execute(text("ALTER TABLE content ADD COLUMN stray INTEGER"))
        found = compare_metadata(MigrationContext.configure(connection), metadata)
    assert [difference[0] for difference in found] == ["remove_column"]


def test_the_version_that_the_program_needs_is_the_last_step():
    """A new migration is not forgotten when a database is checked."""
    assert steps()[-1] == REQUIRED_VERSION


def test_upgrading_twice_changes_nothing(empty_url):
    """The second time there is nothing to do."""
    upgrade(empty_url)
    upgrade(empty_url)
    with Store.open(empty_url) as store:
        assert find_differences(store) == []


def test_a_database_at_another_version_is_not_opened(empty_url):
    """The error says what to call."""
    said = r"version none, this program needs \d{4}: run `treffsikker upgrade`"
    with pytest.raises(DatabaseVersionError, match=said):
        Store.open(empty_url)


def test_another_kind_of_database_is_not_opened():
    """The error says what there is."""
    with pytest.raises(DatabaseVersionError, match="use sqlite or postgresql"):
        Store.open("mysql://nowhere/nothing")
