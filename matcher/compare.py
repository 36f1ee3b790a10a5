"""Two plans side by side: who moves, and what each brings in units people know."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from matcher.domain import Plan
from matcher.problem import Problem
from matcher.program import PER_POINT, UNPLACED, Choice
from matcher.ranking_columns import stay_model
from matcher.score import score
from matcher.solve.greedy import place_in_order, waiting_order
from matcher.stay.chosen import predict_chosen
from matcher.stay.split import Split, split
from matcher.tables import earliest_days

if TYPE_CHECKING:
    import pandas as pd


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
    stay = predict_chosen(
        stay_model(problem), problem.households, problem.municipalities, choice
    ).probability
    person_days = int((size * days).sum())
    return Measures(
        placed=value.placed,
        unplaced=value.unplaced,
        stayers=float((size * stay[placed]).sum()),
        person_days=person_days,
        days=person_days / max(1, value.placed),
        points=value.points,
        broken=len(value.broken),
        terms={k: v / PER_POINT for k, v in value.terms.items()},
    )


@dataclass(frozen=True, slots=True)
class Gain:
    """What a plan brings in expected stayers over another one.

    Parameters
    ----------
    stayers : float
        The difference of what is shown.
    parts : Split
        What it comes from: placing, filling and matching.
    """

    stayers: float
    parts: Split

    @property
    def clipped(self) -> float:
        """Share of the difference that comes from showing probabilities within 0 and 1 only."""
        return self.stayers - self.parts.total

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain values: ``stayers``, three parts with intervals, ``clipped``."""
        return {"stayers": self.stayers, **asdict(self.parts), "clipped": self.clipped}


def gain(problem: Problem, first: Choice, second: Choice) -> Gain:
    """Take apart what a second plan brings in expected stayers over a first one."""
    model, h, m = stay_model(problem), problem.households, problem.municipalities
    before, after = (
        float(np.nansum(h.size * predict_chosen(model, h, m, choice).probability))
        for choice in (first, second)
    )
    return Gain(after - before, split(model, h, m, first, second))


def gain_over_practice(problem: Problem, choice: Choice) -> Gain:
    """Take apart what a plan brings over today's practice: the longest waiting first."""
    program = problem.program
    return gain(problem, place_in_order(program, waiting_order(program)), choice)


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two plans side by side.

    Parameters
    ----------
    first, second : Measures
    changes : tuple of Change
    gain : Gain or None
        What the difference in expected stayers comes from; None where each plan is measured on
        circumstances of its own.
    """

    first: Measures
    second: Measures
    changes: tuple[Change, ...]
    gain: Gain | None = None

    def to_frame(self) -> "pd.DataFrame":
        """Give the measures as a data frame, one row each."""
        import pandas as pd  # noqa: PLC0415  # Takes longer to load than all that comparing needs.

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
    choices = [problem.choice(plan) for plan in (first, second)]
    one, other = (measure(problem, choice) for choice in choices)
    return Comparison(one, other, changes(first, second), gain(problem, *choices))
