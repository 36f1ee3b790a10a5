"""Why here, why not there, why unplaced, and which single requirement to relax.

Everything is asked of the rules and terms themselves; nothing is known of any of them here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matcher.problem import Problem
from matcher.program import UNPLACED, Choice
from matcher.rank import rank
from matcher.ranking import Option, Ranking
from matcher.solve.greedy import Room
from matcher.solve.prices import Prices
from matcher.tables import BoolArray
from matcher.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Requirement:
    """A hard rule, what it bars, and what relaxing it alone would open.

    Parameters
    ----------
    rule : str
    bars : int
        Municipalities that it bars.
    opens : int
        Municipalities that it alone bars: relaxing it would open them.
    places : int
        Open places there, in persons.
    """

    rule: str
    bars: int
    opens: int
    places: int


@dataclass(frozen=True, eq=False)
class Explanation:
    """Why a household is, or is not, where tonight's plan has it.

    Parameters
    ----------
    ranking : Ranking
    requirements : tuple of Requirement
        Rules that bar something, those that would open most places first.
    open_to : int
        Municipalities that every rule allows.
    taken : int
        Of these, the ones that others of the plan leave too little room in.
    """

    ranking: Ranking
    requirements: tuple[Requirement, ...]
    open_to: int
    taken: int

    @property
    def here(self) -> Option | None:
        """The option of tonight's plan; None when unplaced."""
        planned = self.ranking.planned
        return None if planned is None else self.ranking.option(planned)

    @cached_property
    def better_alone(self) -> tuple[Option, ...]:
        """Allowed options with more points for the household than the planned one, best first."""
        if self.here is None:
            return ()
        more = [o for o in self.ranking.allowed if o.points > self.here.points]
        return tuple(sorted(more, key=lambda o: (-o.points, o.municipality)))

    def not_there(self, municipality: str) -> "NotThere":
        """Say why the plan does not have the household in a municipality."""
        option = self.ranking.option(municipality)
        return NotThere(
            option,
            self.ranking.broken(option),
            self.ranking.displaced(option),
            _difference(self.here, option),
        )


@dataclass(frozen=True, slots=True)
class NotThere:
    """Why a household is not placed in a municipality.

    Parameters
    ----------
    option : Option
    broken : tuple of Verdict
        Rules that bar it; empty when it is allowed.
    displaced : tuple of str
        Households of the plan that would have to move.
    difference : mapping of str to float
        Points gained (above 0) or lost by going there instead, by term and rule.
    """

    option: Option
    broken: tuple[Verdict, ...]
    displaced: tuple[str, ...]
    difference: Mapping[str, float]


def explain(
    problem: Problem, household: str, choice: Choice, prices: Prices | None = None
) -> Explanation:
    """Explain what a plan does with one household.

    Parameters
    ----------
    problem : Problem
    household : str
    choice : int array, shape (units,)
        The plan.
    prices : Prices or None
        What places are worth to the rest.

    Raises
    ------
    UnknownHouseholdError
        When the household is not in the queue.
    """
    ranking = rank(problem, household, prices, choice)
    allowed = ranking.verdicts.open
    return Explanation(
        ranking,
        requirements(ranking),
        int(allowed.sum()),
        int((allowed & ~_fits_beside(problem, ranking.verdicts.unit, choice)).sum()),
    )


def requirements(ranking: Ranking) -> tuple[Requirement, ...]:
    """What each rule bars for the household, and what relaxing it alone would open."""
    rows = ranking.verdicts.allowed
    m = ranking.verdicts.problem.municipalities
    barred_by = np.sum([~row for row in rows.values()], axis=0)
    found = [
        Requirement(rule, int((~row).sum()), int(alone.sum()), int(m.open[alone].sum()))
        for rule, row in rows.items()
        if not row.all()
        for alone in [~row & (barred_by == 1)]
    ]
    return tuple(sorted(found, key=lambda r: (-r.places, -r.opens, -r.bars, r.rule)))


def _fits_beside(problem: Problem, unit: int, choice: Choice) -> BoolArray:
    others = choice.copy()
    others[unit] = UNPLACED
    return Room.beside(problem.program, others).fits(unit)


def _difference(here: Option | None, there: Option) -> Mapping[str, float]:
    gains = _parts(there)
    if here is None:
        return gains
    now = _parts(here)
    return {k: gains[k] - now.get(k, 0.0) for k in gains}


def _parts(option: Option) -> dict[str, float]:
    costs = {k: -v for k, v in option.cost.items()}
    return {**option.by_term, **option.dispersion, **costs}
