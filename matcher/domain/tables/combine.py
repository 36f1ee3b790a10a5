"""Combine household tables that were built at different times."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np

from matcher.domain.tables.array_types import BoolArray, IntArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.domain.tables.ragged import RaggedRows
from matcher.domain.tables.vocabulary import number_words

SPECIAL_COLUMNS = ("members", "language_sets", "own_probability")


def join_tables(first: HouseholdTable, second: HouseholdTable) -> HouseholdTable:
    """Return a table with the units of one table, then those of another with the same vocabulary.

    Raises
    ------
    ValueError
        When only one of the tables has an operator's own probabilities.
    """
    if (first.own_probability is None) != (second.own_probability is None):
        raise ValueError("only one of the tables has stay probabilities of its own")
    columns = {
        f.name: _concatenate(getattr(first, f.name), getattr(second, f.name))
        for f in fields(first)
        if f.name not in SPECIAL_COLUMNS
    }
    sets, new_place = _merge(first.language_sets, second.language_sets)
    members = first.members.join(second.members)
    old_place = np.concatenate(
        [first.members.languages, len(first.language_sets) + second.members.languages]
    )
    if first.own_probability is not None and second.own_probability is not None:
        columns["own_probability"] = np.concatenate([first.own_probability, second.own_probability])
    return replace(
        first,
        members=replace(members, languages=new_place[old_place]),
        language_sets=sets,
        **columns,
    )


def recode_table(
    h: HouseholdTable, old_municipalities: MunicipalityTable, new_municipalities: MunicipalityTable
) -> HouseholdTable:
    """Return the table with its codes changed to the vocabulary of another municipality table.

    The new vocabulary has every word that the table uses.

    Parameters
    ----------
    h : HouseholdTable
    old_municipalities : MunicipalityTable
        In whose vocabulary the table is coded.
    new_municipalities : MunicipalityTable
        With the same municipalities in the same order.
    """
    sets = np.zeros((len(h.language_sets), len(new_municipalities.languages)), dtype=np.bool_)
    column = _renumbered(old_municipalities.languages, new_municipalities.languages)[:-1]
    sets[:, column[column >= 0]] = h.language_sets[:, column >= 0]
    job = _renumbered(old_municipalities.occupations, new_municipalities.occupations)
    hospital = _renumbered(old_municipalities.hospitals, new_municipalities.hospitals)
    needs = h.hospital_needs
    return replace(
        h,
        language_sets=sets,
        members=replace(h.members, occupation=job[h.members.occupation]),
        hospital_needs=replace(needs, hospital=hospital[needs.hospital]),
    )


def _renumbered(old: Sequence[str], new: Sequence[str]) -> IntArray:
    """New code of each old code, -1 where a word is gone; the last entry keeps -1 as -1."""
    code = number_words(new)
    return np.array([*(code.get(word, -1) for word in old), -1], dtype=np.int64)


def _concatenate(first: Any, second: Any) -> Any:
    return first.join(second) if isinstance(first, RaggedRows) else np.concatenate([first, second])


def _merge(first: BoolArray, second: BoolArray) -> tuple[BoolArray, IntArray]:
    """Distinct rows of both, and for each row of the first, then the second, its new place."""
    both = np.concatenate([first, second])
    sets, new_place = np.unique(both, axis=0, return_inverse=True)
    return sets, new_place.reshape(-1)
