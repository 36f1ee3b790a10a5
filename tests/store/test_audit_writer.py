"""Entries that come together are written together; none is lost, and none before it is durable."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from unittest.mock import patch

import pytest

from matcher.store import ChangeError
from matcher.store.service import audit_log
from matcher.store.service.audit_log import (
    AuditClosedError,
    AuditWriter,
    append_entries,
    read_rows,
    verify_log,
)
from tests.store.test_audit_log import entry


def test_what_is_done_is_in_the_log(store):
    """When an entry is said to be durable, another connection reads it."""
    writer = AuditWriter(store)
    writer.submit([entry(1), entry(2)]).result()
    assert [row.household for row in read_rows(store)] == ["H1", "H2"]
    writer.close()


def test_entries_from_many_threads_are_all_there(store):
    """Once each, in a whole chain, and each thread's own in its order."""
    writer = AuditWriter(store)
    with ThreadPoolExecutor(8) as pool:
        futures = list(pool.map(lambda k: writer.submit([entry(k)]), range(200)))
    for future in futures:
        future.result()
    writer.close()
    assert sorted(row.facts["n"] for row in read_rows(store)) == list(range(200))
    assert verify_log(store).damage == ()


def test_closing_writes_what_was_handed_in(store):
    """Also what came while a commit was under way; afterwards nothing is taken."""
    held, go = Event(), Event()

    def slow(store_, entries):
        held.set()
        go.wait(60)
        return append_entries(store_, entries)

    with patch.object(audit_log, "append_entries", slow):
        writer = AuditWriter(store)
        first = writer.submit([entry(0)])
        held.wait(60)
        later = [writer.submit([entry(k)]) for k in range(1, 50)]
        assert not first.done()
        go.set()
        writer.close()
    assert all(future.done() for future in later)
    assert [row.facts["n"] for row in read_rows(store)] == list(range(50))
    with pytest.raises(AuditClosedError, match="ask again"):
        writer.submit([entry(51)])
    writer.close()


def test_what_comes_during_a_commit_shares_the_next(store):
    """Fifty entries take two commits."""
    held, go, sizes = Event(), Event(), []

    def counted(store_, entries):
        sizes.append(len(entries))
        held.set()
        go.wait(60)
        return append_entries(store_, entries)

    with patch.object(audit_log, "append_entries", counted):
        writer = AuditWriter(store)
        writer.submit([entry(0)])
        held.wait(60)
        for k in range(1, 50):
            writer.submit([entry(k)])
        go.set()
        writer.close()
    assert sizes == [1, 49]


def test_an_entry_that_cannot_be_kept_stops_no_other(store):
    """Its own answer is told; those that came with it are durable."""
    held, go = Event(), Event()

    def slow(store_, entries):
        held.set()
        go.wait(60)
        return append_entries(store_, entries)

    with patch.object(audit_log, "append_entries", slow):
        writer = AuditWriter(store)
        before = writer.submit([entry(0)])
        held.wait(60)
        bad = entry(1)
        bad = type(bad)(bad.at.replace(tzinfo=None), bad.actor, bad.action, bad.request)
        futures = [writer.submit([one]) for one in (entry(2), bad, entry(3))]
        go.set()
        writer.close()
    assert before.exception() is None
    assert [type(future.exception()) for future in futures] == [
        type(None),
        ChangeError,
        type(None),
    ]
    assert [row.facts["n"] for row in read_rows(store)] == [0, 2, 3]
