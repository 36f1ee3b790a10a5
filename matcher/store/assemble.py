"""From tables without faults to the frozen values of an instance."""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import MISSING, fields
from datetime import date
from typing import Any

import numpy as np

from matcher.domain import (
    Dwelling,
    Household,
    Instance,
    Ledger,
    Municipality,
    PairProbabilities,
    Person,
    Placement,
    Plan,
    TravelTime,
)
from matcher.store.parsed import ParsedTable
from matcher.store.settings import InstanceFacts


def assemble(tables: Mapping[str, ParsedTable], facts: InstanceFacts, today: date) -> Instance:
    """Put an instance together.

    Parameters
    ----------
    tables : mapping of ParsedTable by name
        Checked and without errors; households, members and municipalities must be there.
    facts : InstanceFacts
        Name and made-up columns.
    today : date
        The day the plan is made for.
    """
    with _no_collecting():
        return Instance(
            today=today,
            name=facts.name,
            made_up=facts.made_up,
            households=_households(tables["households"], tables["members"]),
            municipalities=_municipalities(tables["municipalities"], tables.get("dwellings")),
            links=tuple(_rows(tables.get("links"), "household", "linked_to")),
            travel_times=_values(TravelTime, tables.get("travel_times")),
            earlier_plan=plan_of(tables.get("earlier_plan")),
            probabilities=_probabilities(tables.get("probabilities")),
        )


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Spare the garbage collector a million new values that are all there to stay.

    It would look through them again and again, which takes half of the time to make them.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _values(type_: Callable[..., Any], parsed: ParsedTable | None) -> tuple[Any, ...]:
    """Give one value a row, fields by name, empty cells as the type's own default."""
    if parsed is None:
        return ()
    defaults = _defaults(type_)
    columns = [parsed[name].listed(default) for name, default in defaults.items()]
    return tuple(map(type_, *columns))


def _defaults(type_: Any) -> dict[str, Any]:
    return {f.name: None if f.default is MISSING else f.default for f in fields(type_)}


def plan_of(parsed: ParsedTable | None) -> Plan:
    """Give the placements of a plan's table; a household without a municipality is not placed."""
    placements = _values(Placement, parsed)
    return Plan(tuple(p for p in placements if p.municipality is not None))


def _rows(parsed: ParsedTable | None, *names: str) -> list[tuple[Any, ...]]:
    if parsed is None:
        return []
    return list(zip(*(parsed[name].listed(None) for name in names), strict=True))


def _by_owner(owners: list[str], values: tuple[Any, ...]) -> dict[str, tuple[Any, ...]]:
    """Group values by owner, in the order of the file."""
    groups: dict[str, list[Any]] = {}
    for owner, value in zip(owners, values, strict=True):
        groups.setdefault(owner, []).append(value)
    return {owner: tuple(group) for owner, group in groups.items()}


def _households(households: ParsedTable, members: ParsedTable) -> tuple[Household, ...]:
    people = _by_owner(members["household"].listed(""), _values(Person, members))
    defaults = _defaults(Household)
    columns = {
        name: households[name].listed(default)
        for name, default in defaults.items()
        if name != "members"
    }
    columns["members"] = [people.get(household, ()) for household in columns["id"]]
    return tuple(map(Household, *(columns[name] for name in defaults)))


def _municipalities(
    municipalities: ParsedTable, dwellings: ParsedTable | None
) -> tuple[Municipality, ...]:
    homes: dict[str, tuple[Dwelling, ...]] = {}
    if dwellings is not None:
        homes = _by_owner(dwellings["municipality"].listed(""), _values(Dwelling, dwellings))
    defaults = _defaults(Municipality)
    columns = {
        name: municipalities[name].listed(default)
        for name, default in defaults.items()
        if name not in ("ledger", "dwellings")
    }
    columns["ledger"] = list(_values(Ledger, municipalities))
    columns["dwellings"] = [homes.get(number, ()) for number in columns["number"]]
    return tuple(map(Municipality, *(columns[name] for name in defaults)))


def _probabilities(parsed: ParsedTable | None) -> PairProbabilities | None:
    if parsed is None:
        return None

    def words(name: str) -> np.ndarray[Any, np.dtype[np.str_]]:
        return np.array(parsed[name].distinct or [""], dtype=np.str_)[parsed[name].codes]

    return PairProbabilities(
        words("household"), words("municipality"), parsed["probability"].floats()
    )
