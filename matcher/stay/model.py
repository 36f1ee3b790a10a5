"""The probability of staying, equation (10): person + municipality + pair."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol, Self

import numpy as np

from matcher.stay.coefficients import Coefficients, Horizon
from matcher.stay.municipalities import MunicipalityEffects, municipality_effects
from matcher.stay.persons import person_design
from matcher.tables import BoolArray, FloatArray, HouseholdTable, IntArray, MunicipalityTable

NORMAL_95 = 1.96


@dataclass(frozen=True, slots=True, eq=False)
class StayPrediction:
    """Mean probability that a unit's members stay, with its uncertainty.

    Parameters
    ----------
    probability, low, high : float array, shape (units, municipalities)
        Clipped to 0-1 for showing; the interval covers 95 % as far as published standard errors,
        rounding and unknown facts go (covariances are not published).
    quartile_known : bool array, shape (municipalities,)
        False where the municipality's out-migration is an expectation.
    outside_range : bool array, shape (units,)
        A member is of a kind the model never saw (temporary collective protection).
    """

    probability: FloatArray
    low: FloatArray
    high: FloatArray
    quartile_known: BoolArray
    outside_range: BoolArray


class PairPart(Protocol):
    """What the model needs of a pair effect: its size, the size's error, and the fit."""

    @property
    def id(self) -> str:
        """Identifier."""

    @property
    def size(self) -> float:
        """Share of those who would otherwise move whom a perfect fit keeps."""

    @property
    def error(self) -> float:
        """Standard deviation of the size."""

    def concerns(self, h: HouseholdTable) -> BoolArray:
        """Units that it is about, shape (units,)."""

    def fit(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """How well each pair of such units fits, -1 to 1, shape (units, municipalities)."""


def concerned(effect: PairPart, h: HouseholdTable) -> tuple[IntArray, HouseholdTable]:
    """Rows of the units that an effect is about, and their table."""
    rows = np.flatnonzero(effect.concerns(h))
    return rows, h if len(rows) in (0, len(h)) else h.take(rows)


@dataclass(frozen=True, slots=True)
class StayModel:
    """Linear probability model of moving away, Fafo 2025:14, table 4, with effects of the pair.

    Parameters
    ----------
    horizon : Horizon
        Five years, seven, or year six to seven.
    effects : tuple of PairPart
        Effects of the pair; none leaves the paper's additive model.
    """

    horizon: Horizon = Horizon.SEVEN_YEARS
    effects: tuple[PairPart, ...] = ()

    def with_effects(self, effects: Iterable[PairPart]) -> Self:
        """Give the same model with other effects of the pair."""
        return replace(self, effects=tuple(effects))

    @property
    def coefficients(self) -> Coefficients:
        """The published coefficients for the horizon."""
        return Coefficients.read(self.horizon)

    def municipality(self, m: MunicipalityTable) -> MunicipalityEffects:
        """Effects of the municipality on the probability of moving."""
        # Asked for by the stay term, by every effect of the pair and for what is shown.
        known, coefficients = m.worked_out, self.coefficients
        key = "stay", id(coefficients)
        if key not in known:
            # Coefficients are kept as well, so that no others have their identity.
            known[key] = coefficients, municipality_effects(m, coefficients)
        effects: MunicipalityEffects = known[key][1]
        return effects

    def reference_stay(self, m: MunicipalityTable) -> FloatArray:
        """Probability that the reference person stays, not clipped, shape (municipalities,).

        The objective uses this one: the effects of a household are the same everywhere, so
        they must neither choose the municipality nor who is placed first.
        """
        constant = self.coefficients.effect("constant").value
        return np.asarray(1.0 - constant - self.municipality(m).value)

    def room(self, m: MunicipalityTable) -> FloatArray:
        """How much a pair can matter: the share who would move, shape (municipalities,), 0-1.

        It is the reference person's, so that it is the same for everyone. Where hardly anyone
        moves there is little to win (Fafo 2025:14, 6.4).
        """
        return self._room(self.municipality(m))

    def moving(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """Mean probability that members move, not clipped, shape (units, municipalities)."""
        place, (person, _) = self.municipality(m), self._persons(h)
        stay = 1.0 - self._sum(person, place.value)
        self._add_pairs(h, m, place, stay, np.zeros_like(stay))
        return np.asarray(1.0 - stay)

    def predict(self, h: HouseholdTable, m: MunicipalityTable) -> StayPrediction:
        """Predict staying for every pair, with a 95 % interval.

        Where an operator's own model gives a probability, that is shown, without an interval.
        """
        place, (person, spread) = self.municipality(m), self._persons(h)
        stay = 1.0 - self._sum(person, place.value)
        constant = self.coefficients.effect("constant").variance
        half = (constant + spread)[:, None] + place.variance[None, :]
        self._add_pairs(h, m, place, stay, half)
        np.sqrt(half, out=half)
        half *= NORMAL_95
        if h.own_probability is not None:
            known = ~np.isnan(h.own_probability)
            stay[known], half[known] = h.own_probability[known], 0.0
        return StayPrediction(
            np.clip(stay, 0, 1),
            np.clip(stay - half, 0, 1),
            np.clip(stay + half, 0, 1),
            place.quartile_known,
            h.members.any_of(h.members.collective_protection == 1),
        )

    def _sum(self, person: FloatArray, place: FloatArray) -> FloatArray:
        constant = self.coefficients.effect("constant").value
        return np.asarray(constant + person[:, None] + place[None, :])

    def _room(self, place: MunicipalityEffects) -> FloatArray:
        constant = self.coefficients.effect("constant").value
        return np.asarray(np.clip(constant + place.value, 0.0, 1.0))

    def _add_pairs(
        self,
        h: HouseholdTable,
        m: MunicipalityTable,
        place: MunicipalityEffects,
        stay: FloatArray,
        variance: FloatArray,
    ) -> None:
        """Add the effects of the pair, and the variance that their sizes bring, in place."""
        room = self._room(place)[None, :]
        for effect in self.effects:
            rows, some = concerned(effect, h)
            if len(rows):
                fit = effect.fit(some, m) * room
                stay[rows] += effect.size * fit
                variance[rows] += effect.error**2 * fit**2

    def _persons(self, h: HouseholdTable) -> tuple[FloatArray, FloatArray]:
        """Mean over members of the effects of the person, and its variance, shape (units,)."""
        design = person_design(h, self.coefficients)
        size = np.maximum(h.size, 1)
        mean = h.members.total_of(design.weights) / size[:, None]
        # What is not known tends to be shared within a household, so deviations are not averaged.
        unknown = h.members.total_of(design.unknown) / size
        return mean @ design.values, mean**2 @ design.variances + unknown**2
