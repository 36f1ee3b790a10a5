"""Decompose a gain in expected stayers into placing, filling and matching.

When the effects of household and municipality only add up, it does not matter who goes where: the
whole gain is then placing and filling. A gain from matching comes from the effects of the pair.
"""

from dataclasses import dataclass

import numpy as np

from matcher.domain.tables.array_types import BoolArray, FloatArray, IntArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.stay.model import NORMAL_95, StayModel, pair_fit_in_plan
from matcher.stay.municipalities import PLACE_LEVELS, level_probabilities, type_probabilities
from matcher.stay.persons import build_person_design, nothing_known


@dataclass(frozen=True, slots=True)
class StayerGain:
    """Expected stayers, with a 95 % interval where one can be given.

    Parameters
    ----------
    value : float
    low, high : float or None
        None when probabilities of an operator's own, which have no interval, are part of it.
    """

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class GainDecomposition:
    """A gain in expected stayers, unclipped, as the sum of three parts.

    Parameters
    ----------
    placing : StayerGain
        From who and how many are placed, in a mix of municipalities as in the first plan.
    filling : StayerGain
        From which municipalities are filled: effects of the municipality. The interval covers
        the published coefficients and the unknown facts of municipalities.
    matching : StayerGain
        From who goes where: effects of the pair. The interval covers the sizes of these effects.
    """

    placing: StayerGain
    filling: StayerGain
    matching: StayerGain

    @property
    def total(self) -> float:
        """Sum of the parts."""
        return self.placing.value + self.filling.value + self.matching.value


def decompose_gain(
    model: StayModel, h: HouseholdTable, m: MunicipalityTable, first: IntArray, second: IntArray
) -> GainDecomposition:
    """Decompose the gain in expected stayers of a second plan over a first plan.

    Units of which nothing is known are left out: the model has no probability for them. The parts
    have no interval when a unit with an operator's own probability is placed differently.

    Parameters
    ----------
    model : StayModel
        With its effects of the pair.
    h : HouseholdTable
    m : MunicipalityTable
    first, second : int array, shape (units,)
        Row of the municipality of each unit, below 0 for none.
    """
    own_part, unknown = _OwnProbabilities.of(h), nothing_known(h)
    owned = [own_part.has(choice) for choice in (first, second)]
    modelled = [
        np.where(own | unknown, -1, choice)
        for own, choice in zip(owned, (first, second), strict=True)
    ]
    before, after = (_persons_placed(h, m, choice) for choice in modelled)
    usual = before / before.sum() if before.sum() else np.full(len(m), 1 / max(1, len(m)))
    more = float((after - before).sum())
    towns, extra = _MunicipalityPart.of(model, m), own_part.split(h, first, second)
    placing, level = _placing_part(model, h, *modelled), more * usual
    moved = after - before - level
    # Nothing is known of the errors of an operator's own model.
    variance = np.inf if bool(((owned[0] | owned[1]) & (first != second)).any()) else 0.0
    own = [_Estimate(value, variance) for value in extra]
    return GainDecomposition(
        placing.plus(towns.on(level)).plus(own[0]).part(),
        towns.on(moved).plus(own[1]).part(),
        _matching_part(model, h, m, *modelled).plus(own[2]).part(),
    )


def _persons_placed(h: HouseholdTable, m: MunicipalityTable, choice: IntArray) -> FloatArray:
    """Persons placed in each municipality, shape (municipalities,)."""
    placed = choice >= 0
    return np.bincount(choice[placed], h.size[placed], len(m)).astype(np.float64)


@dataclass(frozen=True, slots=True)
class _Estimate:
    value: float
    variance: float

    def plus(self, term: "_Estimate") -> "_Estimate":
        return _Estimate(self.value + term.value, self.variance + term.variance)

    def part(self) -> StayerGain:
        if np.isinf(self.variance):
            return StayerGain(float(self.value), None, None)
        half = NORMAL_95 * float(np.sqrt(self.variance))
        return StayerGain(float(self.value), float(self.value - half), float(self.value + half))


def _placing_part(
    model: StayModel, h: HouseholdTable, first: IntArray, second: IntArray
) -> _Estimate:
    """Gain from units placed in only one of the plans, if all municipalities were the reference."""
    change = (second >= 0).astype(np.int64) - (first >= 0)
    rows, coefficients = np.flatnonzero(change), model.coefficients
    changed_units, sign = h.take(rows), change[rows]
    design, constant = (
        build_person_design(changed_units, coefficients),
        coefficients.coefficient("constant"),
    )
    exposed = sign @ changed_units.members.float_sum_of(design.weights)
    unknown = changed_units.members.float_sum_of(design.unknown_sd)
    persons = float((sign * changed_units.size).sum())
    value = persons * (1 - constant.value) - exposed @ design.values
    variance = persons**2 * constant.variance + exposed**2 @ design.variances
    return _Estimate(float(value), float(variance + (unknown**2).sum()))


@dataclass(frozen=True, slots=True, eq=False)
class _MunicipalityPart:
    """What municipalities add to staying, and the coefficients it is based on.

    Parameters
    ----------
    value, unknown : float array, shape (municipalities,)
        Effect on staying; variance from unknown facts of the municipality.
    exposed : float array, shape (municipalities, levels)
        Probability that each coefficient applies.
    variances : float array, shape (levels,)
    """

    value: FloatArray
    unknown: FloatArray
    exposed: FloatArray
    variances: FloatArray

    @classmethod
    def of(cls, model: StayModel, m: MunicipalityTable) -> "_MunicipalityPart":
        place, chances = model.place_effects(m), type_probabilities(m)
        exposed = np.hstack(
            [level_probabilities(chances, axis) for axis in range(len(PLACE_LEVELS))]
        )
        variances = np.hstack(
            [model.coefficients.variances(*item) for item in PLACE_LEVELS.items()]
        )
        unknown = np.maximum(place.variance - exposed**2 @ variances, 0.0)
        return cls(-place.value, unknown, exposed, variances)

    def on(self, persons: FloatArray) -> _Estimate:
        """Return what municipalities add for a number of persons in each municipality."""
        # The error of a coefficient is shared by its municipalities; unknown facts are independent.
        variance = (persons @ self.exposed) ** 2 @ self.variances + persons**2 @ self.unknown
        return _Estimate(float(persons @ self.value), float(variance))


def _matching_part(
    model: StayModel,
    h: HouseholdTable,
    m: MunicipalityTable,
    first: IntArray,
    second: IntArray,
) -> _Estimate:
    room, value, variance = model.reference_moving(m), 0.0, 0.0
    for effect in model.effects:
        fits = [pair_fit_in_plan(effect, h, m, c) * room[c] * (c >= 0) for c in (first, second)]
        more = float((h.size * (fits[1] - fits[0])).sum())
        value += effect.size * more
        variance += (effect.standard_error * more) ** 2
    return _Estimate(value, variance)


@dataclass(frozen=True, slots=True, eq=False)
class _OwnProbabilities:
    """An operator's own probabilities, divided into parts of household, municipality and pair.

    Parameters
    ----------
    table : float array, shape (units, municipalities), or None
        Not-a-number where the operator gives no probability.
    household : float array, shape (units,)
        Mean over the municipalities.
    town : float array, shape (municipalities,)
        Mean over the households, after the household's mean is subtracted.
    """

    table: FloatArray | None
    household: FloatArray
    town: FloatArray

    @classmethod
    def of(cls, h: HouseholdTable) -> "_OwnProbabilities":
        table = h.own_probability
        if table is None:
            return cls(None, np.zeros(0), np.zeros(0))
        household = _mean(table, axis=1)
        return cls(table, household, _mean(table - household[:, None], axis=0))

    def has(self, choice: IntArray) -> BoolArray:
        """Whether the operator gives a probability for a plan's pair, shape (units,)."""
        if self.table is None:
            return np.zeros(len(choice), dtype=np.bool_)
        probability = self.table[np.arange(len(choice)), choice]
        return np.asarray((choice >= 0) & ~np.isnan(probability))

    def split(self, h: HouseholdTable, first: IntArray, second: IntArray) -> FloatArray:
        """Return placing, filling and matching of the pairs with a probability, shape (3,)."""
        return self._sums(h, second) - self._sums(h, first)

    def _sums(self, h: HouseholdTable, choice: IntArray) -> FloatArray:
        if self.table is None:
            return np.zeros(3)
        rows = np.flatnonzero(self.has(choice))
        size, column = h.size[rows], choice[rows]
        household, town = self.household[rows], self.town[column]
        pair = self.table[rows, column] - household - town
        return np.array([(size * part).sum() for part in (household, town, pair)])


def _mean(values: FloatArray, axis: int) -> FloatArray:
    """Mean of the known values, 0 where no value is known."""
    known = ~np.isnan(values)
    total = np.where(known, values, 0.0).sum(axis=axis)
    return np.asarray(total / np.maximum(known.sum(axis=axis), 1))
