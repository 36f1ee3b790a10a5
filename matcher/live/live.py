"""A snapshot of queue and capacity after the latest event, for ranking at last night's prices."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from matcher.explain import Explanation, explanation
from matcher.live.after import changed, problem_after
from matcher.live.night import Night
from matcher.live.notes import Note
from matcher.places import Taken
from matcher.policy import Policy
from matcher.price_list import PriceList
from matcher.problem import Problem
from matcher.program import Choice
from matcher.rank import rank
from matcher.ranking import Ranking
from matcher.store.database.following import Standing


@dataclass(frozen=True, eq=False)
class Live:
    """The queue and the ledgers after the latest event, and the night whose prices are in force.

    Frozen: the next event leads to a new object, so that every reader sees one consistent state.

    Parameters
    ----------
    standing : Standing
        The instance after the latest event.
    problem : Problem
        That instance under the policy in force.
    night : Night or None
        The last complete night; None before the first.
    prices : PriceList or None
        The night's prices, applied to the current municipalities.
    plan : Taken or None
        The part of the night's plan that is still valid, with the proposals made since.
    """

    standing: Standing
    problem: Problem
    night: Night | None
    prices: PriceList | None
    plan: Taken | None

    @classmethod
    def of(cls, standing: Standing, policy: Policy, night: Night | None) -> "Live":
        """Build a snapshot from the current state of a store.

        Parameters
        ----------
        standing : Standing
        policy : Policy
            Used when there is no night; otherwise the night's own policy applies.
        night : Night or None
        """
        if night is None:
            problem = Problem.of(standing.instance, policy)
            return cls(standing, problem, None, None, None)
        shared = night.sharing(standing.instance)
        problem = problem_after(shared.problem, standing.instance)
        return cls._build(standing, problem, shared)

    def after(self, standing: Standing) -> "Live":
        """Return the snapshot after later events; this very snapshot when there are none."""
        if standing is self.standing:
            return self
        problem = problem_after(self.problem, standing.instance)
        if self.night is None:
            return Live(standing, problem, None, None, None)
        return self._build(standing, problem, self.night, self)

    @classmethod
    def _build(
        cls, standing: Standing, problem: Problem, night: Night, before: "Live | None" = None
    ) -> "Live":
        prices, m = night.prices, problem.municipalities
        if before is not None and before.problem.municipalities is m:
            prices = before.prices
        elif prices is not None:
            prices = prices.laid_on(m)
        plan = Taken(problem, cls._choice(problem, night, before))
        # Computed here, so that the first ranking does not have to wait for it.
        _ = plan.room
        return cls(standing, problem, night, prices, plan)

    @staticmethod
    def _choice(problem: Problem, night: Night, before: "Live | None") -> Choice:
        """Return the plan; the earlier choice while units and municipalities are the same."""
        if before is not None and before.plan is not None:
            old, m = before.problem, problem.municipalities
            if old.households is problem.households and old.municipalities.number is m.number:
                return before.plan.choice
        return night.choice(problem)

    @property
    def version(self) -> int:
        """Identifier of the latest event."""
        return self.standing.version

    @property
    def day(self) -> date:
        """The day from which days are counted."""
        return self.problem.instance.today

    def ranking(self, household: str) -> Ranking:
        """Rank all municipalities for a household and the households linked to it.

        Raises
        ------
        UnknownHouseholdError
            When it does not wait.
        """
        return rank(self.problem, household, self.prices, self.plan)

    def explanation(self, household: str) -> Explanation:
        """Explain what the plan does with a household.

        Raises
        ------
        UnknownHouseholdError
            When it does not wait.
        """
        return explanation(self.ranking(household))

    def notes(self, household: str) -> tuple[Note, ...]:
        """List what a reader must know about a household's ranking, most important first."""
        if self.night is None:
            return (Note.NO_NIGHT,)
        conditions = {
            Note.NO_PRICES: self.prices is None,
            Note.OLD_NIGHT: self.night.day < self.day,
            Note.LISTED_SINCE: household not in self.night.problem.households.row_of,
            Note.CHANGED_SINCE: household in self._changed,
        }
        return tuple(note for note, holds in conditions.items() if holds)

    @cached_property
    def _changed(self) -> frozenset[str]:
        """Households whose information has changed since the night."""
        if self.night is None:
            return frozenset()
        planned_on = self.night.problem
        households = changed(planned_on.instance, self.problem.instance)
        return frozenset(h.id for h in households if h.id in planned_on.households.row_of)
