"""Convert the frozen values of an instance to the cells of its tables."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]

from matcher.domain.instance import Instance, PairProbabilities
from matcher.domain.ledger import NOTHING_KNOWN
from matcher.domain.municipality import Municipality
from matcher.files.cell_kinds import kind_of
from matcher.files.raw_table import RawTable, build_raw_table, cell_text
from matcher.files.schema import schema

Cells = Mapping[str, list[Any]]
"""Columns of text, numbers and dates by name; None is an empty cell."""


def cells_of(instance: Instance) -> dict[str, Cells]:
    """Return the cells of every table that is required or has rows in an instance.

    Parameters
    ----------
    instance : Instance
        The instance to convert.
    """
    members = [(h.id, p) for h in instance.households for p in h.members]
    coming = [m for m in instance.municipalities if m.next_ledger != NOTHING_KNOWN]
    dwellings = [(m.number, d) for m in instance.municipalities for d in m.dwellings]
    weeks = [(m.number, w) for m in instance.municipalities for w in m.weeks]
    tables: dict[str, Cells] = {
        "households": _columns("households", instance.households),
        "members": _columns("members", [p for _, p in members], household=[h for h, _ in members]),
        "municipalities": _columns(
            "municipalities", instance.municipalities, _municipality_or_ledger_field
        ),
        "next_year": _columns(
            "next_year", [m.next_ledger for m in coming], municipality=[m.number for m in coming]
        ),
        "dwellings": _columns(
            "dwellings", [d for _, d in dwellings], municipality=[n for n, _ in dwellings]
        ),
        "weeks": _columns("weeks", [w for _, w in weeks], municipality=[n for n, _ in weeks]),
        "travel_times": _columns("travel_times", instance.travel_times),
        "links": {
            "household": [household for household, _ in instance.links],
            "linked_to": [linked for _, linked in instance.links],
        },
        "earlier_plan": _columns("earlier_plan", instance.earlier_plan),
        "suggestions": _columns("suggestions", instance.suggestions),
    }
    if instance.probabilities is not None:
        tables["probabilities"] = _pairs(instance.probabilities)
    return {name: cells for name, cells in tables.items() if _is_written(name, cells)}


def raw_table_of(name: str, cells: Cells) -> RawTable:
    """Return a table as it would be read from a file of its name that holds these cells."""
    texts = [pa.array(map(cell_text, column), pa.string()) for column in cells.values()]
    rows = np.arange(2, 2 + len(texts[0]), dtype=np.int64)
    return build_raw_table(name, list(cells), texts, rows)


def _is_written(name: str, cells: Cells) -> bool:
    return schema().tables[name].required or name == "probabilities" or any(cells.values())


def _columns(
    table: str,
    values: Iterable[Any],
    get: Callable[[Any, str], Any] = getattr,
    **owner_columns: list[str],
) -> Cells:
    rows = list(values)
    cells: dict[str, list[Any]] = {}
    for name, column in schema().tables[table].columns.items():
        write = kind_of(column).format
        if name in owner_columns:
            values_of_column: list[Any] = owner_columns[name]
        else:
            values_of_column = [get(row, name) for row in rows]
        cells[name] = [
            None if value is None else _none_if_empty(write(value)) for value in values_of_column
        ]
    return cells


def _none_if_empty(cell: Any) -> Any:
    return None if isinstance(cell, str) and not cell else cell


def _municipality_or_ledger_field(municipality: Municipality, name: str) -> Any:
    return getattr(municipality if hasattr(municipality, name) else municipality.ledger, name)


def _pairs(pairs: PairProbabilities) -> Cells:
    return {
        "household": pairs.household.tolist(),
        "municipality": pairs.municipality.tolist(),
        "probability": pairs.probability.tolist(),
    }
