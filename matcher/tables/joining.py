"""Households as columns, put together from parts that were built at different times."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np

from matcher.tables.households import HouseholdTable
from matcher.tables.municipalities import MunicipalityTable
from matcher.tables.ragged import Ragged
from matcher.tables.types import BoolArray, IntArray
from matcher.tables.vocabulary import codes

APART = ("members", "language_sets", "own_probability")


def join(one: HouseholdTable, other: HouseholdTable) -> HouseholdTable:
    """Give the units of one table, then those of another with the same vocabulary.

    Raises
    ------
    ValueError
        When only one of them has an operator's own probabilities.
    """
    if (one.own_probability is None) != (other.own_probability is None):
        raise ValueError("only one of the tables has stay probabilities of its own")
    columns = {
        f.name: _joined(getattr(one, f.name), getattr(other, f.name))
        for f in fields(one)
        if f.name not in APART
    }
    sets, which = _merged(one.language_sets, other.language_sets)
    members = one.members.join(other.members)
    old = np.concatenate([one.members.languages, len(one.language_sets) + other.members.languages])
    if one.own_probability is not None and other.own_probability is not None:
        columns["own_probability"] = np.concatenate([one.own_probability, other.own_probability])
    return replace(
        one, members=replace(members, languages=which[old]), language_sets=sets, **columns
    )


def recoded(h: HouseholdTable, old: MunicipalityTable, new: MunicipalityTable) -> HouseholdTable:
    """Give the same table in the words of other municipalities, which know all that are used.

    Parameters
    ----------
    h : HouseholdTable
    old : MunicipalityTable
        In whose words it is.
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
    """New codes of old words, and -1 for -1 at the end."""
    code = codes(new)
    return np.array([*(code.get(word, -1) for word in old), -1], dtype=np.int64)


def _joined(one: Any, other: Any) -> Any:
    return one.join(other) if isinstance(one, Ragged) else np.concatenate([one, other])


def _merged(one: BoolArray, other: BoolArray) -> tuple[BoolArray, IntArray]:
    """Distinct rows of both, and where each row of the one and then the other is now."""
    both = np.concatenate([one, other])
    sets, which = np.unique(both, axis=0, return_inverse=True)
    return sets, which.reshape(-1)
