"""Combine household tables that were built at different times."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np

from matcher.tables.households import HouseholdTable
from matcher.tables.municipalities import MunicipalityTable
from matcher.tables.ragged import Ragged
from matcher.tables.types import BoolArray, IntArray
from matcher.tables.vocabulary import codes

SPECIAL_COLUMNS = ("members", "language_sets", "own_probability")


def join(one: HouseholdTable, other: HouseholdTable) -> HouseholdTable:
    """Return a table with the units of one table, then those of another with the same vocabulary.

    Raises
    ------
    ValueError
        When only one of the tables has an operator's own probabilities.
    """
    if (one.own_probability is None) != (other.own_probability is None):
        raise ValueError("only one of the tables has stay probabilities of its own")
    columns = {
        f.name: _concatenate(getattr(one, f.name), getattr(other, f.name))
        for f in fields(one)
        if f.name not in SPECIAL_COLUMNS
    }
    sets, new_place = _merge(one.language_sets, other.language_sets)
    members = one.members.join(other.members)
    old_place = np.concatenate(
        [one.members.languages, len(one.language_sets) + other.members.languages]
    )
    if one.own_probability is not None and other.own_probability is not None:
        columns["own_probability"] = np.concatenate([one.own_probability, other.own_probability])
    return replace(
        one, members=replace(members, languages=new_place[old_place]), language_sets=sets, **columns
    )


def recoded(h: HouseholdTable, old: MunicipalityTable, new: MunicipalityTable) -> HouseholdTable:
    """Return the table with its codes changed to the vocabulary of another municipality table.

    The new vocabulary has every word that the table uses.

    Parameters
    ----------
    h : HouseholdTable
    old : MunicipalityTable
        In whose vocabulary the table is coded.
    new : MunicipalityTable
        With the same municipalities in the same order.
    """
    sets = np.zeros((len(h.language_sets), len(new.languages)), dtype=np.bool_)
    column = _renumbered(old.languages, new.languages)[:-1]
    sets[:, column[column >= 0]] = h.language_sets[:, column >= 0]
    job = _renumbered(old.occupations, new.occupations)
    hospital = _renumbered(old.hospitals, new.hospitals)
    needs = h.hospital_needs
    return replace(
        h,
        language_sets=sets,
        members=replace(h.members, occupation=job[h.members.occupation]),
        hospital_needs=replace(needs, hospital=hospital[needs.hospital]),
    )


def _renumbered(old: Sequence[str], new: Sequence[str]) -> IntArray:
    """New code of each old code, -1 where a word is gone; the last entry keeps -1 as -1."""
    code = codes(new)
    return np.array([*(code.get(word, -1) for word in old), -1], dtype=np.int64)


def _concatenate(first: Any, second: Any) -> Any:
    return first.join(second) if isinstance(first, Ragged) else np.concatenate([first, second])


def _merge(first: BoolArray, second: BoolArray) -> tuple[BoolArray, IntArray]:
    """Distinct rows of both, and for each row of the first, then the second, its new place."""
    both = np.concatenate([first, second])
    sets, new_place = np.unique(both, axis=0, return_inverse=True)
    return sets, new_place.reshape(-1)
