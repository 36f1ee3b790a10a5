"""Build the tables of an instance: its values as columns."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np

from matcher.domain.instance import Instance
from matcher.domain.tables.build_households import build_household_table
from matcher.domain.tables.build_municipalities import build_municipality_table
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.domain.tables.proposals import with_asked_for
from matcher.domain.tables.ragged import RaggedRows


@dataclass(frozen=True, eq=False)
class Tables:
    """The household table, the municipality table, and the day from which days are counted."""

    today: date
    households: HouseholdTable
    municipalities: MunicipalityTable

    @property
    def hash(self) -> str:
        """SHA-256 of the day and every column; equal input has the same hash on any machine."""
        digest = hashlib.sha256(self.today.isoformat().encode())
        for table in (self.households, self.municipalities):
            for name, column in _columns(table):
                digest.update(name.encode())
                digest.update(column)
        return digest.hexdigest()


def _columns(table: Any) -> Iterator[tuple[str, bytes]]:
    for field in fields(table):
        value = getattr(table, field.name)
        if isinstance(value, np.ndarray):
            yield field.name, _bytes(value)
        elif isinstance(value, RaggedRows):
            yield from ((f"{field.name}.{name}", data) for name, data in _columns(value))
        else:
            yield field.name, repr(value).encode()


def _bytes(column: np.ndarray[Any, Any]) -> bytes:
    little_endian = column.astype(column.dtype.newbyteorder("<"), copy=False)
    return str(column.shape).encode() + np.ascontiguousarray(little_endian).tobytes()


def build_tables(instance: Instance) -> Tables:
    """Build the tables of an instance, with linked households merged into one unit.

    The sizes of linked households are added and their needs combined; unknown stays unknown.

    Raises
    ------
    ValueError
        When a household names a municipality that the instance does not have, when two
        households have the same identifier, or when an identifier is empty or has a plus sign.
    KeyError
        When a link names a household that is not in the queue.
    """
    municipalities = build_municipality_table(instance)
    households = build_household_table(instance, municipalities)
    return Tables(instance.today, households, with_asked_for(municipalities, households.proposals))
