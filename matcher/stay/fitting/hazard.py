"""Logistic regression on persons, or on person-years without a row for each person-year.

A person's facts are the same in every year, so the years are summed before the facts are
multiplied. That needs a seventh of the work and memory of a regression on person-year rows.
Estimates and errors equal those of the regression on rows; a test compares them with statsmodels.
"""

from dataclasses import dataclass

import numpy as np

from matcher.domain.errors import TreffsikkerError
from matcher.domain.tables.array_types import BoolArray, FloatArray, IntArray
from matcher.stay.fitting.models import inverse_logit

MAX_STEPS = 50
TOLERANCE = 1e-9
"""Largest change of an effect at which the fitting stops."""
LARGEST_EFFECT = 15.0
"""A larger effect on the log odds means that a group moves always or never (odds: 3 million)."""


class NoConvergenceError(TreffsikkerError):
    """The effects do not converge, for example because everyone or nobody in a group moves."""


@dataclass(frozen=True, slots=True, eq=False)
class PersonYears:
    """Facts of persons, and their outcome in each year in which they were followed.

    Parameters
    ----------
    facts : float array, shape (persons, columns)
        Facts of each person, the same in every year.
    followed : bool array, shape (persons, years)
        Whether a person was at risk of moving in a year.
    moved : bool array, shape (persons, years)
        Whether the person moved in a year.
    """

    facts: FloatArray
    followed: BoolArray
    moved: BoolArray

    @classmethod
    def from_durations(
        cls, facts: FloatArray, years: IntArray, moved: BoolArray, horizon: int
    ) -> "PersonYears":
        """Build the table from years followed, and whether each person moved in the last year."""
        year = np.arange(1, horizon + 1)
        last = (year[None, :] == years[:, None]) & moved[:, None]
        return cls(facts, year[None, :] <= years[:, None], last)

    @property
    def columns(self) -> int:
        """Number of effects: one for each fact, and one for each year except the first."""
        return int(self.facts.shape[1] + self.followed.shape[1] - 1)

    def moving_chances(self, effects: FloatArray) -> FloatArray:
        """Probability of moving in each year, given none before, shape (persons, years)."""
        facts, years = np.split(effects, [self.facts.shape[1]])
        index = (self.facts @ facts)[:, None] + np.concatenate([[0.0], years])[None, :]
        return np.where(self.followed, inverse_logit(index), 0.0)

    def gradient(self, chances: FloatArray) -> FloatArray:
        """Gradient of the log likelihood, shape (columns,)."""
        residuals = self.moved - chances
        return np.concatenate([self.facts.T @ residuals.sum(axis=1), residuals.sum(axis=0)[1:]])

    def information(self, chances: FloatArray) -> FloatArray:
        """Negative Hessian of the log likelihood, shape (columns, columns)."""
        weight = chances * (1.0 - chances)
        facts = self.facts.T @ (self.facts * weight.sum(axis=1)[:, None])
        both = self.facts.T @ weight[:, 1:]
        return np.block([[facts, both], [both.T, np.diag(weight.sum(axis=0)[1:])]])

    def scores(self, chances: FloatArray, group: IntArray) -> FloatArray:
        """Gradients summed within groups, shape (groups, columns)."""
        residuals = self.moved - chances
        each = np.hstack([self.facts * residuals.sum(axis=1)[:, None], residuals[:, 1:]])
        order = np.argsort(group, kind="stable")
        _, first = np.unique(group[order], return_index=True)
        return np.asarray(np.add.reduceat(each[order], first, axis=0))


def fit_hazard(rows: PersonYears, group: IntArray) -> tuple[FloatArray, FloatArray]:
    """Fit the effects by maximum likelihood, with a covariance robust within groups.

    Parameters
    ----------
    rows : PersonYears
        Facts and outcomes.
    group : int array, shape (persons,)
        Group within which persons may be correlated beyond the facts.

    Returns
    -------
    tuple of float array, shape (columns,), and float array, shape (columns, columns)
        Effects of the facts, then of the years except the first; their covariance.

    Raises
    ------
    NoConvergenceError
        When the effects do not converge.
    """
    effects = np.zeros(rows.columns)
    for _ in range(MAX_STEPS):
        chance = rows.moving_chances(effects)
        step = np.linalg.lstsq(rows.information(chance), rows.gradient(chance), rcond=None)[0]
        effects = effects + step
        if float(np.abs(step).max()) < TOLERANCE or float(np.abs(effects).max()) > LARGEST_EFFECT:
            break
    if float(np.abs(step).max()) >= TOLERANCE or float(np.abs(effects).max()) > LARGEST_EFFECT:
        raise NoConvergenceError(
            "the effects do not settle; gather groups in which everyone moves or nobody does"
        )
    return effects, _robust_covariance(rows, rows.moving_chances(effects), group)


def _robust_covariance(rows: PersonYears, chance: FloatArray, group: IntArray) -> FloatArray:
    """Sandwich of the inverse Hessian and summed gradients, with small-sample correction."""
    bread, scores = np.linalg.pinv(rows.information(chance)), rows.scores(chance, group)
    groups, count = len(scores), int(rows.followed.sum())
    correction = groups / (groups - 1) * (count - 1) / (count - rows.columns)
    return np.asarray(correction * bread @ (scores.T @ scores) @ bread)
