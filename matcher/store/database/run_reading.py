"""Runs as they are read: one, the latest, the one in force, and what each left."""

from typing import Any

from sqlalchemy import Connection, Select, and_, or_, select

from matcher.store.database import tables
from matcher.store.database.errors import UnknownRunError
from matcher.store.database.run_values import Output, Run, RunStatus, output_from, run_from
from matcher.store.database.store import Store
from matcher.store.database.work import LATEST

NIGHT = "night"


def _in_force(what: Any, kind: str = NIGHT) -> Select[Any]:
    """Ask for the run in force: of the latest day, and of that day the one that ended last."""
    columns = tables.runs.c
    return (
        select(what)
        .where(columns.kind == kind, columns.status == RunStatus.COMPLETE)
        .order_by(columns.day.desc(), columns.ended_at.desc())
        .limit(1)
    )


NOW = select(LATEST.scalar_subquery(), _in_force(tables.runs.c.id).scalar_subquery())
"""What every answer rests on, in one question that is put together only once."""


def run(store: Store, identifier: str) -> Run:
    """Give a run.

    Raises
    ------
    UnknownRunError
        When there is none.
    """
    with store.reading() as connection:
        row = connection.execute(one_run(identifier)).mappings().one_or_none()
    if row is None:
        raise UnknownRunError(f"there is no run {identifier}")
    return run_from(row)


def runs(
    store: Store, kind: str | None = None, limit: int = 50, before: str | None = None
) -> list[Run]:
    """Give runs, the one asked for last first.

    Parameters
    ----------
    kind : str or None
        Only of this kind.
    limit : int
        This many at the most.
    before : str or None
        Only those asked for before this run.

    Raises
    ------
    UnknownRunError
        When there is no run ``before``.
    """
    columns = tables.runs.c
    query = select(tables.runs).order_by(columns.asked_at.desc(), columns.id.desc()).limit(limit)
    if kind is not None:
        query = query.where(columns.kind == kind)
    if before is not None:
        last = run(store, before)
        sooner = and_(columns.asked_at == last.asked_at, columns.id < last.id)
        query = query.where(or_(columns.asked_at < last.asked_at, sooner))
    with store.reading() as connection:
        return [run_from(row) for row in connection.execute(query).mappings()]


def open_runs(store: Store, kind: str = NIGHT) -> list[Run]:
    """Give runs of a kind that are not over, the one asked for first first."""
    columns = tables.runs.c
    open_ = [str(status) for status in RunStatus if not status.over]
    query = (
        select(tables.runs)
        .where(columns.kind == kind, columns.status.in_(open_))
        .order_by(columns.asked_at, columns.id)
    )
    with store.reading() as connection:
        return [run_from(row) for row in connection.execute(query).mappings()]


def latest_complete(store: Store, kind: str = NIGHT) -> Run | None:
    """Give the run in force: of the latest day, and of that day the one that ended last."""
    with store.reading() as connection:
        row = connection.execute(_in_force(tables.runs, kind)).mappings().one_or_none()
    return None if row is None else run_from(row)


def standing_now(connection: Connection) -> tuple[int, str | None]:
    """Give the identifiers of the latest event and of the night in force: 0 and None before any."""
    event, night = connection.execute(NOW).one()
    return event or 0, night


def output(store: Store, run: str, name: str) -> Output | None:
    """Give an output with its body; None when the run has none of this name."""
    columns = tables.outputs.c
    with store.reading() as connection:
        query = select(tables.outputs).where(columns.run == run, columns.name == name)
        row = connection.execute(query).mappings().one_or_none()
    return None if row is None else output_from(row)


def outputs(store: Store, run: str) -> list[Output]:
    """Give what a run has left, without the bodies, by name."""
    columns = tables.outputs.c
    with store.reading() as connection:
        query = (
            select(columns.run, columns.name, columns.at, columns.media_type, columns.hash)
            .where(columns.run == run)
            .order_by(columns.name)
        )
        return [output_from(row) for row in connection.execute(query).mappings()]


def one_run(identifier: str) -> Select[Any]:
    """Give the query for one run."""
    return select(tables.runs).where(tables.runs.c.id == identifier)
