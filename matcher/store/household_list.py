"""List the households of the store: filtered, sorted, one page at a time."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import JSON, ColumnElement, Connection, Select, cast, func, select, tuple_

from matcher.domain.household import Household
from matcher.store import tables
from matcher.store.household_state import HouseholdState, Status
from matcher.store.payloads import HOUSEHOLD_ADAPTER
from matcher.store.projections import STATE_ADAPTERS
from matcher.store.store import Store

LAST_DAY = "9999-12-31"
"""Stands for a day that has been erased, so that erased households come last."""


@dataclass(frozen=True, slots=True)
class HouseholdFilter:
    """The filter of a list of households.

    Parameters
    ----------
    statuses : tuple of Status
        Only households with one of these statuses; all households when empty.
    ready_by : date or None
        Only households that were settlement-ready on this day or before.
    municipality : str or None
        Four-digit number: only households proposed, promised or settled there.
    identifier_part : str or None
        Only households whose identifier contains this text.
    """

    statuses: tuple[Status, ...] = ()
    ready_by: date | None = None
    municipality: str | None = None
    identifier_part: str | None = None


@dataclass(frozen=True, slots=True)
class ListedHousehold:
    """A household in a list.

    Parameters
    ----------
    state : HouseholdState
        Its state after the latest event.
    facts : Household or None
        Its description; None when that has been erased.
    """

    state: HouseholdState
    facts: Household | None

    @property
    def sort_key(self) -> tuple[str, str]:
        """Sort key of the list: settlement-ready date and identifier."""
        return (LAST_DAY if self.facts is None else str(self.facts.ready_since), self.state.id)


def list_households(
    store: Store, criteria: HouseholdFilter, *, limit: int, after: tuple[str, str] | None = None
) -> list[ListedHousehold]:
    """List households, the longest waiting first.

    Parameters
    ----------
    criteria : HouseholdFilter
        The filter.
    limit : int
        Number of households at most.
    after : (str, str) or None
        The ``place`` of the last household on the previous page.
    """
    with store.read_transaction() as connection:
        query = _query(connection, criteria, after).limit(limit)
        return [
            ListedHousehold(
                STATE_ADAPTERS[tables.households].validate_json(row.state),
                None if row.body is None else HOUSEHOLD_ADAPTER.validate_json(row.body),
            )
            for row in connection.execute(query)
        ]


def _query(
    connection: Connection, wanted: HouseholdFilter, after: tuple[str, str] | None
) -> Select[Any]:
    household, content = tables.households, tables.payloads
    described = household.outerjoin(
        content, content.c.hash == _json_field(connection, household.c.state, "content")
    )
    ready = func.coalesce(_json_field(connection, content.c.body, "ready_since"), LAST_DAY)
    where = _conditions(wanted, ready)
    if after is not None:
        where.append(tuple_(ready, household.c.id) > tuple_(*after))
    return (
        select(household.c.state, content.c.body)
        .select_from(described)
        .where(*where)
        .order_by(ready, household.c.id)
    )


def _conditions(wanted: HouseholdFilter, ready: ColumnElement[str]) -> list[ColumnElement[bool]]:
    column = tables.households.c
    where: list[ColumnElement[bool]] = []
    if wanted.statuses:
        where.append(column.status.in_(wanted.statuses))
    if wanted.ready_by is not None:
        where.append(ready <= wanted.ready_by.isoformat())
    if wanted.municipality is not None:
        where.append(column.municipality == wanted.municipality)
    if wanted.identifier_part is not None:
        where.append(column.id.contains(wanted.identifier_part, autoescape=True))
    return where


def _json_field(
    connection: Connection, column: ColumnElement[str], name: str
) -> ColumnElement[str]:
    """Build the expression for one field of a text column that holds JSON."""
    expression: ColumnElement[str] = (
        cast(column, JSON)[name].as_string()
        if connection.dialect.name == "postgresql"
        else func.json_extract(column, f"$.{name}")
    )
    return expression
