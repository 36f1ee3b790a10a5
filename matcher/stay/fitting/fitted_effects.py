"""Fitted effects: values and their covariance."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from matcher.domain.tables.array_types import FloatArray
from matcher.stay import municipalities as kinds
from matcher.stay import persons
from matcher.stay.fitting.coding import SETTLEMENT_YEAR, CodedRows, DesignSpec

PLACE_VARIABLES = tuple(kinds.PLACE_LEVELS)
PERSON = (*persons.PERSON_LEVELS, SETTLEMENT_YEAR)


@dataclass(frozen=True, slots=True, eq=False)
class FittedEffects:
    """A design with a value for each of its columns.

    Parameters
    ----------
    design : DesignSpec
        What the columns are.
    values : float array, shape (columns,)
        Fitted effects, the constant first.
    covariance : float array, shape (columns, columns)
        Covariance of the values, robust to correlation within municipalities.
    """

    design: DesignSpec
    values: FloatArray
    covariance: FloatArray

    @property
    def standard_errors(self) -> FloatArray:
        """Standard errors, shape (columns,)."""
        return np.sqrt(np.maximum(np.diag(self.covariance), 0.0))

    @property
    def by_name(self) -> Mapping[tuple[str, str], tuple[float, float]]:
        """Value and standard error by variable and level."""
        both = zip(self.values.tolist(), self.standard_errors.tolist(), strict=True)
        return dict(zip(self.design.column_names, both, strict=True))

    def linear_predictor(self, rows: CodedRows) -> FloatArray:
        """Sum of the effects of each row, shape (rows,)."""
        return np.asarray(self.design.matrix(rows) @ self.values)

    def predictor_error(self, rows: CodedRows) -> FloatArray:
        """Standard error of the sum of each row, shape (rows,)."""
        matrix = self.design.matrix(rows)
        return np.asarray(np.sqrt(np.maximum((matrix @ self.covariance * matrix).sum(axis=1), 0)))

    def person_predictor(self, rows: CodedRows) -> FloatArray:
        """Sum of the effects of the person, constant included, shape (rows,)."""
        place = np.isin([v for v, _ in self.design.column_names], [*PLACE_VARIABLES, "pair"])
        return np.asarray(self.design.matrix(rows) @ np.where(place, 0.0, self.values))

    def place_predictor(self, probabilities: Mapping[str, FloatArray]) -> FloatArray:
        """Sum of the effects of places, given the probability of each level.

        Parameters
        ----------
        probabilities : mapping of str to float array, shape (places, levels)
            Probability of each level of each variable of a place.
        """
        total = np.zeros(len(next(iter(probabilities.values()))))
        for variable, chance in probabilities.items():
            places = [kinds.PLACE_LEVELS[variable].index(x) for x in self.design.levels[variable]]
            total += chance[:, places] @ self._of(
                [(variable, x) for x in self.design.levels[variable]]
            )
        return total

    def pair_coefficients(self) -> Mapping[str, float]:
        """Effect of a perfect fit on the index, by pair effect."""
        return {p: float(self._of([("pair", p)])[0]) for p in self.design.pair_effects}

    def _of(self, names: Iterable[tuple[str, str]]) -> FloatArray:
        place = {name: k for k, name in enumerate(self.design.column_names)}
        return self.values[[place[name] for name in names]]

    def as_json(self) -> dict[str, Any]:
        """Return the effects as plain values."""
        return {
            **design_as_json(self.design),
            "values": self.values.tolist(),
            "covariance": self.covariance.tolist(),
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """Build the effects from the result of :meth:`as_json`."""
        values, covariance = np.array(content["values"]), np.array(content["covariance"])
        return cls(design_from_json(content), values, covariance)


def design_as_json(design: DesignSpec) -> dict[str, Any]:
    """Return a design as plain values."""
    return {
        "levels": {variable: list(levels) for variable, levels in design.levels.items()},
        "shares": {variable: list(shares) for variable, shares in design.shares.items()},
        "crossed": list(design.interaction_ages),
        "pairs": list(design.pair_effects),
    }


def design_from_json(content: Mapping[str, Any]) -> DesignSpec:
    """Build a design from the result of :func:`design_as_json`."""
    return DesignSpec(
        {variable: tuple(levels) for variable, levels in content["levels"].items()},
        {variable: tuple(shares) for variable, shares in content["shares"].items()},
        tuple(content["crossed"]),
        tuple(content["pairs"]),
    )
