"""From an instance's frozen values to the cells of its tables."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from matcher.domain import Instance, Municipality, PairProbabilities
from matcher.store.kinds import kind_of
from matcher.store.schema import schema

Cells = Mapping[str, list[Any]]
"""Columns of text, numbers and dates by name; None is an empty cell."""


def cells_of(instance: Instance) -> dict[str, Cells]:
    """Give the cells of every table that an instance has something for.

    Parameters
    ----------
    instance : Instance
        Whose cells.
    """
    people = [(h.id, p) for h in instance.households for p in h.members]
    homes = [(m.number, d) for m in instance.municipalities for d in m.dwellings]
    tables: dict[str, Cells] = {
        "households": _columns("households", instance.households),
        "members": _columns("members", [p for _, p in people], household=[h for h, _ in people]),
        "municipalities": _columns("municipalities", instance.municipalities, _ledger_too),
        "dwellings": _columns(
            "dwellings", [d for _, d in homes], municipality=[n for n, _ in homes]
        ),
        "travel_times": _columns("travel_times", instance.travel_times),
        "links": {
            "household": [one for one, _ in instance.links],
            "linked_to": [other for _, other in instance.links],
        },
        "earlier_plan": _columns("earlier_plan", instance.earlier_plan),
    }
    if instance.probabilities is not None:
        tables["probabilities"] = _pairs(instance.probabilities)
    return {name: cells for name, cells in tables.items() if _needed(name, cells)}


def _needed(name: str, cells: Cells) -> bool:
    return schema().tables[name].required or name == "probabilities" or any(cells.values())


def _columns(
    table: str,
    values: Iterable[Any],
    get: Callable[[Any, str], Any] = getattr,
    **given: list[str],
) -> Cells:
    rows = list(values)
    cells: dict[str, list[Any]] = {}
    for name, column in schema().tables[table].columns.items():
        write = kind_of(column).format
        found = given[name] if name in given else [get(value, name) for value in rows]
        cells[name] = [None if value is None else _filled(write(value)) for value in found]
    return cells


def _filled(cell: Any) -> Any:
    return None if isinstance(cell, str) and not cell else cell


def _ledger_too(municipality: Municipality, name: str) -> Any:
    return getattr(municipality if hasattr(municipality, name) else municipality.ledger, name)


def _pairs(pairs: PairProbabilities) -> Cells:
    return {
        "household": pairs.household.tolist(),
        "municipality": pairs.municipality.tolist(),
        "probability": pairs.probability.tolist(),
    }
