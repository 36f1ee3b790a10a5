"""Compare two plans: who moves, and what each plan brings in units people know."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from matcher.domain.placement import Plan
from matcher.problem.problem import Problem
from matcher.problem.program import STEPS_PER_POINT, UNPLACED, Choice, sum_use
from matcher.problem.score import score
from matcher.solve.construction import order_by_waiting_time, place_in_order
from matcher.stay.gain_decomposition import GainDecomposition, decompose_gain
from matcher.stay.model import predict_plan

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class PlacementChange:
    """A household with different municipalities in two plans; None means unplaced."""

    household: str
    first: str | None
    second: str | None

    @property
    def kind(self) -> str:
        """Placed, moved, or left out in the second plan."""
        if self.first is None:
            return "placed"
        return "left out" if self.second is None else "moved"


def list_changes(first: Plan, second: Plan) -> tuple[PlacementChange, ...]:
    """List the households whose municipality differs, in alphabetical order."""
    before, after = first.municipality_of, second.municipality_of
    differing = sorted(h for h in {*before, *after} if before.get(h) != after.get(h))
    return tuple(PlacementChange(h, before.get(h), after.get(h)) for h in differing)


@dataclass(frozen=True, slots=True)
class Measures:
    """The measures of a plan, in units people know.

    Parameters
    ----------
    placed, unplaced : int
        Persons.
    stayers : float
        Expected stayers among the placed, within the horizon of the policy; persons of whom
        nothing is known are not counted.
    unknown : int
        Placed persons of whom nothing is known, so that they have no probability of staying.
    person_days : int
        Person-days from today until the placed can move in.
    days : float
        Average of these days per placed person; 0 when no one is placed.
    points : float
        Level 2, under the policy of the problem.
    broken : int
        Violations of hard rules, counted once per household or municipality.
    terms : mapping of str to float
        The parts of ``points``, by term.
    """

    placed: int
    unplaced: int
    stayers: float
    unknown: int
    person_days: int
    days: float
    points: float
    broken: int
    terms: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class PointsDifference:
    """A difference between the points of two measures.

    Parameters
    ----------
    points : float
        The second minus the first.
    terms : mapping of str to float
        Its parts, by term.
    """

    points: float
    terms: Mapping[str, float]


def points_between(first: Measures, second: Measures) -> PointsDifference:
    """Subtract the points of the first measures from those of the second, term by term.

    Of one plan measured on two instances, this is what targets and other yardsticks alone do; of
    two plans measured on one instance, what the plans do.
    """
    terms = {term: second.terms[term] - value for term, value in first.terms.items()}
    return PointsDifference(second.points - first.points, terms)


def measure_target_shift(first: Problem, second: Problem, plan: Plan) -> PointsDifference:
    """Return what the targets of a second problem do to the points of a plan of the first.

    Nobody moves, so this is no gain and no loss to anyone. Only terms with targets are compared,
    which takes little time.

    Parameters
    ----------
    first, second : Problem
        Of one policy.
    plan : Plan

    Raises
    ------
    UnknownHouseholdError, UnknownMunicipalityError
        When the plan names a household or municipality that one of the problems does not have.
    """
    before, after = (_spread_points(problem, plan) for problem in (first, second))
    terms = {term: after[term] - points for term, points in before.items()}
    return PointsDifference(sum(terms.values()), terms)


def _spread_points(problem: Problem, plan: Plan) -> dict[str, float]:
    choice = problem.to_choice(plan)
    costs = {s.id: s.cost(sum_use(s, choice, len(s.base))).sum() for s in problem.spreads}
    return {term: -float(cost) / STEPS_PER_POINT for term, cost in costs.items()}


def measure(problem: Problem, choice: Choice) -> Measures:
    """Measure a plan under the rules and weights of a problem."""
    value = score(problem.program, choice)
    placed = np.flatnonzero(choice != UNPLACED)
    size, days = problem.households.size[placed], problem.calendar(choice).days[placed]
    stay = predict_plan(
        problem.stay_model, problem.households, problem.municipalities, choice
    ).probability
    person_days = int((size * days).sum())
    return Measures(
        placed=value.placed,
        unplaced=value.unplaced,
        stayers=float(np.nansum(size * stay[placed])),
        unknown=int(size[np.isnan(stay[placed])].sum()),
        person_days=person_days,
        days=person_days / max(1, value.placed),
        points=value.points,
        broken=len(value.broken_rules),
        terms={k: v / STEPS_PER_POINT for k, v in value.terms.items()},
    )


@dataclass(frozen=True, slots=True)
class Gain:
    """How many more expected stayers a plan has than another plan, and why.

    Parameters
    ----------
    stayers : float
        The difference in expected stayers, as shown.
    parts : GainDecomposition
        Its parts: placing, filling and matching.
    """

    stayers: float
    parts: GainDecomposition

    @property
    def with_interval(self) -> bool:
        """Whether the parts have an interval: not where an operator's own probabilities count."""
        return self.parts.filling.low is not None

    @property
    def clipped(self) -> float:
        """The part of the difference that comes from clipping probabilities to 0 and 1."""
        return self.stayers - self.parts.total

    def to_dict(self) -> dict[str, Any]:
        """Convert to plain values: ``stayers``, three parts with intervals, ``clipped``."""
        return {"stayers": self.stayers, **asdict(self.parts), "clipped": self.clipped}


def gain_between(problem: Problem, first: Choice, second: Choice) -> Gain:
    """Decompose the gain in expected stayers of a second plan over a first plan."""
    model, h, m = problem.stay_model, problem.households, problem.municipalities
    before, after = (
        float(np.nansum(h.size * predict_plan(model, h, m, choice).probability))
        for choice in (first, second)
    )
    return Gain(after - before, decompose_gain(model, h, m, first, second))


def gain_over_practice(problem: Problem, choice: Choice) -> Gain:
    """Decompose the gain of a plan over today's practice: the longest waiting placed first."""
    program = problem.program
    return gain_between(problem, place_in_order(program, order_by_waiting_time(program)), choice)


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two plans side by side.

    Parameters
    ----------
    first, second : Measures
    changes : tuple of PlacementChange
    gain : Gain or None
        The parts of the difference in expected stayers; None where each plan is measured on its
        own instance.
    """

    first: Measures
    second: Measures
    changes: tuple[PlacementChange, ...]
    gain: Gain | None = None

    def to_frame(self) -> "pd.DataFrame":
        """Return the measures as a data frame, one row per measure."""
        import pandas as pd  # noqa: PLC0415  # Loads more slowly than everything else here.

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
        When a plan names a household or municipality that is not in the instance.
    """
    choices = [problem.to_choice(plan) for plan in (first, second)]
    before, after = (measure(problem, choice) for choice in choices)
    return Comparison(before, after, list_changes(first, second), gain_between(problem, *choices))
