"""The probability of staying, equation (10): the paper's model, pair by pair."""

from dataclasses import dataclass

import numpy as np

from matcher.stay.coefficients import Coefficients, Horizon
from matcher.stay.municipalities import MunicipalityEffects, municipality_effects
from matcher.stay.persons import person_design
from matcher.tables import BoolArray, FloatArray, HouseholdTable, MunicipalityTable

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


@dataclass(frozen=True, slots=True)
class StayModel:
    """Linear probability model of moving away, Fafo 2025:14, table 4.

    Parameters
    ----------
    horizon : Horizon
        Five years, seven, or year six to seven.
    """

    horizon: Horizon = Horizon.SEVEN_YEARS

    @property
    def coefficients(self) -> Coefficients:
        """The published coefficients for the horizon."""
        return Coefficients.read(self.horizon)

    def municipality(self, m: MunicipalityTable) -> MunicipalityEffects:
        """Effects of the municipality on the probability of moving."""
        return municipality_effects(m, self.coefficients)

    def reference_stay(self, m: MunicipalityTable) -> FloatArray:
        """Probability that the reference person stays, not clipped, shape (municipalities,).

        The objective uses this one: the effects of a household are the same everywhere, so
        they must neither choose the municipality nor who is placed first.
        """
        constant = self.coefficients.effect("constant").value
        return np.asarray(1.0 - constant - self.municipality(m).value)

    def moving(self, h: HouseholdTable, m: MunicipalityTable) -> FloatArray:
        """Mean probability that members move, not clipped, shape (units, municipalities)."""
        person, _ = self._persons(h)
        return self._sum(person, self.municipality(m).value)

    def predict(self, h: HouseholdTable, m: MunicipalityTable) -> StayPrediction:
        """Predict staying for every pair, with a 95 % interval.

        Where an operator's own model gives a probability, that is shown, without an interval.
        """
        place, (person, spread) = self.municipality(m), self._persons(h)
        constant = self.coefficients.effect("constant").variance
        half = NORMAL_95 * np.sqrt(constant + spread[:, None] + place.variance[None, :])
        stay = _with_own(1.0 - self._sum(person, place.value), h)
        half = half if h.own_probability is None else np.where(_known(h), 0.0, half)
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

    def _persons(self, h: HouseholdTable) -> tuple[FloatArray, FloatArray]:
        """Mean over members of the effects of the person, and its variance, shape (units,)."""
        design = person_design(h, self.coefficients)
        size = np.maximum(h.size, 1)
        mean = h.members.total_of(design.weights) / size[:, None]
        # What is not known tends to be shared within a household, so deviations are not averaged.
        unknown = h.members.total_of(design.unknown) / size
        return mean @ design.values, mean**2 @ design.variances + unknown**2


def _known(h: HouseholdTable) -> BoolArray:
    assert h.own_probability is not None
    return ~np.isnan(h.own_probability)


def _with_own(stay: FloatArray, h: HouseholdTable) -> FloatArray:
    """The operator's own probabilities where there are any."""
    return stay if h.own_probability is None else np.where(_known(h), h.own_probability, stay)
