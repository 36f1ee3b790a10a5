"""What a gain in expected stayers comes from: more persons placed, better places, better matches.

When household and municipality effects only add up, it does not matter who goes where: a gain
is then all placing and filling. Whatever comes from matching sits in the effects of the pair.
"""

from dataclasses import dataclass

import numpy as np

from matcher.stay.chosen import chosen_fit
from matcher.stay.kinds import LEVELS
from matcher.stay.model import NORMAL_95, StayModel
from matcher.stay.municipalities import kind_chances, level_chances
from matcher.stay.persons import person_design
from matcher.tables import BoolArray, FloatArray, HouseholdTable, IntArray, MunicipalityTable


@dataclass(frozen=True, slots=True)
class Part:
    """Expected stayers, with a 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Split:
    """A gain in expected stayers, unclipped, taken apart.

    Parameters
    ----------
    placing : Part
        From who and how many are placed, in municipalities like those of the first plan.
    filling : Part
        From which municipalities are filled: effects of the municipality. The interval covers
        the published coefficients and what is not known of places.
    matching : Part
        From who goes where: effects of the pair. The interval covers their sizes; what an
        operator's own probabilities add comes without one.
    """

    placing: Part
    filling: Part
    matching: Part

    @property
    def total(self) -> float:
        """Sum of the parts."""
        return self.placing.value + self.filling.value + self.matching.value


def split(
    model: StayModel, h: HouseholdTable, m: MunicipalityTable, first: IntArray, second: IntArray
) -> Split:
    """Take apart what a second plan brings in expected stayers over a first one.

    Parameters
    ----------
    model : StayModel
        With its effects of the pair.
    h : HouseholdTable
    m : MunicipalityTable
    first, second : int array, shape (units,)
        Row of the municipality of each unit, below 0 for none.
    """
    own = _Own.of(h)
    modelled = [np.where(own.has(choice), -1, choice) for choice in (first, second)]
    before, after = (_persons(h, m, choice) for choice in modelled)
    usual = before / before.sum() if before.sum() else np.full(len(m), 1 / max(1, len(m)))
    more = float((after - before).sum())
    towns, extra = _Towns.of(model, m), own.split(h, first, second)
    placing, level = _placing(model, h, *modelled), more * usual
    moved = after - before - level
    return Split(
        placing.plus(towns.on(level)).plus(_Value(extra[0], 0.0)).part(),
        towns.on(moved).plus(_Value(extra[1], 0.0)).part(),
        _matching(model, h, m, *modelled).plus(_Value(extra[2], 0.0)).part(),
    )


def _persons(h: HouseholdTable, m: MunicipalityTable, choice: IntArray) -> FloatArray:
    """Persons placed in each municipality, shape (municipalities,)."""
    placed = choice >= 0
    return np.bincount(choice[placed], h.size[placed], len(m)).astype(np.float64)


@dataclass(frozen=True, slots=True)
class _Value:
    value: float
    variance: float

    def plus(self, other: "_Value") -> "_Value":
        return _Value(self.value + other.value, self.variance + other.variance)

    def part(self) -> Part:
        half = NORMAL_95 * float(np.sqrt(self.variance))
        return Part(float(self.value), float(self.value - half), float(self.value + half))


def _placing(model: StayModel, h: HouseholdTable, first: IntArray, second: IntArray) -> _Value:
    """Stayers among those placed in one plan only, if all places were the reference."""
    change = (second >= 0).astype(np.int64) - (first >= 0)
    rows, coefficients = np.flatnonzero(change), model.coefficients
    some, sign = h.take(rows), change[rows]
    design, constant = person_design(some, coefficients), coefficients.effect("constant")
    exposed = sign @ some.members.total_of(design.weights)
    unknown = some.members.total_of(design.unknown)
    persons = float((sign * some.size).sum())
    value = persons * (1 - constant.value) - exposed @ design.values
    variance = persons**2 * constant.variance + exposed**2 @ design.variances
    return _Value(float(value), float(variance + (unknown**2).sum()))


@dataclass(frozen=True, slots=True, eq=False)
class _Towns:
    """What municipalities add to staying, and what that rests on.

    Parameters
    ----------
    value, unknown : float array, shape (municipalities,)
        Effect on staying; variance of what is not known of the place.
    exposed : float array, shape (municipalities, levels)
        How strongly each coefficient applies.
    variances : float array, shape (levels,)
    """

    value: FloatArray
    unknown: FloatArray
    exposed: FloatArray
    variances: FloatArray

    @classmethod
    def of(cls, model: StayModel, m: MunicipalityTable) -> "_Towns":
        place, chances = model.municipality(m), kind_chances(m)
        exposed = np.hstack([level_chances(chances, axis) for axis in range(len(LEVELS))])
        variances = np.hstack([model.coefficients.variances(*item) for item in LEVELS.items()])
        unknown = np.maximum(place.variance - exposed**2 @ variances, 0.0)
        return cls(-place.value, unknown, exposed, variances)

    def on(self, persons: FloatArray) -> _Value:
        """What they add for so many persons in each municipality."""
        # One coefficient errs for all of its places alike; what is unknown, place by place.
        variance = (persons @ self.exposed) ** 2 @ self.variances + persons**2 @ self.unknown
        return _Value(float(persons @ self.value), float(variance))


def _matching(
    model: StayModel,
    h: HouseholdTable,
    m: MunicipalityTable,
    first: IntArray,
    second: IntArray,
) -> _Value:
    room, value, variance = model.room(m), 0.0, 0.0
    for effect in model.effects:
        fits = [chosen_fit(effect, h, m, c) * room[c] * (c >= 0) for c in (first, second)]
        more = float((h.size * (fits[1] - fits[0])).sum())
        value += effect.size * more
        variance += (effect.error * more) ** 2
    return _Value(value, variance)


@dataclass(frozen=True, slots=True, eq=False)
class _Own:
    """An operator's own probabilities as household, municipality and the rest, the pair.

    Parameters
    ----------
    table : float array, shape (units, municipalities), or None
        Not-a-number where there is none.
    household : float array, shape (units,)
        Mean over the municipalities.
    town : float array, shape (municipalities,)
        Mean of what is left, over the households.
    """

    table: FloatArray | None
    household: FloatArray
    town: FloatArray

    @classmethod
    def of(cls, h: HouseholdTable) -> "_Own":
        table = h.own_probability
        if table is None:
            return cls(None, np.zeros(0), np.zeros(0))
        household = _mean(table, axis=1)
        return cls(table, household, _mean(table - household[:, None], axis=0))

    def has(self, choice: IntArray) -> BoolArray:
        """Whether a plan's pair has a probability of its own, shape (units,)."""
        if self.table is None:
            return np.zeros(len(choice), dtype=np.bool_)
        here = self.table[np.arange(len(choice)), choice]
        return np.asarray((choice >= 0) & ~np.isnan(here))

    def split(self, h: HouseholdTable, first: IntArray, second: IntArray) -> FloatArray:
        """Placing, filling and matching among the pairs that have one, shape (3,)."""
        return self._sums(h, second) - self._sums(h, first)

    def _sums(self, h: HouseholdTable, choice: IntArray) -> FloatArray:
        if self.table is None:
            return np.zeros(3)
        rows = np.flatnonzero(self.has(choice))
        size, where = h.size[rows], choice[rows]
        household, town = self.household[rows], self.town[where]
        rest = self.table[rows, where] - household - town
        return np.array([(size * part).sum() for part in (household, town, rest)])


def _mean(values: FloatArray, axis: int) -> FloatArray:
    """Mean of what is known, 0 where nothing is."""
    known = ~np.isnan(values)
    total = np.where(known, values, 0.0).sum(axis=axis)
    return np.asarray(total / np.maximum(known.sum(axis=axis), 1))
