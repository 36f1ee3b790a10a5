"""Erase the personal data of households whose settlement is finished; numbers and events stay."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Connection, delete, func, select

from matcher.domain.instance import PairProbabilities
from matcher.store import tables
from matcher.store.errors import DatabaseBusyError, WrongStatusError
from matcher.store.events import EventKind
from matcher.store.household_state import Status
from matcher.store.payloads import (
    dump_probabilities,
    load_present_payloads,
    parse_probabilities,
)
from matcher.store.run_queries import find_run_in_force
from matcher.store.service.idempotency import delete_responses
from matcher.store.stamp import Stamp
from matcher.store.store import Store
from matcher.store.unit_of_work import UnitOfWork

CLOSING_KINDS: Mapping[Status, tuple[EventKind, ...]] = {
    Status.SETTLED: (EventKind.SETTLED,),
    Status.WITHDRAWN: (EventKind.WITHDRAWN, EventKind.UNLISTED),
}
"""Statuses in which a household may be erased, and the events that lead to each."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long personal data is kept.

    Parameters
    ----------
    settled_days, withdrawn_days : int
        Days after a household has settled, or has been withdrawn.
    response_days : int
        Days for stored answers to idempotent requests.
    """

    settled_days: int
    withdrawn_days: int
    response_days: int


@dataclass(frozen=True, slots=True)
class ErasureResult:
    """Counts of what was erased.

    Parameters
    ----------
    households : tuple of str
        Identifiers of the households.
    payloads, outputs, responses : int
        Number of descriptions and traces, of outputs of runs, and of stored answers.
    """

    households: tuple[str, ...] = ()
    payloads: int = 0
    outputs: int = 0
    responses: int = 0


def purge(store: Store, retention: Retention, *, at: datetime, actor: str) -> ErasureResult:
    """Erase every household that has been settled or withdrawn for the retention time.

    Call :func:`vacuum` afterwards, so that no personal data remains in free pages.

    Parameters
    ----------
    retention : Retention
        The retention times.
    at, actor
        When and by whom; the reason states the retention times.
    """
    reason = (
        f"kept for {retention.settled_days} days after settlement,"
        f" {retention.withdrawn_days} after withdrawal"
    )
    with store.unit_of_work():
        due = list_purgeable(store, retention, at.date())
        expired = delete_responses(store, at - timedelta(days=retention.response_days))
        erased = erase_households(store, due, Stamp(at, actor, reason)) if due else ErasureResult()
    return replace(erased, responses=erased.responses + expired)


def list_purgeable(store: Store, retention: Retention, day: date) -> list[str]:
    """List the households whose retention time has passed on a day."""
    retention_days = {
        Status.SETTLED: retention.settled_days,
        Status.WITHDRAWN: retention.withdrawn_days,
    }
    with store.unit_of_work() as work:
        work.flush()
        return [
            name
            for status, days in retention_days.items()
            for name, since in _days_of_status(work.connection, status)
            if since <= day - timedelta(days=days) and not work.get_household_state(name).erased
        ]


def _days_of_status(connection: Connection, status: Status) -> list[tuple[str, date]]:
    """Return the households in a status, each with the day on which it reached the status."""
    household, event = tables.households.c, tables.events.c
    query = (
        select(household.id, func.max(event.day))
        .join(tables.events, event.household == household.id)
        .where(household.status == status, event.kind.in_(CLOSING_KINDS[status]))
        .group_by(household.id)
        .order_by(household.id)
    )
    return [(name, since) for name, since in connection.execute(query)]


def erase_households(store: Store, households: Iterable[str], stamp: Stamp) -> ErasureResult:
    """Erase what is known of households: of all of them or of none.

    Erased are all their descriptions, the traces of their proposals, their stay probabilities, and
    the outputs of runs and stored answers that name them. Events, places and the ledger stay.

    Parameters
    ----------
    households : iterable of str
        Identifiers of settled or withdrawn households.
    stamp : Stamp
        When, by whom and why; its version is not used.

    Raises
    ------
    WrongStatusError
        When a household is still to be settled, or the night in force names it.
    """
    names = list(dict.fromkeys(households))
    with store.unit_of_work() as work:
        for name in names:
            _check_closed(work, name)
        outputs = _erase_outputs(store, work, names)
        contents = _erase_contents(work, names)
        contents += _erase_probabilities(work, names, stamp)
        answers = _erase_answers(work, names)
        facts = {"contents": contents, "outputs": outputs, "answers": answers}
        for name in names:
            work.record(EventKind.ERASED, stamp, household=name, facts=facts)
    return ErasureResult(tuple(names), contents, outputs, answers)


def vacuum(store: Store) -> None:
    """Overwrite erased data in the database's files, and free the space.

    This takes as long as copying the database, and blocks all other writers. On PostgreSQL it
    needs the rights of the owner of the tables. Backups and archived server logs are not changed.

    Raises
    ------
    DatabaseBusyError
        When a reader holds a transaction open for so long that SQLite cannot finish.
    """
    with closing(store.engine.raw_connection()) as connection:
        if store.engine.dialect.name == "postgresql":
            _rewrite_tables(connection)
            return
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, *_ = cursor.fetchone() or (1,)
        if busy:
            raise DatabaseBusyError("the database is being read; wipe it again when nobody does")


def _rewrite_tables(connection: Any) -> None:
    """Rewrite the tables on PostgreSQL, which is not possible within a transaction."""
    connection.driver_connection.autocommit = True
    try:
        for table in PERSONAL_TABLES:
            connection.cursor().execute(f"VACUUM FULL {table.name}")
    finally:
        connection.driver_connection.autocommit = False


PERSONAL_TABLES = (tables.payloads, tables.outputs, tables.idempotent_responses)
"""Tables whose rows are erased."""


def _check_closed(work: UnitOfWork, name: str) -> None:
    state = work.get_household_state(name)
    if state.status not in CLOSING_KINDS:
        raise WrongStatusError(
            f"household {name} is {state.status}; it must be settled or withdrawn before what is"
            " known of it can be erased"
        )


def _erase_contents(work: UnitOfWork, names: Sequence[str]) -> int:
    """Erase the descriptions and traces of households, of all days; return how many."""
    work.flush()
    query = select(tables.events.c.content).where(
        tables.events.c.household.in_(names), tables.events.c.content.is_not(None)
    )
    return _delete_contents(work, set(work.connection.execute(query).scalars()))


def _delete_contents(work: UnitOfWork, hashes: Iterable[str]) -> int:
    present = sorted(load_present_payloads(work.connection, hashes))
    for hash_ in present:
        work.connection.execute(delete(tables.payloads).where(tables.payloads.c.hash == hash_))
    return len(present)


def _erase_probabilities(work: UnitOfWork, names: Sequence[str], stamp: Stamp) -> int:
    """Erase households from an operator's stay probabilities; return how many texts were erased.

    Of the latest probabilities only the households' rows go; earlier texts that name them go whole.
    """
    part = work.get_part_state("probabilities")
    query = select(tables.events.c.content).where(tables.events.c.part == "probabilities")
    texts = load_present_payloads(work.connection, set(work.connection.execute(query).scalars()))
    by_hash = {h: parse_probabilities(text) for h, text in texts.items() if text}
    by_hash = {h: p for h, p in by_hash.items() if np.isin(p.household, names).any()}
    if part is not None and part.content in by_hash:
        pairs = _without(by_hash[part.content], names)
        content = work.add_payload(
            "probabilities", dump_probabilities(pairs) if len(pairs.household) else ""
        )
        work.record(EventKind.STATED, stamp, part=part.name, content=content)
    return _delete_contents(work, by_hash)


def _without(pairs: PairProbabilities, names: Sequence[str]) -> PairProbabilities:
    keep = ~np.isin(pairs.household, names)
    return PairProbabilities(
        pairs.household[keep], pairs.municipality[keep], pairs.probability[keep]
    )


def _erase_outputs(store: Store, work: UnitOfWork, names: Sequence[str]) -> int:
    """Erase the outputs of runs that name one of the households; return how many."""
    output, pattern = tables.outputs.c, _name_pattern(names)
    in_force = find_run_in_force(store)
    query = select(output.run, output.name, output.body)
    keys = [
        (row.run, row.name) for row in work.connection.execute(query) if pattern.search(row.body)
    ]
    if in_force is not None and in_force.id in {run for run, _ in keys}:
        raise WrongStatusError(
            f"the night in force, {in_force.id}, names one of {', '.join(names)}: run a night"
            " without them first"
        )
    for run, name in keys:
        work.connection.execute(
            delete(tables.outputs).where(output.run == run, output.name == name)
        )
    return len(keys)


def _erase_answers(work: UnitOfWork, names: Sequence[str]) -> int:
    answer, pattern = tables.idempotent_responses.c, _name_pattern(names)
    rows = work.connection.execute(select(answer.actor, answer.key, answer.body))
    keys = [(row.actor, row.key) for row in rows if pattern.search(row.body)]
    for actor, key in keys:
        query = delete(tables.idempotent_responses).where(answer.actor == actor, answer.key == key)
        work.connection.execute(query)
    return len(keys)


def _name_pattern(names: Sequence[str]) -> re.Pattern[bytes]:
    """Build a pattern that finds an identifier as a whole word, also as JSON escapes it."""
    spellings = {form for name in names for form in (name, json.dumps(name)[1:-1])}
    words = "|".join(re.escape(form) for form in sorted(spellings))
    return re.compile(rf"(?<![\w-])(?:{words})(?![\w-])".encode())
