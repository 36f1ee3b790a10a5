"""Placing units as columns: a household, or linked households merged into one."""

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, Self

import numpy as np

from matcher.tables.ragged import Ragged
from matcher.tables.types import BoolArray, FloatArray, IntArray, Rows, StrArray


@dataclass(frozen=True, eq=False)
class MemberRows(Ragged):
    """Members; codes index the vocabulary of the stay model, -1 is unknown.

    ``languages`` indexes :attr:`HouseholdTable.language_sets`.
    """

    age: IntArray
    sex: IntArray
    origin: IntArray
    ground: IntArray
    type: IntArray
    collective_protection: IntArray
    upper_secondary: IntArray
    study_hopes: IntArray
    licence: IntArray
    interpreter: IntArray
    languages: IntArray
    occupation: IntArray


@dataclass(frozen=True, eq=False)
class HomeRows(Ragged):
    """Homes that are needed: one for each household of the unit that is not a lone minor."""

    beds: IntArray
    step_free: BoolArray


@dataclass(frozen=True, eq=False)
class HospitalRows(Ragged):
    """Hospital follow-up: which hospital (-1 any) within how many minutes (-1 by policy)."""

    hospital: IntArray
    minutes: IntArray


@dataclass(frozen=True, eq=False)
class BanRows(Ragged):
    """Ruled-out municipalities; ``reason`` indexes :class:`BanReason` in its order."""

    municipality: IntArray
    reason: IntArray


@dataclass(frozen=True, eq=False)
class FamilyRows(Ragged):
    """Municipalities where close family lives; which household of the unit, from 0."""

    municipality: IntArray
    must_hold: BoolArray
    household: IntArray


@dataclass(frozen=True, eq=False)
class WishRows(Ragged):
    """Stated wishes; ``kind`` indexes :class:`WishKind`, ``value`` the thing wished for."""

    kind: IntArray
    value: IntArray
    wanted: BoolArray


@dataclass(frozen=True, eq=False)
class HouseholdTable:
    """Placing units, one row each; needs hold the values of :class:`Answer`.

    Parameters
    ----------
    id : str array, shape (units,)
        Identifier; those of linked households joined by ``+``.
    size, children, minors : int array, shape (units,)
        Persons; persons under 18 (an unaccompanied minor is one whatever is known
        of the age); unaccompanied minors without an adult here.
    days_waited, days_overdue, days_to_move : int array, shape (units,)
        Since settlement-ready (longest in the unit); past the deadline, 0 if not; from today
        until the unit itself can move.
    pinned_to, earlier : int array, shape (units,)
        Row of the municipality, -1 for none; ``pinned_to`` is -2 when linked households are
        pinned to different ones.
    language_sets : bool array, shape (sets, languages)
        Distinct combinations of languages that members speak.
    own_probability : float array, shape (units, municipalities) or None
        Stay probabilities from an operator's own model, not-a-number where it has none.
    """

    id: StrArray
    size: IntArray
    children: IntArray
    minors: IntArray
    days_waited: IntArray
    days_overdue: IntArray
    days_to_move: IntArray
    upper_secondary: IntArray
    study_hopes: IntArray
    hospital: IntArray
    lar: IntArray
    step_free: IntArray
    specialist_care: IntArray
    special_schooling: IntArray
    crisis_setup: IntArray
    interpreter: IntArray
    rural: IntArray
    lives_in: IntArray
    pinned_to: IntArray
    earlier: IntArray
    members: MemberRows
    homes: HomeRows
    hospital_needs: HospitalRows
    bans: BanRows
    family: FamilyRows
    wishes: WishRows
    language_sets: BoolArray
    own_probability: FloatArray | None = None

    def __len__(self) -> int:
        return len(self.id)

    @cached_property
    def row_of(self) -> dict[str, int]:
        """Row by household identifier; each of several linked households finds its unit."""
        return {part: row for row, unit in enumerate(self.id) for part in str(unit).split("+")}

    @cached_property
    def worked_out(self) -> dict[Any, Any]:
        """Where others keep, by a key of theirs, what they work out of the table."""
        return {}

    def take(self, units: Rows) -> Self:
        """Give the same table for some of the units; rules answer the same for them."""
        units = np.asarray(units, dtype=np.int64)
        if len(self) == 1 and units.tolist() == [0]:
            return self
        changes: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name == "language_sets" or value is None:
                continue
            changes[field.name] = value.take(units) if isinstance(value, Ragged) else value[units]
        return replace(self, **changes)
