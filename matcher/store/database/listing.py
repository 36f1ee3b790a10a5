"""The households of the store as a list: chosen, in order, a page at a time."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import JSON, ColumnElement, Connection, Select, cast, func, select, tuple_

from matcher.domain import Household
from matcher.store.database import tables
from matcher.store.database.books import ADAPTERS
from matcher.store.database.contents import HOUSEHOLD
from matcher.store.database.household_state import HouseholdState, Status
from matcher.store.database.store import Store

LAST = "9999-12-31"
"""Stands in for a day that is no longer known, so that such households come last."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which households a list should have.

    Parameters
    ----------
    statuses : tuple of Status
        Any of these; all when there are none.
    ready_by : date or None
        Settlement-ready on this day or before.
    municipality : str or None
        Four-digit number: proposed, promised or settled there.
    words : str or None
        Part of the identifier.
    """

    statuses: tuple[Status, ...] = ()
    ready_by: date | None = None
    municipality: str | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A household in a list.

    Parameters
    ----------
    state : HouseholdState
    known : Household or None
        What is known of it; None when that has been erased.
    """

    state: HouseholdState
    known: Household | None

    @property
    def place(self) -> tuple[str, str]:
        """Where it stands in the order: settlement-ready date and identifier."""
        return (LAST if self.known is None else str(self.known.ready_since), self.state.id)


def list_households(
    store: Store, wanted: Wanted, *, limit: int, after: tuple[str, str] | None = None
) -> list[Listed]:
    """Give households, the longest waiting first.

    Parameters
    ----------
    wanted : Wanted
    limit : int
        How many at most.
    after : (str, str) or None
        The place of the last household of the page before.
    """
    with store.reading() as connection:
        query = _query(connection, wanted, after).limit(limit)
        return [
            Listed(
                ADAPTERS[tables.households].validate_json(row.state),
                None if row.body is None else HOUSEHOLD.validate_json(row.body),
            )
            for row in connection.execute(query)
        ]


def _query(connection: Connection, wanted: Wanted, after: tuple[str, str] | None) -> Select[Any]:
    household, content = tables.households, tables.contents
    described = household.outerjoin(
        content, content.c.hash == _text(connection, household.c.state, "content")
    )
    ready = func.coalesce(_text(connection, content.c.body, "ready_since"), LAST)
    where = _conditions(wanted, ready)
    if after is not None:
        where.append(tuple_(ready, household.c.id) > tuple_(*after))
    return (
        select(household.c.state, content.c.body)
        .select_from(described)
        .where(*where)
        .order_by(ready, household.c.id)
    )


def _conditions(wanted: Wanted, ready: ColumnElement[str]) -> list[ColumnElement[bool]]:
    column = tables.households.c
    where: list[ColumnElement[bool]] = []
    if wanted.statuses:
        where.append(column.status.in_(wanted.statuses))
    if wanted.ready_by is not None:
        where.append(ready <= wanted.ready_by.isoformat())
    if wanted.municipality is not None:
        where.append(column.municipality == wanted.municipality)
    if wanted.words is not None:
        where.append(column.id.contains(wanted.words, autoescape=True))
    return where


def _text(connection: Connection, column: ColumnElement[str], name: str) -> ColumnElement[str]:
    """Give one field of a column that holds JSON as text."""
    found: ColumnElement[str] = (
        cast(column, JSON)[name].as_string()
        if connection.dialect.name == "postgresql"
        else func.json_extract(column, f"$.{name}")
    )
    return found
