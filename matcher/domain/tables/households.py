"""Placing units as columns; a unit is a household, or linked households merged."""

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, Self

import numpy as np

from matcher.domain.need_entry import with_needs
from matcher.domain.needs import HouseholdNeeds, PersonNeeds
from matcher.domain.tables.array_types import BoolArray, FloatArray, IntArray, RowIndices, StrArray
from matcher.domain.tables.proposals import ProposalRows
from matcher.domain.tables.ragged import RaggedRows
from matcher.domain.tables.vocabulary import split_unit
from matcher.domain.tables.wish_rows import WishRows


@dataclass(frozen=True, eq=False)
class MemberRows(RaggedRows):
    """Members, sorted by unit; codes index the vocabulary of the stay model, -1 is unknown.

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
class NeededHomeRows(RaggedRows):
    """Needed homes: one for each household, but none for unaccompanied minors without an adult.

    Someone of unknown age may be an adult: then the minor's household needs a home as well.
    """

    beds: IntArray
    step_free: BoolArray


@dataclass(frozen=True, eq=False)
class HospitalNeedRows(RaggedRows):
    """Hospital needs: hospital (-1 for any), and minutes (-1 for the policy's limit)."""

    hospital: IntArray
    minutes: IntArray


@dataclass(frozen=True, eq=False)
class BanRows(RaggedRows):
    """Banned municipalities; ``reason`` indexes the members of :class:`BanReason`."""

    municipality: IntArray
    reason: IntArray


@dataclass(frozen=True, eq=False)
class FamilyRows(RaggedRows):
    """Municipalities with close family; ``household`` counts within the unit, from 0."""

    municipality: IntArray
    must_hold: BoolArray
    household: IntArray


@dataclass(frozen=True, eq=False)
@with_needs(before="interpreter")
class HouseholdTable(PersonNeeds[IntArray], HouseholdNeeds[IntArray]):
    """Placing units, one row each; needs hold the values of :class:`Answer`.

    Each need of :mod:`~matcher.domain.needs` is a column, shape (units,).

    Parameters
    ----------
    id : str array, shape (units,)
        Identifier; those of linked households joined by ``+``.
    size, children, minors : int array, shape (units,)
        Persons; persons under 18 (including every unaccompanied minor, also when the age is not
        known); unaccompanied minors, 0 where the unit is known to have an adult.
    days_waited, days_overdue, days_to_move : int array, shape (units,)
        Days since settlement-ready (the longest in the unit); days past the deadline, 0 when
        it is not past; days from today until the unit itself can move.
    pinned_to, earlier, suggested : int array, shape (units,)
        Row of the municipality, -1 for none; ``pinned_to`` is -2 when linked households are
        pinned to different ones, and ``suggested`` -1 where ``earlier`` is a municipality.
    language_sets : bool array, shape (sets, languages)
        Distinct combinations of languages that members speak.
    own_probability : float array, shape (units, municipalities) or None
        Stay probabilities from an operator's own model, not-a-number for pairs without one.
    """

    id: StrArray
    size: IntArray
    children: IntArray
    minors: IntArray
    days_waited: IntArray
    days_overdue: IntArray
    days_to_move: IntArray
    study_hopes: IntArray
    hospital: IntArray
    interpreter: IntArray
    rural: IntArray
    lives_in: IntArray
    pinned_to: IntArray
    earlier: IntArray
    suggested: IntArray
    members: MemberRows
    homes: NeededHomeRows
    hospital_needs: HospitalNeedRows
    bans: BanRows
    family: FamilyRows
    wishes: WishRows
    proposals: ProposalRows
    language_sets: BoolArray
    own_probability: FloatArray | None = None

    def __len__(self) -> int:
        return len(self.id)

    @cached_property
    def row_of(self) -> dict[str, int]:
        """Row of the unit of each household, by household identifier."""
        return {
            household: row
            for row, unit in enumerate(self.id)
            for household in split_unit(str(unit))
        }

    @cached_property
    def cache(self) -> dict[Any, Any]:
        """Cache for values that rules and terms compute from the table, by a key of their own."""
        return {}

    def take(self, units: RowIndices) -> Self:
        """Return a table of the given units, for which every rule has the same answer as here."""
        units = np.asarray(units, dtype=np.int64)
        if len(self) == 1 and units.tolist() == [0]:
            return self
        changes: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name == "language_sets" or value is None:
                continue
            changes[field.name] = (
                value.take(units) if isinstance(value, RaggedRows) else value[units]
            )
        return replace(self, **changes)
