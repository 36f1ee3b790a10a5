"""One household against the municipalities as they are now, at the last night's prices."""

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
    """The queue and the ledger after the latest event, and the night whose prices hold.

    Frozen: what happens next gives another one, so that whoever reads sees one state whole.

    Parameters
    ----------
    standing : Standing
        The store.
    problem : Problem
        Its instance, ready.
    night : Night or None
        The last complete one; None before the first.
    prices : PriceList or None
        Those of the night, laid on the municipalities of now.
    plan : Taken or None
        What of the night's plan still stands, with the proposals made since.
    """

    standing: Standing
    problem: Problem
    night: Night | None
    prices: PriceList | None
    plan: Taken | None

    @classmethod
    def of(cls, standing: Standing, policy: Policy, night: Night | None) -> "Live":
        """Make ready what a store says now.

        Parameters
        ----------
        standing : Standing
        policy : Policy
            Where there is no night; else the night's own holds.
        night : Night or None
        """
        if night is None:
            problem = Problem.of(standing.instance, policy)
            return cls(standing, problem, None, None, None)
        shared = night.sharing(standing.instance)
        problem = problem_after(shared.problem, standing.instance)
        return cls._made(standing, problem, shared)

    def after(self, standing: Standing) -> "Live":
        """Give the same after what has happened since."""
        if standing is self.standing:
            return self
        problem = problem_after(self.problem, standing.instance)
        if self.night is None:
            return Live(standing, problem, None, None, None)
        return self._made(standing, problem, self.night, self)

    @classmethod
    def _made(
        cls, standing: Standing, problem: Problem, night: Night, before: "Live | None" = None
    ) -> "Live":
        prices, m = night.prices, problem.municipalities
        if before is not None and before.problem.municipalities is m:
            prices = before.prices
        elif prices is not None:
            prices = prices.laid_on(m)
        plan = Taken(problem, cls._choice(problem, night, before))
        # Counted now, not when the first household is asked about.
        _ = plan.room
        return cls(standing, problem, night, prices, plan)

    @staticmethod
    def _choice(problem: Problem, night: Night, before: "Live | None") -> Choice:
        """Where units are meant to go: as before where neither they nor the places have moved."""
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
        """The day that days are counted from."""
        return self.problem.instance.today

    def ranking(self, household: str) -> Ranking:
        """Rank all municipalities for a household, and those linked to it.

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
        """What must be known of a household's ranking, most important first."""
        if self.night is None:
            return (Note.NO_NIGHT,)
        found = {
            Note.NO_PRICES: self.prices is None,
            Note.OLD_NIGHT: self.night.day < self.day,
            Note.LISTED_SINCE: household not in self.night.problem.households.row_of,
            Note.CHANGED_SINCE: household in self._changed,
        }
        return tuple(note for note, holds in found.items() if holds)

    @cached_property
    def _changed(self) -> frozenset[str]:
        """Households of which something else is known than the night knew."""
        if self.night is None:
            return frozenset()
        then = self.night.problem
        now = changed(then.instance, self.problem.instance)
        return frozenset(h.id for h in now if h.id in then.households.row_of)
