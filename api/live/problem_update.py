"""Update a problem after changes: build only what changed; the result equals a full build."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from matcher.domain.household import Household
from matcher.domain.instance import Instance
from matcher.domain.ledger import NOTHING_KNOWN
from matcher.domain.municipality import Municipality
from matcher.domain.placement import Plan
from matcher.domain.tables.array_types import IntArray
from matcher.domain.tables.build import Tables, build_tables
from matcher.domain.tables.build_households import build_household_table
from matcher.domain.tables.build_municipalities import (
    build_municipality_table,
    list_hospitals,
    list_languages,
    list_occupations,
    replace_capacity,
)
from matcher.domain.tables.combine import join_tables, recode_table
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.domain.tables.proposals import with_asked_for
from matcher.domain.tables.vocabulary import LINK_SIGN
from matcher.problem.problem import Problem

PlacingUnit = tuple[Household, ...]


def update_problem(before: Problem, instance: Instance) -> Problem:
    """Build the problem of an instance from an earlier problem; the result equals ``Problem.of``.

    Parameters
    ----------
    before : Problem
        Its columns are reused for every household and municipality that has not changed.
    instance : Instance
        The current one.
    """
    if _rebuilds(before.instance, instance):
        return replace(before, instance=instance, tables=build_tables(instance))
    m = _municipalities(before, instance)
    households = _households(before, instance, m)
    tables = Tables(instance.today, households, with_asked_for(m, households.proposals))
    return replace(before, instance=instance, tables=tables)


def _rebuilds(old: Instance, new: Instance) -> bool:
    """Return whether codes or days have another meaning now, so that no column can be reused."""

    def numbers(instance: Instance) -> list[tuple[str, str]]:
        return [(m.number, m.county_number) for m in instance.municipalities]

    if old.today != new.today or old.probabilities is not new.probabilities:
        return True
    return old.municipalities is not new.municipalities and numbers(old) != numbers(new)


def _municipalities(before: Problem, instance: Instance) -> MunicipalityTable:
    old, m = before.instance, before.municipalities
    same_codes = old.households is instance.households or _known(
        m, changed_households(old, instance)
    )
    if not same_codes or old.travel_times != instance.travel_times:
        return build_municipality_table(instance)
    if old.municipalities is instance.municipalities:
        return m
    pairs = zip(old.municipalities, instance.municipalities, strict=True)
    differing = [(a, b) for a, b in pairs if a is not b]
    if all(_without_capacity(a) == _without_capacity(b) for a, b in differing):
        return replace_capacity(m, instance)
    return build_municipality_table(instance)


def _without_capacity(municipality: Municipality) -> Municipality:
    return replace(
        municipality, ledger=NOTHING_KNOWN, next_ledger=NOTHING_KNOWN, dwellings=(), weeks=()
    )


def changed_households(old: Instance, new: Instance) -> tuple[Household, ...]:
    """Return the households of the new instance that are new, or differ from the old instance."""
    old_by_id = {h.id: h for h in old.households}
    return tuple(h for h in new.households if not _same(old_by_id.get(h.id), h))


def _same(old: Household | None, new: Household) -> bool:
    return old is new or old == new


def _known(m: MunicipalityTable, households: tuple[Household, ...]) -> bool:
    """Return whether all languages, occupations and hospitals of households have codes."""
    subset = Instance(date.min, households, ())
    pairs = (
        (list_languages(subset), m.languages),
        (list_occupations(subset), m.occupations),
        (list_hospitals(subset), m.hospitals),
    )
    return all(set(values) <= set(known) for values, known in pairs)


def _households(before: Problem, instance: Instance, m: MunicipalityTable) -> HouseholdTable:
    table = before.households
    if m.languages is not before.municipalities.languages:
        table = recode_table(table, before.municipalities, m)
    if _same_queue(before.instance, instance):
        return table
    units, rows = instance.placing_units(), _reusable_rows(before, instance)
    old_rows = [rows.get(LINK_SIGN.join(h.id for h in unit), -1) for unit in units]
    new_units = [unit for unit, row in zip(units, old_rows, strict=True) if row < 0]
    order = _joined_rows(np.array(old_rows, dtype=np.int64), len(table))
    return (join_tables(table, _table_of(new_units, instance, m)) if new_units else table).take(
        order
    )


def _same_queue(old: Instance, new: Instance) -> bool:
    same_plan = old.earlier_plan is new.earlier_plan or old.earlier_plan == new.earlier_plan
    same_plan &= old.suggestions is new.suggestions or old.suggestions == new.suggestions
    return old.households is new.households and old.links == new.links and same_plan


def _reusable_rows(before: Problem, instance: Instance) -> dict[str, int]:
    """Return the rows of unchanged placing units in the old table, by identifier."""
    old, new = before.instance, instance
    touched = {h.id for h in changed_households(old, new)}
    touched |= _differing(old.earlier_plan, new.earlier_plan)
    touched |= _differing(old.suggestions, new.suggestions)
    outdated = {before.households.row_of[h] for h in touched if h in before.households.row_of}
    return {str(unit): row for row, unit in enumerate(before.households.id) if row not in outdated}


def _differing(old: Plan, new: Plan) -> set[str]:
    """Return the households that two plans place differently."""
    before, after = old.municipality_of, new.municipality_of
    return {h for h in before.keys() | after.keys() if before.get(h) != after.get(h)}


def _joined_rows(old_rows: IntArray, first: int) -> IntArray:
    """Return rows of the joined table; new units (old row -1) follow in order from ``first``."""
    new = old_rows < 0
    return np.where(new, first + np.cumsum(new) - 1, old_rows)


def _table_of(
    units: Sequence[PlacingUnit], instance: Instance, m: MunicipalityTable
) -> HouseholdTable:
    households = tuple(h for unit in units for h in unit)
    inside = {h.id for h in households}
    links = tuple(pair for pair in instance.links if inside.issuperset(pair))
    return build_household_table(instance.replace(households=households, links=links), m)
