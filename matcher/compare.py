"""Two plans side by side: who moves, and what each brings in units people know."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from matcher.domain import Plan
from matcher.problem import Problem
from matcher.program import PER_POINT, UNPLACED, Choice
from matcher.ranking_columns import stay_model
from matcher.score import score
from matcher.tables import earliest_days


@dataclass(frozen=True, slots=True)
class Change:
    """A household that two plans treat differently; None stands for unplaced."""

    household: str
    first: str | None
    second: str | None

    @property
    def kind(self) -> str:
        """Placed, moved, or left out in the second plan."""
        if self.first is None:
            return "placed"
        return "left out" if self.second is None else "moved"


def changes(first: Plan, second: Plan) -> tuple[Change, ...]:
    """Households whose municipality differs, in alphabetical order."""
    one, other = first.municipality_of, second.municipality_of
    differing = sorted(h for h in {*one, *other} if one.get(h) != other.get(h))
    return tuple(Change(h, one.get(h), other.get(h)) for h in differing)


@dataclass(frozen=True, slots=True)
class Measures:
    """What a plan brings.

    Parameters
    ----------
    placed, unplaced : int
        Persons.
    stayers : float
        Expected stayers among the placed, within the horizon of the policy.
    person_days : int
        From today until the placed can move in.
    days : float
        The same a person on average, 0 when no one is placed.
    points : float
        Level 2, under the policy of the problem.
    broken : int
        Hard rules that do not hold, counted once for each household or municipality.
    terms : mapping of str to float
        Its parts.
    """

    placed: int
    unplaced: int
    stayers: float
    person_days: int
    days: float
    points: float
    broken: int
    terms: Mapping[str, float]


def measure(problem: Problem, choice: Choice) -> Measures:
    """Measure a plan under the rules and weights of a problem."""
    value = score(problem.program, choice)
    placed = np.flatnonzero(choice != UNPLACED)
    size, where = problem.households.size[placed], choice[placed]
    days = earliest_days(problem.households, problem.municipalities)[placed, where]
    stay = stay_model(problem).predict(problem.households, problem.municipalities)
    person_days = int((size * days).sum())
    return Measures(
        placed=value.placed,
        unplaced=value.unplaced,
        stayers=float((size * stay.probability[placed, where]).sum()),
        person_days=person_days,
        days=person_days / max(1, value.placed),
        points=value.points,
        broken=len(value.broken),
        terms={k: v / PER_POINT for k, v in value.terms.items()},
    )


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two plans side by side.

    Parameters
    ----------
    first, second : Measures
    changes : tuple of Change
    """

    first: Measures
    second: Measures
    changes: tuple[Change, ...]

    def to_frame(self) -> pd.DataFrame:
        """Give the measures as a data frame, one row each."""
        plain = ("placed", "unplaced", "stayers", "person_days", "days", "points", "broken")
        rows = [(name, getattr(self.first, name), getattr(self.second, name)) for name in plain]
        rows += [(f"points.{k}", v, self.second.terms[k]) for k, v in self.first.terms.items()]
        frame = pd.DataFrame(rows, columns=["measure", "first", "second"])
        return frame.assign(difference=frame["second"] - frame["first"])


def compare(problem: Problem, first: Plan, second: Plan) -> Comparison:
    """Compare two plans of the same queue, both measured under one policy.

    Raises
    ------
    UnknownHouseholdError, UnknownMunicipalityError
        When a plan names one that the instance does not have.
    """
    measures = [measure(problem, problem.choice(plan)) for plan in (first, second)]
    return Comparison(measures[0], measures[1], changes(first, second))
