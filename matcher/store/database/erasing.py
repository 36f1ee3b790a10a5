"""Erasing what is known of households that are done with; numbers and events stay."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Connection, delete, func, select

from matcher.domain import PairProbabilities
from matcher.store.database import tables
from matcher.store.database.answers import forget_answers
from matcher.store.database.contents import pairs_from, pairs_text, present_contents
from matcher.store.database.errors import BusyError, WrongStatusError
from matcher.store.database.events import EventKind
from matcher.store.database.household_state import Status
from matcher.store.database.run_reading import latest_complete
from matcher.store.database.store import Store
from matcher.store.database.work import Work

DONE: Mapping[Status, tuple[EventKind, ...]] = {
    Status.SETTLED: (EventKind.SETTLED,),
    Status.WITHDRAWN: (EventKind.WITHDRAWN, EventKind.UNLISTED),
}
"""States in which a household is done with, and what leads to them."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long what is known of people is kept.

    Parameters
    ----------
    settled, withdrawn : int
        Days after a household has settled, or is withdrawn.
    answers : int
        Days for answers to requests, kept so that nothing happens twice.
    """

    settled: int
    withdrawn: int
    answers: int


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased.

    Parameters
    ----------
    households : tuple of str
        Of whom.
    contents, outputs, answers : int
        Descriptions and traces; outputs of runs; answers kept.
    """

    households: tuple[str, ...] = ()
    contents: int = 0
    outputs: int = 0
    answers: int = 0


def purge(store: Store, retention: Retention, *, at: datetime, actor: str) -> Erased:
    """Erase what is known of every household that has been done with for long enough.

    Call :func:`wipe` afterwards, so that nothing is left in free pages.

    Parameters
    ----------
    retention : Retention
    at, actor
        See :meth:`Work.record`.
    """
    reason = (
        f"kept for {retention.settled} days after settlement,"
        f" {retention.withdrawn} after withdrawal"
    )
    with store.writing():
        due = done_with(store, retention, at.date())
        old = forget_answers(store, at - timedelta(days=retention.answers))
        found = erase(store, due, at=at, actor=actor, reason=reason) if due else Erased()
    return Erased(found.households, found.contents, found.outputs, found.answers + old)


def done_with(store: Store, retention: Retention, day: date) -> list[str]:
    """Give the households of whom nothing needs to be known any more on a day."""
    kept = {Status.SETTLED: retention.settled, Status.WITHDRAWN: retention.withdrawn}
    with store.writing() as work:
        work.flush()
        return [
            name
            for status, days in kept.items()
            for name, since in _since(work.connection, status)
            if since <= day - timedelta(days=days) and not work.household(name).erased
        ]


def _since(connection: Connection, status: Status) -> list[tuple[str, date]]:
    """Give households in a state with the day that led to it."""
    household, event = tables.households.c, tables.events.c
    query = (
        select(household.id, func.max(event.day))
        .join(tables.events, event.household == household.id)
        .where(household.status == status, event.kind.in_(DONE[status]))
        .group_by(household.id)
        .order_by(household.id)
    )
    return [(name, since) for name, since in connection.execute(query)]


def erase(
    store: Store, households: Iterable[str], *, at: datetime, actor: str, reason: str
) -> Erased:
    """Erase what is known of some households: all of them or none.

    Their descriptions of every day, traces of their proposals, their stay probabilities, outputs
    of runs and kept answers that name them. Events, places and the ledger stay as they are.

    Parameters
    ----------
    households : iterable of str
        Settled or withdrawn.
    at, actor, reason
        See :meth:`Work.record`.

    Raises
    ------
    WrongStatusError
        When one of them is still to be settled, or is in the night in force.
    """
    names = list(dict.fromkeys(households))
    with store.writing() as work:
        for name in names:
            _check_done(work, name)
        outputs = _erase_outputs(store, work, names)
        contents = _erase_contents(work, names)
        contents += _erase_probabilities(work, names, at, actor, reason)
        answers = _erase_answers(work, names)
        facts = {"contents": contents, "outputs": outputs, "answers": answers}
        for name in names:
            work.record(
                EventKind.ERASED, at=at, actor=actor, reason=reason, household=name, facts=facts
            )
    return Erased(tuple(names), contents, outputs, answers)


def wipe(store: Store) -> None:
    """Overwrite what has been erased, wherever the database has kept it, and give room back.

    Takes as long as copying the database; nothing else can be written meanwhile. On PostgreSQL it
    takes the owner of the tables. Backups, and logs that a server archives, keep what they have.

    Raises
    ------
    BusyError
        When somebody reads for so long that SQLite cannot finish.
    """
    with closing(store.engine.raw_connection()) as connection:
        if store.engine.dialect.name == "postgresql":
            _rewrite(connection)
            return
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, *_ = cursor.fetchone() or (1,)
        if busy:
            raise BusyError("the database is being read; wipe it again when nobody does")


def _rewrite(connection: Any) -> None:
    """Write the tables of PostgreSQL anew; it cannot be done within a transaction."""
    connection.driver_connection.autocommit = True
    try:
        for table in WITH_PEOPLE:
            connection.cursor().execute(f"VACUUM FULL {table.name}")
    finally:
        connection.driver_connection.autocommit = False


WITH_PEOPLE = (tables.contents, tables.outputs, tables.answers)
"""Tables of which rows are erased."""


def _check_done(work: Work, name: str) -> None:
    state = work.household(name)
    if state.status not in DONE:
        raise WrongStatusError(
            f"household {name} is {state.status}; it must be settled or withdrawn before what is"
            " known of it can be erased"
        )


def _erase_contents(work: Work, names: Sequence[str]) -> int:
    """Erase descriptions and traces, of all days."""
    work.flush()
    query = select(tables.events.c.content).where(
        tables.events.c.household.in_(names), tables.events.c.content.is_not(None)
    )
    return _delete_contents(work, set(work.connection.execute(query).scalars()))


def _delete_contents(work: Work, hashes: Iterable[str]) -> int:
    found = sorted(present_contents(work.connection, hashes))
    for hash_ in found:
        work.connection.execute(delete(tables.contents).where(tables.contents.c.hash == hash_))
    return len(found)


def _erase_probabilities(
    work: Work, names: Sequence[str], at: datetime, actor: str, reason: str
) -> int:
    """Erase an operator's stay probabilities: old ones that name them, their rows of the latest."""
    part = work.part("probabilities")
    query = select(tables.events.c.content).where(tables.events.c.part == "probabilities")
    texts = present_contents(work.connection, set(work.connection.execute(query).scalars()))
    with_them = {h: pairs_from(text) for h, text in texts.items() if text}
    with_them = {h: p for h, p in with_them.items() if np.isin(p.household, names).any()}
    if part is not None and part.content in with_them:
        rest = _without(with_them[part.content], names)
        content = work.say("probabilities", pairs_text(rest) if len(rest.household) else "")
        work.record(
            EventKind.STATED, at=at, actor=actor, reason=reason, part=part.name, content=content
        )
    return _delete_contents(work, with_them)


def _without(pairs: PairProbabilities, names: Sequence[str]) -> PairProbabilities:
    kept = ~np.isin(pairs.household, names)
    return PairProbabilities(
        pairs.household[kept], pairs.municipality[kept], pairs.probability[kept]
    )


def _erase_outputs(store: Store, work: Work, names: Sequence[str]) -> int:
    """Erase outputs of runs that name one of them."""
    output, named = tables.outputs.c, _mention(names)
    in_force = latest_complete(store)
    found = [
        (row.run, row.name)
        for row in work.connection.execute(select(output.run, output.name, output.body))
        if named.search(row.body)
    ]
    if in_force is not None and in_force.id in {run for run, _ in found}:
        raise WrongStatusError(
            f"the night in force, {in_force.id}, names one of {', '.join(names)}: run a night"
            " without them first"
        )
    for run, name in found:
        work.connection.execute(
            delete(tables.outputs).where(output.run == run, output.name == name)
        )
    return len(found)


def _erase_answers(work: Work, names: Sequence[str]) -> int:
    answer, named = tables.answers.c, _mention(names)
    rows = work.connection.execute(select(answer.actor, answer.key, answer.body))
    found = [(row.actor, row.key) for row in rows if named.search(row.body)]
    for actor, key in found:
        one = delete(tables.answers).where(answer.actor == actor, answer.key == key)
        work.connection.execute(one)
    return len(found)


def _mention(names: Sequence[str]) -> re.Pattern[bytes]:
    """Give what finds one of the identifiers as a whole word, also as JSON escapes it."""
    written = {form for name in names for form in (name, json.dumps(name)[1:-1])}
    words = "|".join(re.escape(form) for form in sorted(written))
    return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])".encode())
