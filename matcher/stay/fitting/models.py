"""Four forms of a fitted stay model with a common interface."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from matcher.domain.tables.array_types import FloatArray
from matcher.stay.fitting.coding import VARIABLE_LEVELS, CodedRows
from matcher.stay.fitting.fitted_effects import FittedEffects
from matcher.stay.fitting.trees import TreeEnsemble

CohortRange = tuple[int, int]
"""First and last calendar year of settlement."""


@dataclass(frozen=True, slots=True, eq=False)
class FittedModel(ABC):
    """A model of who moves within a number of years.

    Parameters
    ----------
    horizon : int
        Years since settlement.
    cohorts : tuple of int
        First and last year of settlement of the persons it was fitted on.
    """

    method: ClassVar[str]
    horizon: int
    cohorts: CohortRange

    @property
    @abstractmethod
    def pair_effects(self) -> tuple[str, ...]:
        """Names of the pair effects that the model has learned."""

    @abstractmethod
    def predict_moving(self, rows: CodedRows) -> FloatArray:
        """Probability of moving within the horizon, not clipped, shape (rows,)."""

    @abstractmethod
    def as_json(self) -> dict[str, Any]:
        """Return the fields of this form as plain values."""

    @classmethod
    @abstractmethod
    def from_json(cls, horizon: int, cohorts: CohortRange, content: Mapping[str, Any]) -> Self:
        """Build the model from the result of :meth:`as_json`."""


@dataclass(frozen=True, slots=True, eq=False)
class LinearPredictorModel(FittedModel):
    """A model whose probability follows from a sum of effects.

    Parameters
    ----------
    effects : FittedEffects
        Effects that are summed.
    """

    effects: FittedEffects

    @property
    def pair_effects(self) -> tuple[str, ...]:
        """Names of the pair effects that the model has learned."""
        return self.effects.design.pair_effects

    @abstractmethod
    def inverse_link(self, predictor: FloatArray) -> FloatArray:
        """Probability of moving for a sum of effects, any shape."""

    def predict_moving(self, rows: CodedRows) -> FloatArray:
        """Probability of moving within the horizon, not clipped, shape (rows,)."""
        return self.inverse_link(self.effects.linear_predictor(rows))

    def as_json(self) -> dict[str, Any]:
        """Return the fields of this form as plain values."""
        return self.effects.as_json()

    @classmethod
    def from_json(cls, horizon: int, cohorts: CohortRange, content: Mapping[str, Any]) -> Self:
        """Build the model from the result of :meth:`as_json`."""
        return cls(horizon, cohorts, FittedEffects.from_json(content))


@dataclass(frozen=True, slots=True, eq=False)
class LinearModel(LinearPredictorModel):
    """Linear probability model, the form of the report's table 4."""

    method: ClassVar[str] = "linear"

    def inverse_link(self, predictor: FloatArray) -> FloatArray:
        """Return the sum itself."""
        return predictor


@dataclass(frozen=True, slots=True, eq=False)
class LogitModel(LinearPredictorModel):
    """Logistic regression: effects on the logarithm of the odds of moving."""

    method: ClassVar[str] = "logit"

    def inverse_link(self, predictor: FloatArray) -> FloatArray:
        """Return the logistic function of the sum."""
        return inverse_logit(predictor)


@dataclass(frozen=True, slots=True, eq=False)
class HazardModel(LinearPredictorModel):
    """Discrete-time hazard: effects on the log odds of moving in each year, given none before.

    Parameters
    ----------
    by_year : float array, shape (years,)
        Effect of each year, added to the constant; the first is 0.
    by_year_errors : float array, shape (years,)
        Standard errors of the effects of the years.
    """

    method: ClassVar[str] = "hazard"
    by_year: FloatArray
    by_year_errors: FloatArray

    def inverse_link(self, predictor: FloatArray) -> FloatArray:
        """Return 1 minus the probability of staying in every year of the horizon."""
        return 1.0 - self.staying_by_year(predictor)[..., self.horizon - 1]

    def staying_by_year(self, predictor: FloatArray) -> FloatArray:
        """Probability of not having moved after each year, shape (..., years)."""
        hazard = inverse_logit(np.asarray(predictor)[..., None] + self.by_year)
        return np.asarray(np.cumprod(1.0 - hazard, axis=-1))

    def predict_survival(self, rows: CodedRows) -> FloatArray:
        """Probability of not having moved after each year, shape (rows, years)."""
        return self.staying_by_year(self.effects.linear_predictor(rows))

    def as_json(self) -> dict[str, Any]:
        """Return the fields of this form as plain values."""
        years = {"by_year": self.by_year.tolist(), "by_year_errors": self.by_year_errors.tolist()}
        return {**self.effects.as_json(), **years}

    @classmethod
    def from_json(cls, horizon: int, cohorts: CohortRange, content: Mapping[str, Any]) -> Self:
        """Build the model from the result of :meth:`as_json`."""
        years = np.array(content["by_year"]), np.array(content["by_year_errors"])
        return cls(horizon, cohorts, FittedEffects.from_json(content), *years)


@dataclass(frozen=True, slots=True, eq=False)
class BoostedModel(FittedModel):
    """Gradient boosting: many small trees, which detect interactions.

    Parameters
    ----------
    trees : TreeEnsemble
        Summed to the log odds of moving.
    pairs : tuple of str
        Pair effects, the last columns of the features.
    """

    method: ClassVar[str] = "boosting"
    trees: TreeEnsemble
    pairs: tuple[str, ...]

    @property
    def pair_effects(self) -> tuple[str, ...]:
        """Names of the pair effects that the model has learned."""
        return self.pairs

    def predict_moving(self, rows: CodedRows) -> FloatArray:
        """Probability of moving within the horizon, shape (rows,)."""
        return inverse_logit(self.trees.predict(build_features(rows, self.pairs)))

    def as_json(self) -> dict[str, Any]:
        """Return the fields of this form as plain values."""
        return {**self.trees.as_json(), "pairs": list(self.pairs)}

    @classmethod
    def from_json(cls, horizon: int, cohorts: CohortRange, content: Mapping[str, Any]) -> Self:
        """Build the model from the result of :meth:`as_json`."""
        return cls(horizon, cohorts, TreeEnsemble.from_json(content), tuple(content["pairs"]))


def build_features(rows: CodedRows, pairs: tuple[str, ...]) -> FloatArray:
    """Build features: codes (nan where unknown), pair effects last; shape (rows, features)."""
    codes = [np.where(rows.codes[v] < 0, np.nan, rows.codes[v]) for v in VARIABLE_LEVELS]
    fits = [rows.pair_fits.get(p, np.zeros(len(rows))) for p in pairs]
    return np.column_stack([*codes, *fits])


def inverse_logit(log_odds: FloatArray) -> FloatArray:
    """Convert log odds to a probability."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(log_odds, -40.0, 40.0))))
