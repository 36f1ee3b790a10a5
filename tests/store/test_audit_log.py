"""The audit log is a chain: whatever someone does to it is found, and the row is named."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from matcher.store import ChangeError, Store
from matcher.store.service.audit_chain import (
    ALL_HOUSEHOLDS,
    AuditFileError,
    AuditRecord,
    ChainEnd,
    chain_entries,
    check_chain,
    parse_line,
)
from matcher.store.service.audit_log import append_entries, export_lines, read_rows, verify_log

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def entry(number: int, **more) -> AuditRecord:
    """One of many entries."""
    told = {"household": f"H{number}", "municipality": "0301", "facts": {"n": number}, **more}
    at = NOON + timedelta(seconds=number)
    return AuditRecord(at, f"person:{number % 3}", "GET /households", f"r{number}", **told)


def filled(store: Store, rows: int = 9) -> None:
    """Some entries, a few at a time."""
    for start in range(0, rows, 3):
        append_entries(store, [entry(k) for k in range(start, start + 3)])


def damage(store: Store, known: ChainEnd | None = None) -> list[int]:
    """Rows that are named."""
    return [found.row for found in verify_log(store, known).damage]


def do(store: Store, *statements: str) -> None:
    """Do to the log what someone could who owns the database: its guards are off."""
    with store.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET session_replication_role = replica"))
        else:
            found = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit%'"
            for name in connection.execute(text(found)).scalars().all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        for statement in statements:
            connection.execute(text(statement))
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET session_replication_role = origin"))


def test_entries_are_kept_as_they_were(store):
    """In order, numbered from 1, each with the hash of the one before it."""
    assert [row.id for row in append_entries(store, [entry(0), entry(1)])] == [1, 2]
    append_entries(store, [entry(2, household=None, municipality=None, facts={})])
    rows = list(read_rows(store))
    assert [row.before for row in rows] == ["0" * 64, rows[0].hash, rows[1].hash]
    names = ("at", "actor", "action", "request", "household", "municipality", "facts")
    kept = [AuditRecord(*(getattr(row, name) for name in names)) for row in rows]
    assert kept == [entry(0), entry(1), entry(2, household=None, municipality=None, facts={})]
    found = verify_log(store)
    assert (found.rows, found.end, found.damage) == (3, ChainEnd(3, rows[2].hash), ())


def test_nothing_is_whole_too(store):
    """A log without rows is in order, and adding nothing adds nothing."""
    assert append_entries(store, []) == []
    assert verify_log(store).damage == ()
    assert list(export_lines(store)) == []


DEEDS = (
    ("UPDATE audit SET actor = 'person:9' WHERE id = 4", [4]),
    ("UPDATE audit SET household = NULL WHERE id = 1", [1]),
    ("UPDATE audit SET facts = '{\"n\": 30}' WHERE id = 9", [9]),
    ("UPDATE audit SET at = '2026-11-22 12:00:03.000001+00:00' WHERE id = 4", [4]),
    (f"UPDATE audit SET hash = '{'a' * 64}' WHERE id = 5", [5, 6]),
    ("DELETE FROM audit WHERE id = 6", [6]),
    ("DELETE FROM audit WHERE id BETWEEN 1 AND 3", [1]),
    ("DELETE FROM audit WHERE id > 7", [8]),
    ("DELETE FROM audit", [1]),
    ("UPDATE audit_end SET latest = 7", [8]),
    (f"UPDATE audit_end SET hash = '{'a' * 64}'", [9]),
)
EMPTY = ("DELETE FROM audit", f"UPDATE audit_end SET latest = 0, hash = '{'0' * 64}'")


def test_a_deed_is_found_and_the_row_is_named(store):
    """Changed, taken out of the middle, cut off at either end."""
    for deed, named in DEEDS:
        filled(store)
        assert damage(store) == []
        do(store, deed.replace("+00:00", "") if store.engine.dialect.name == "sqlite" else deed)
        assert damage(store) == named, deed
        do(store, *EMPTY)


def test_rows_that_have_changed_places_are_found(store):
    """Both are named, and the one after them, which has another before it."""
    filled(store)
    swap = ("UPDATE audit SET id = 100 WHERE id = 3", "UPDATE audit SET id = 3 WHERE id = 4")
    do(store, *swap, "UPDATE audit SET id = 4 WHERE id = 100")
    assert damage(store) == [3, 4, 5]


def test_facts_that_are_no_json_any_more_are_a_changed_row(store):
    """Verifying goes on after them."""
    filled(store)
    if store.engine.dialect.name == "postgresql":
        pytest.skip("PostgreSQL refuses such facts itself")
    do(store, "UPDATE audit SET facts = '{' WHERE id = 2", "DELETE FROM audit WHERE id = 5")
    assert damage(store) == [2, 5]


def test_a_row_that_was_forged_with_its_hash_does_not_fit_the_next(store):
    """Whoever can compute hashes must write all later rows anew."""
    filled(store)
    rows = list(read_rows(store))
    forged = next(chain_entries([replace_actor(rows[4])], ChainEnd(4, rows[3].hash)))
    do(store, f"UPDATE audit SET actor = '{forged.actor}', hash = '{forged.hash}' WHERE id = 5")
    assert damage(store) == [6]


def replace_actor(row) -> AuditRecord:
    """The same by another person."""
    names = ("at", "action", "request", "household", "municipality", "facts")
    return AuditRecord(actor="person:another", **{name: getattr(row, name) for name in names})


def test_a_log_written_anew_is_found_by_what_was_noted_elsewhere(store):
    """The whole chain fits, and still is not the one that was."""
    filled(store)
    known = verify_log(store).end
    do(store, *EMPTY)
    append_entries(store, [entry(k + 20) for k in range(9)])
    assert damage(store) == []
    assert damage(store, known) == [9]
    do(store, *EMPTY)
    append_entries(store, [entry(k) for k in range(4)])
    assert damage(store, known) == [5]


ATTEMPTS = (
    "UPDATE audit SET actor = 'another' WHERE id = 1",
    "DELETE FROM audit WHERE id = 9",
    "UPDATE audit_end SET latest = latest - 1",
    "UPDATE audit_end SET hash = 'another'",
    "DELETE FROM audit_end",
)
SQLITE = (
    "INSERT OR REPLACE INTO audit SELECT id, at, 'another', action, household, municipality,"
    " request, facts, before, hash FROM audit LIMIT 1",
    "REPLACE INTO audit_end VALUES (1, 0, '')",
)
POSTGRESQL = ("TRUNCATE audit", "TRUNCATE audit_end")


def test_the_database_itself_refuses(store):
    """Each way is refused by name, and the log is as it was."""
    filled(store)
    before = list(export_lines(store))
    other = SQLITE if store.engine.dialect.name == "sqlite" else POSTGRESQL
    for attempt in ATTEMPTS + other:
        with pytest.raises(DBAPIError, match="never"), store.engine.begin() as connection:
            connection.execute(text(attempt))
    assert list(export_lines(store)) == before


def test_an_export_is_verified_without_the_database(store):
    """Its lines read back to the same rows, and anyone can compute the hashes."""
    filled(store)
    lines = list(export_lines(store))
    rows = [parse_line(one) for one in lines]
    assert rows == list(read_rows(store))
    assert check_chain(rows) == verify_log(store)
    body, _, hash_ = lines[3].rpartition(',"hash":"')
    assert sha256(f"{body}}}".encode()).hexdigest() == hash_.removesuffix('"}')


def test_a_changed_export_is_noticed(store):
    """A changed, missing, repeated or swapped line; and a line that is none is refused."""
    filled(store)
    lines = list(export_lines(store))
    rows = [parse_line(one) for one in lines]
    changed = [*rows[:2], parse_line(lines[2].replace("person:2", "person:1")), *rows[3:]]
    swapped = [*rows[:2], rows[3], rows[2], *rows[4:]]
    for spoilt, named in (
        (changed, [3]),
        (rows[:4] + rows[5:], [5]),
        (rows[:4] + rows[3:], [4]),
        (swapped, [3, 3, 4]),
    ):
        assert [found.row for found in check_chain(spoilt).damage] == named
    assert [d.row for d in check_chain(rows[:-1], expected_end=verify_log(store).end).damage] == [9]
    for line in ("", "{}", "[1]", '{"at": 3}', lines[0][:-1]):
        with pytest.raises(AuditFileError, match="no row of the audit log"):
            parse_line(line)


def test_rows_are_found_by_whom_they_are_about(store):
    """Also where a household was shown among others, or with all; by actor, time and place."""
    many = {"household": None, "facts": {"households": ["H1", "H10", 'odd "%_\\é']}}
    append_entries(store, [entry(1), entry(2), entry(3, **many), entry(10)])
    append_entries(store, [entry(5, household=None, facts={"households": ALL_HOUSEHOLDS})])

    def found(**where) -> list[int]:
        return [row.id for row in read_rows(store, **where)]

    assert found(household="H1") == [1, 3, 5]
    assert found(household="H10") == [3, 4, 5]
    assert found(household='odd "%_\\é') == [3, 5]
    assert found(household="H") == [5]
    assert found(actor="person:2") == [2, 5]
    assert found(since=NOON + timedelta(seconds=2), until=NOON + timedelta(seconds=5)) == [2, 3]
    assert found(limit=2) == [5, 4]
    assert found(limit=2, before=4) == [3, 2]


def test_what_a_database_cannot_keep_is_kept_otherwise(store):
    """NUL and halves of characters; the chain is whole all the same."""
    odd = "a\0b\ud800c"
    append_entries(store, [entry(1, household=odd, facts={"households": [odd], odd: {"x": odd}})])
    assert verify_log(store).damage == ()
    assert [row.household for row in read_rows(store)] == ["a\N{SYMBOL FOR NULL}b?c"]


def test_a_moment_without_a_zone_is_refused(store):
    """Nothing is kept of what came with it."""
    with pytest.raises(ChangeError, match="has no time zone"):
        append_entries(store, [entry(1), replace(entry(2), at=datetime(2026, 1, 1))])
    assert verify_log(store).rows == 0


def test_many_writers_make_one_chain(store, store_url):
    """Threads at the same time, half of them through connections as another process has."""
    with Store.open(store_url) as another, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda k: append_entries((store, another)[k % 2], [entry(k)]), range(60)))
    assert (verify_log(store).rows, verify_log(store).damage) == (60, ())
    assert {row.household for row in read_rows(store)} == {f"H{k}" for k in range(60)}


@settings(max_examples=50)
@given(
    st.lists(
        st.builds(
            AuditRecord,
            at=st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=2))])),
            actor=st.text(),
            action=st.text(),
            request=st.text(),
            household=st.none() | st.text(),
            facts=st.dictionaries(st.text(), st.text() | st.integers() | st.lists(st.text())),
        ),
        min_size=2,
        max_size=5,
    ),
    st.randoms(use_true_random=False),
)
def test_any_rows_are_whole_and_any_loss_is_found(entries, chance: random.Random):
    """Whatever they say, they read back the same, and one less is noticed."""
    rows = list(chain_entries(entries, ChainEnd()))
    assert check_chain(rows).damage == ()
    gone = chance.randrange(len(rows))
    left = rows[:gone] + rows[gone + 1 :]
    assert [d.row for d in check_chain(left, ChainEnd(rows[-1].id, rows[-1].hash)).damage] == [
        gone + 1
    ]
