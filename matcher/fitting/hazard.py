"""Logistic regression on persons, or on person-years without ever writing these out.

A person's facts are the same in every year, so that years add up before the facts are multiplied:
a seventh of the work of a regression on the rows, and of its memory. Estimates and errors are
those of the regression on the rows; a test holds them against statsmodels.
"""

from dataclasses import dataclass

import numpy as np

from matcher.errors import TreffsikkerError
from matcher.fitting.models import logistic
from matcher.tables import BoolArray, FloatArray, IntArray

STEPS = 50
ENOUGH = 1e-9
"""Largest change of an effect at which the fitting ends."""
LARGEST = 15.0
"""Effect on the log odds beyond which a group moves always or never: odds of three million."""


class NoFitError(TreffsikkerError):
    """The effects do not settle, as when a group always moves or never."""


@dataclass(frozen=True, slots=True, eq=False)
class PersonYears:
    """Facts of persons, and what happened in each year that they were followed.

    Parameters
    ----------
    facts : float array, shape (persons, columns)
        The same in every year.
    followed : bool array, shape (persons, years)
        Whether a person was there to move in a year.
    moved : bool array, shape (persons, years)
        Whether the person did.
    """

    facts: FloatArray
    followed: BoolArray
    moved: BoolArray

    @classmethod
    def of(
        cls, facts: FloatArray, years: IntArray, moved: BoolArray, horizon: int
    ) -> "PersonYears":
        """Lay out by year how long each was followed, and whether the last year was a move."""
        year = np.arange(1, horizon + 1)
        last = (year[None, :] == years[:, None]) & moved[:, None]
        return cls(facts, year[None, :] <= years[:, None], last)

    @property
    def columns(self) -> int:
        """Effects: one for each fact, and one for each year but the first."""
        return int(self.facts.shape[1] + self.followed.shape[1] - 1)

    def chance(self, effects: FloatArray) -> FloatArray:
        """Probability of moving in each year, given none before, shape (persons, years)."""
        facts, years = np.split(effects, [self.facts.shape[1]])
        index = (self.facts @ facts)[:, None] + np.concatenate([[0.0], years])[None, :]
        return np.where(self.followed, logistic(index), 0.0)

    def gradient(self, chance: FloatArray) -> FloatArray:
        """Slope of the log likelihood, shape (columns,)."""
        left = self.moved - chance
        return np.concatenate([self.facts.T @ left.sum(axis=1), left.sum(axis=0)[1:]])

    def information(self, chance: FloatArray) -> FloatArray:
        """Curvature of the log likelihood, sign changed, shape (columns, columns)."""
        weight = chance * (1.0 - chance)
        facts = self.facts.T @ (self.facts * weight.sum(axis=1)[:, None])
        both = self.facts.T @ weight[:, 1:]
        return np.block([[facts, both], [both.T, np.diag(weight.sum(axis=0)[1:])]])

    def scores(self, chance: FloatArray, group: IntArray) -> FloatArray:
        """Slopes summed within groups, shape (groups, columns)."""
        left = self.moved - chance
        each = np.hstack([self.facts * left.sum(axis=1)[:, None], left[:, 1:]])
        order = np.argsort(group, kind="stable")
        _, first = np.unique(group[order], return_index=True)
        return np.asarray(np.add.reduceat(each[order], first, axis=0))


def fit_hazard(rows: PersonYears, group: IntArray) -> tuple[FloatArray, FloatArray]:
    """Find the effects with the highest likelihood, and their covariance robust within groups.

    Parameters
    ----------
    rows : PersonYears
        What is known.
    group : int array, shape (persons,)
        Who may be alike beyond the facts.

    Returns
    -------
    tuple of float array, shape (columns,), and float array, shape (columns, columns)
        Effects of the facts and then of the years but the first; their covariance.

    Raises
    ------
    NoFitError
        When they do not settle.
    """
    effects = np.zeros(rows.columns)
    for _ in range(STEPS):
        chance = rows.chance(effects)
        step = np.linalg.lstsq(rows.information(chance), rows.gradient(chance), rcond=None)[0]
        effects = effects + step
        if float(np.abs(step).max()) < ENOUGH or float(np.abs(effects).max()) > LARGEST:
            break
    if float(np.abs(step).max()) >= ENOUGH or float(np.abs(effects).max()) > LARGEST:
        raise NoFitError(
            "the effects do not settle; gather groups in which everyone moves or nobody does"
        )
    return effects, _robust(rows, rows.chance(effects), group)


def _robust(rows: PersonYears, chance: FloatArray, group: IntArray) -> FloatArray:
    """Sandwich of inverse curvature and summed slopes, with the usual correction."""
    bread, scores = np.linalg.pinv(rows.information(chance)), rows.scores(chance, group)
    groups, count = len(scores), int(rows.followed.sum())
    correction = groups / (groups - 1) * (count - 1) / (count - rows.columns)
    return np.asarray(correction * bread @ (scores.T @ scores) @ bread)
