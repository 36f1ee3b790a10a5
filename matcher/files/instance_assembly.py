"""Build the frozen values of an instance from tables without faults."""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import MISSING, fields
from datetime import date
from typing import Any

import numpy as np

from matcher.domain.household import Household
from matcher.domain.instance import Instance, PairProbabilities, TravelTime
from matcher.domain.ledger import NOTHING_KNOWN, Ledger
from matcher.domain.municipality import Dwelling, Municipality
from matcher.domain.person import Person
from matcher.domain.placement import Placement, Plan
from matcher.domain.planned_week import PlannedWeek
from matcher.files.instance_facts import InstanceFacts
from matcher.files.parsed_table import ParsedTable

TABLES_BY_MUNICIPALITY: Mapping[str, Callable[..., Any]] = {
    "dwellings": Dwelling,
    "weeks": PlannedWeek,
}
"""Tables with several rows for a municipality, each a field of it, and the type of a row."""


def assemble_instance(
    tables: Mapping[str, ParsedTable], facts: InstanceFacts, today: date
) -> Instance:
    """Build an instance from its tables.

    Parameters
    ----------
    tables : mapping of ParsedTable by name
        Checked and without errors; households, members and municipalities are required.
    facts : InstanceFacts
        Name of the instance and its made-up columns.
    today : date
        The day the plan is made for.
    """
    with _paused_garbage_collection():
        return Instance(
            today=today,
            name=facts.name,
            made_up=facts.made_up,
            households=assemble_households(tables),
            municipalities=_municipalities(tables),
            links=tuple(pairs_from_table(tables.get("links"))),
            travel_times=_values(TravelTime, tables.get("travel_times")),
            earlier_plan=plan_from_table(tables.get("earlier_plan")),
            suggestions=plan_from_table(tables.get("suggestions")),
            probabilities=_probabilities(tables.get("probabilities")),
        )


@contextmanager
def _paused_garbage_collection() -> Iterator[None]:
    """Pause the garbage collector while a million values are built that all stay alive.

    The collector would scan them again and again, which takes half of the time to build them.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _values(type_: Callable[..., Any], parsed: ParsedTable | None) -> tuple[Any, ...]:
    """Build one value per row; an empty cell becomes the default of the field of that name."""
    if parsed is None:
        return ()
    defaults = _defaults(type_)
    columns = [parsed[name].to_list(default) for name, default in defaults.items()]
    return tuple(map(type_, *columns))


def _defaults(type_: Any) -> dict[str, Any]:
    return {f.name: None if f.default is MISSING else f.default for f in fields(type_)}


def plan_from_table(parsed: ParsedTable | None) -> Plan:
    """Build a plan from its table; a row without a municipality is not a placement."""
    placements = _values(Placement, parsed)
    return Plan(tuple(p for p in placements if p.municipality is not None))


def pairs_from_table(parsed: ParsedTable | None) -> list[tuple[str, str]]:
    """Build the pairs of linked households from their table."""
    if parsed is None:
        return []
    ends = (parsed[name].to_list(None) for name in ("household", "linked_to"))
    return list(zip(*ends, strict=True))


def _by_owner(owners: list[str], values: tuple[Any, ...]) -> dict[str, tuple[Any, ...]]:
    """Group values by owner, in the order of the file."""
    groups: dict[str, list[Any]] = {}
    for owner, value in zip(owners, values, strict=True):
        groups.setdefault(owner, []).append(value)
    return {owner: tuple(group) for owner, group in groups.items()}


def assemble_households(tables: Mapping[str, ParsedTable]) -> tuple[Household, ...]:
    """Build the households of the tables, each with its members in the order of the file."""
    households, members = tables["households"], tables["members"]
    members_of = _by_owner(members["household"].to_list(""), _values(Person, members))
    defaults = _defaults(Household)
    columns = {
        name: households[name].to_list(default)
        for name, default in defaults.items()
        if name != "members"
    }
    columns["members"] = [members_of.get(household, ()) for household in columns["id"]]
    return tuple(map(Household, *(columns[name] for name in defaults)))


def _municipalities(tables: Mapping[str, ParsedTable]) -> tuple[Municipality, ...]:
    municipalities, defaults = tables["municipalities"], _defaults(Municipality)
    columns = {
        name: municipalities[name].to_list(default)
        for name, default in defaults.items()
        if name not in ("ledger", "next_ledger", *TABLES_BY_MUNICIPALITY)
    }
    columns["ledger"] = list(_values(Ledger, municipalities))
    next_ledgers = _next_ledgers(tables.get("next_year"))
    columns["next_ledger"] = [next_ledgers.get(n, NOTHING_KNOWN) for n in columns["number"]]
    for table, type_ in TABLES_BY_MUNICIPALITY.items():
        values = _by_municipality(type_, tables.get(table))
        columns[table] = [values.get(number, ()) for number in columns["number"]]
    return tuple(map(Municipality, *(columns[name] for name in defaults)))


def _by_municipality(
    type_: Callable[..., Any], parsed: ParsedTable | None
) -> dict[str, tuple[Any, ...]]:
    if parsed is None:
        return {}
    return _by_owner(parsed["municipality"].to_list(""), _values(type_, parsed))


def _next_ledgers(parsed: ParsedTable | None) -> dict[str, Ledger]:
    """Build the ledgers of the coming year, in which nobody is settled yet."""
    if parsed is None:
        return {}
    stated = {
        name: parsed[name].to_list(default)
        for name, default in _defaults(Ledger).items()
        if name in parsed.columns
    }
    rows = (dict(zip(stated, row, strict=True)) for row in zip(*stated.values(), strict=True))
    ledgers = (Ledger(settled=0, minors_settled=0, **row) for row in rows)
    return dict(zip(parsed["municipality"].to_list(""), ledgers, strict=True))


def _probabilities(parsed: ParsedTable | None) -> PairProbabilities | None:
    if parsed is None:
        return None

    def words(name: str) -> np.ndarray[Any, np.dtype[np.str_]]:
        return np.array(parsed[name].distinct or [""], dtype=np.str_)[parsed[name].codes]

    return PairProbabilities(
        words("household"), words("municipality"), parsed["probability"].to_floats()
    )
