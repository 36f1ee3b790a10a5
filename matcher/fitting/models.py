"""Four forms of a fitted stay model, with one way to ask them."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from matcher.fitting.coding import LEVELS, Coded
from matcher.fitting.effects import Effects
from matcher.fitting.trees import Trees
from matcher.tables import FloatArray

Cohorts = tuple[int, int]
"""First and last calendar year of settlement."""


@dataclass(frozen=True, slots=True, eq=False)
class FittedModel(ABC):
    """A model of who moves within so many years.

    Parameters
    ----------
    horizon : int
        Years since settlement.
    cohorts : tuple of int
        First and last year of settlement of those it was fitted on.
    """

    method: ClassVar[str]
    horizon: int
    cohorts: Cohorts

    @property
    @abstractmethod
    def pair_effects(self) -> tuple[str, ...]:
        """Names of the pair effects that it has learned."""

    @abstractmethod
    def moving(self, rows: Coded) -> FloatArray:
        """Probability of moving within the horizon, not clipped, shape (rows,)."""

    @abstractmethod
    def as_json(self) -> dict[str, Any]:
        """Give what is the form's own as plain values."""

    @classmethod
    @abstractmethod
    def from_json(cls, horizon: int, cohorts: Cohorts, held: Mapping[str, Any]) -> Self:
        """Read what :meth:`as_json` gave."""


@dataclass(frozen=True, slots=True, eq=False)
class EffectsModel(FittedModel):
    """A model whose probability follows from a sum of effects.

    Parameters
    ----------
    effects : Effects
        What is summed.
    """

    effects: Effects

    @property
    def pair_effects(self) -> tuple[str, ...]:
        """Names of the pair effects that it has learned."""
        return self.effects.design.pairs

    @abstractmethod
    def of_index(self, index: FloatArray) -> FloatArray:
        """Probability of moving that follows from a sum of effects, any shape."""

    def moving(self, rows: Coded) -> FloatArray:
        """Probability of moving within the horizon, not clipped, shape (rows,)."""
        return self.of_index(self.effects.index(rows))

    def as_json(self) -> dict[str, Any]:
        """Give what is the form's own as plain values."""
        return self.effects.as_json()

    @classmethod
    def from_json(cls, horizon: int, cohorts: Cohorts, held: Mapping[str, Any]) -> Self:
        """Read what :meth:`as_json` gave."""
        return cls(horizon, cohorts, Effects.from_json(held))


@dataclass(frozen=True, slots=True, eq=False)
class LinearModel(EffectsModel):
    """Linear probability model, the form of the report's table 4."""

    method: ClassVar[str] = "linear"

    def of_index(self, index: FloatArray) -> FloatArray:
        """The sum itself."""
        return index


@dataclass(frozen=True, slots=True, eq=False)
class LogitModel(EffectsModel):
    """Logistic regression: effects on the logarithm of the odds of moving."""

    method: ClassVar[str] = "logit"

    def of_index(self, index: FloatArray) -> FloatArray:
        """The logistic function of the sum."""
        return logistic(index)


@dataclass(frozen=True, slots=True, eq=False)
class HazardModel(EffectsModel):
    """Discrete-time hazard: effects on the log odds of moving in each year, given none before.

    Parameters
    ----------
    by_year : float array, shape (years,)
        What each year adds to the constant; the first is 0.
    by_year_errors : float array, shape (years,)
        Standard errors of these.
    """

    method: ClassVar[str] = "hazard"
    by_year: FloatArray
    by_year_errors: FloatArray

    def of_index(self, index: FloatArray) -> FloatArray:
        """One less the probability of staying through every year of the horizon."""
        return 1.0 - self.staying(index)[..., self.horizon - 1]

    def staying(self, index: FloatArray) -> FloatArray:
        """Probability of still being there after each year, shape (..., years)."""
        hazard = logistic(np.asarray(index)[..., None] + self.by_year)
        return np.asarray(np.cumprod(1.0 - hazard, axis=-1))

    def survival(self, rows: Coded) -> FloatArray:
        """Probability of still being there after each year, shape (rows, years)."""
        return self.staying(self.effects.index(rows))

    def as_json(self) -> dict[str, Any]:
        """Give what is the form's own as plain values."""
        years = {"by_year": self.by_year.tolist(), "by_year_errors": self.by_year_errors.tolist()}
        return {**self.effects.as_json(), **years}

    @classmethod
    def from_json(cls, horizon: int, cohorts: Cohorts, held: Mapping[str, Any]) -> Self:
        """Read what :meth:`as_json` gave."""
        years = np.array(held["by_year"]), np.array(held["by_year_errors"])
        return cls(horizon, cohorts, Effects.from_json(held), *years)


@dataclass(frozen=True, slots=True, eq=False)
class BoostedModel(FittedModel):
    """Gradient boosting: many small trees, which find interactions by themselves.

    Parameters
    ----------
    trees : Trees
        Summed to the log odds of moving.
    pairs : tuple of str
        Pair effects, the last of the features.
    """

    method: ClassVar[str] = "boosting"
    trees: Trees
    pairs: tuple[str, ...]

    @property
    def pair_effects(self) -> tuple[str, ...]:
        """Names of the pair effects that it has learned."""
        return self.pairs

    def moving(self, rows: Coded) -> FloatArray:
        """Probability of moving within the horizon, shape (rows,)."""
        return logistic(self.trees.total(features(rows, self.pairs)))

    def as_json(self) -> dict[str, Any]:
        """Give what is the form's own as plain values."""
        return {**self.trees.as_json(), "pairs": list(self.pairs)}

    @classmethod
    def from_json(cls, horizon: int, cohorts: Cohorts, held: Mapping[str, Any]) -> Self:
        """Read what :meth:`as_json` gave."""
        return cls(horizon, cohorts, Trees.from_json(held), tuple(held["pairs"]))


def features(rows: Coded, pairs: tuple[str, ...]) -> FloatArray:
    """Codes as numbers, not-a-number where not known, pair effects last; (rows, features)."""
    codes = [np.where(rows.codes[v] < 0, np.nan, rows.codes[v]) for v in LEVELS]
    fits = [rows.pairs.get(p, np.zeros(len(rows))) for p in pairs]
    return np.column_stack([*codes, *fits])


def logistic(index: FloatArray) -> FloatArray:
    """From log odds to a probability."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(index, -40.0, 40.0))))
