"""Fitted effects: values and their covariance."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from matcher.fitting.coding import YEAR, Coded, Design
from matcher.stay import kinds, persons
from matcher.tables import FloatArray

PLACE = tuple(kinds.LEVELS)
PERSON = (*persons.LEVELS, YEAR)


@dataclass(frozen=True, slots=True, eq=False)
class Effects:
    """A design with a value for each of its columns.

    Parameters
    ----------
    design : Design
        What the columns are.
    values : float array, shape (columns,)
        Fitted effects, the constant first.
    covariance : float array, shape (columns, columns)
        Covariance of the values, robust to correlation within municipalities.
    """

    design: Design
    values: FloatArray
    covariance: FloatArray

    @property
    def errors(self) -> FloatArray:
        """Standard errors, shape (columns,)."""
        return np.sqrt(np.maximum(np.diag(self.covariance), 0.0))

    @property
    def named(self) -> Mapping[tuple[str, str], tuple[float, float]]:
        """Value and standard error by variable and level."""
        both = zip(self.values.tolist(), self.errors.tolist(), strict=True)
        return dict(zip(self.design.names, both, strict=True))

    def index(self, rows: Coded) -> FloatArray:
        """Sum of the effects of each row, shape (rows,)."""
        return np.asarray(self.design.matrix(rows) @ self.values)

    def error(self, rows: Coded) -> FloatArray:
        """Standard error of the sum of each row, shape (rows,)."""
        matrix = self.design.matrix(rows)
        return np.asarray(np.sqrt(np.maximum((matrix @ self.covariance * matrix).sum(axis=1), 0)))

    def of_person(self, rows: Coded) -> FloatArray:
        """Sum of the effects of the person, constant included, shape (rows,)."""
        place = np.isin([v for v, _ in self.design.names], [*PLACE, "pair"])
        return np.asarray(self.design.matrix(rows) @ np.where(place, 0.0, self.values))

    def of_place(self, chances: Mapping[str, FloatArray]) -> FloatArray:
        """Sum of the effects of places, given the probability of each level.

        Parameters
        ----------
        chances : mapping of str to float array, shape (places, levels)
            Probability of each level of each variable of a place.
        """
        total = np.zeros(len(next(iter(chances.values()))))
        for variable, chance in chances.items():
            places = [kinds.LEVELS[variable].index(x) for x in self.design.levels[variable]]
            total += chance[:, places] @ self._of(
                [(variable, x) for x in self.design.levels[variable]]
            )
        return total

    def of_pairs(self) -> Mapping[str, float]:
        """Effect of a perfect fit on the index, by pair effect."""
        return {p: float(self._of([("pair", p)])[0]) for p in self.design.pairs}

    def _of(self, names: Iterable[tuple[str, str]]) -> FloatArray:
        place = {name: k for k, name in enumerate(self.design.names)}
        return self.values[[place[name] for name in names]]

    def as_json(self) -> dict[str, Any]:
        """Return the effects as plain values."""
        return {
            **design_as_json(self.design),
            "values": self.values.tolist(),
            "covariance": self.covariance.tolist(),
        }

    @classmethod
    def from_json(cls, held: Mapping[str, Any]) -> Self:
        """Build the effects from the result of :meth:`as_json`."""
        values, covariance = np.array(held["values"]), np.array(held["covariance"])
        return cls(design_from_json(held), values, covariance)


def design_as_json(design: Design) -> dict[str, Any]:
    """Return a design as plain values."""
    return {
        "levels": {variable: list(levels) for variable, levels in design.levels.items()},
        "shares": {variable: list(shares) for variable, shares in design.shares.items()},
        "crossed": list(design.crossed),
        "pairs": list(design.pairs),
    }


def design_from_json(held: Mapping[str, Any]) -> Design:
    """Build a design from the result of :func:`design_as_json`."""
    return Design(
        {variable: tuple(levels) for variable, levels in held["levels"].items()},
        {variable: tuple(shares) for variable, shares in held["shares"].items()},
        tuple(held["crossed"]),
        tuple(held["pairs"]),
    )
