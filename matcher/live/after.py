"""A problem after some changes: only what changed is made anew, the result as if all of it were."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from matcher.domain import Household, Instance, Ledger, Municipality
from matcher.problem import Problem
from matcher.tables import (
    HouseholdTable,
    IntArray,
    MunicipalityTable,
    Tables,
    build_tables,
    household_table,
    join,
    municipality_table,
    recoded,
    with_capacity,
)
from matcher.tables.identifiers import LINK
from matcher.tables.vocabulary import hospitals_of, languages_of, occupations_of

Unit = tuple[Household, ...]


def problem_after(before: Problem, instance: Instance) -> Problem:
    """Give the problem of an instance, as ``Problem.of`` would, from that of an earlier one.

    Parameters
    ----------
    before : Problem
        Whose columns are used again for every household and municipality that is the same.
    instance : Instance
        What is known now.
    """
    if _rebuilds(before.instance, instance):
        return replace(before, instance=instance, tables=build_tables(instance))
    m = _municipalities(before, instance)
    tables = Tables(instance.today, _households(before, instance, m), m)
    return replace(before, instance=instance, tables=tables)


def _rebuilds(old: Instance, new: Instance) -> bool:
    """Whether codes or days mean something else now, so that no column can be used again."""

    def frame(instance: Instance) -> list[tuple[str, str]]:
        return [(m.number, m.county_number) for m in instance.municipalities]

    if old.today != new.today or old.probabilities is not new.probabilities:
        return True
    return old.municipalities is not new.municipalities and frame(old) != frame(new)


def _municipalities(before: Problem, instance: Instance) -> MunicipalityTable:
    old, m = before.instance, before.municipalities
    same_words = old.households is instance.households or _known(m, changed(old, instance))
    if not same_words or old.travel_times != instance.travel_times:
        return municipality_table(instance)
    if old.municipalities is instance.municipalities:
        return m
    pairs = zip(old.municipalities, instance.municipalities, strict=True)
    moved = [(a, b) for a, b in pairs if a is not b]
    if all(_described(a) == _described(b) for a, b in moved):
        return with_capacity(m, instance)
    return municipality_table(instance)


def _described(municipality: Municipality) -> Municipality:
    return replace(municipality, ledger=Ledger(), dwellings=())


def changed(old: Instance, new: Instance) -> tuple[Household, ...]:
    """Households of the new instance that the old one does not have, or not like this."""
    was = {h.id: h for h in old.households}
    return tuple(h for h in new.households if not _same(was.get(h.id), h))


def _same(one: Household | None, other: Household) -> bool:
    return one is other or one == other


def _known(m: MunicipalityTable, households: tuple[Household, ...]) -> bool:
    """Whether the columns have words for all that some households say."""
    said = Instance(date.min, households, ())
    pairs = (
        (languages_of(said), m.languages),
        (occupations_of(said), m.occupations),
        (hospitals_of(said), m.hospitals),
    )
    return all(set(words) <= set(known) for words, known in pairs)


def _households(before: Problem, instance: Instance, m: MunicipalityTable) -> HouseholdTable:
    old, kept = before.instance, before.households
    if m.languages is not before.municipalities.languages:
        kept = recoded(kept, before.municipalities, m)
    if _same_queue(old, instance):
        return kept
    units, rows = instance.linked_groups(), _rows(before, instance)
    where = [rows.get(LINK.join(h.id for h in unit), -1) for unit in units]
    made = [unit for unit, row in zip(units, where, strict=True) if row < 0]
    order = _filled(np.array(where, dtype=np.int64), len(kept))
    return (join(kept, _built(made, instance, m)) if made else kept).take(order)


def _same_queue(old: Instance, new: Instance) -> bool:
    earlier = old.earlier_plan is new.earlier_plan or old.earlier_plan == new.earlier_plan
    return old.households is new.households and old.links == new.links and earlier


def _rows(before: Problem, instance: Instance) -> dict[str, int]:
    """Rows by identifier of the placing units of which nothing has changed."""
    then, now = (i.earlier_plan.municipality_of for i in (before.instance, instance))
    touched = {h.id for h in changed(before.instance, instance)}
    touched |= {h for h in then.keys() | now.keys() if then.get(h) != now.get(h)}
    gone = {before.households.row_of[h] for h in touched if h in before.households.row_of}
    return {str(unit): row for row, unit in enumerate(before.households.id) if row not in gone}


def _filled(where: IntArray, first: int) -> IntArray:
    """Rows of the joined table: those not found before come one after another from the first."""
    new = where < 0
    return np.where(new, first + np.cumsum(new) - 1, where)


def _built(units: Sequence[Unit], instance: Instance, m: MunicipalityTable) -> HouseholdTable:
    households = tuple(h for unit in units for h in unit)
    inside = {h.id for h in households}
    links = tuple(pair for pair in instance.links if inside.issuperset(pair))
    return household_table(instance.replace(households=households, links=links), m)
