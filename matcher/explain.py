"""Why here, why not there, why unplaced, and which single requirement to relax.

Everything is asked of the rules and terms themselves; nothing is known of any of them here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matcher.places import left_places
from matcher.problem import Problem
from matcher.program import Choice
from matcher.rank import rank
from matcher.ranking import Displaced, Option, Ranking
from matcher.solve.prices import Prices
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
        Municipalities that would be open, with room beside the plan, if it alone were relaxed.
    places : int
        Places there that the plan leaves, in persons.
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
    displaced : Displaced or None
        Who of the plan would have to make way; None when there is room.
    difference : mapping of str to float
        Points gained (above 0) or lost by going there instead, by term and rule.
    """

    option: Option
    broken: tuple[Verdict, ...]
    displaced: Displaced | None
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
    return explanation(rank(problem, household, prices, choice))


def explanation(ranking: Ranking) -> Explanation:
    """Explain what a plan does with the household of a ranking."""
    allowed = ranking.verdicts.open
    taken = allowed & ~ranking.fits_beside
    return Explanation(ranking, requirements(ranking), int(allowed.sum()), int(taken.sum()))


def requirements(ranking: Ranking) -> tuple[Requirement, ...]:
    """What each rule bars for the household, and what relaxing it alone would open."""
    found = [_requirement(ranking, rule) for rule in ranking.verdicts.allowed]
    barring = [r for r in found if r.bars]
    return tuple(sorted(barring, key=lambda r: (-r.places, -r.opens, -r.bars, r.rule)))


def _requirement(ranking: Ranking, rule: str) -> Requirement:
    """One rule: where it bars, and where, without it, there is room beside the plan."""
    verdicts, problem = ranking.verdicts, ranking.verdicts.problem
    barred = ~verdicts.allowed[rule]
    barred_by = np.sum([~row for row in verdicts.allowed.values()], axis=0)
    opened = barred & (barred_by == 1) & ranking.room.fits(verdicts.unit, without=rule)
    places = left_places(problem, ranking.others, without=rule)[opened].sum()
    return Requirement(rule, int(barred.sum()), int(opened.sum()), int(places))


def _difference(here: Option | None, there: Option) -> Mapping[str, float]:
    gains = _parts(there)
    if here is None:
        return gains
    now = _parts(here)
    return {k: gains[k] - now.get(k, 0.0) for k in gains}


def _parts(option: Option) -> dict[str, float]:
    costs = {k: -v for k, v in option.cost.items()}
    return {**option.by_term, **option.dispersion, **costs}
