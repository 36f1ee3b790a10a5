"""A snapshot of queue and capacity after the latest event, for ranking at last night's prices."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from api.live.completed_night import CompletedNight
from api.live.notes import RankingNote
from api.live.problem_update import changed_households, update_problem
from matcher.policy.policy import Policy
from matcher.problem.plan_usage import PlanUsage
from matcher.problem.problem import Problem
from matcher.problem.program import Choice
from matcher.ranking.explain import Explanation, explain_ranking
from matcher.ranking.price_list import PriceList
from matcher.ranking.rank import Ranking, rank
from matcher.stay.model import abstains
from matcher.store.instance_projection import InstanceProjection


@dataclass(frozen=True, eq=False)
class LiveSnapshot:
    """The queue and the ledgers after the latest event, and the night whose prices are in force.

    Frozen: the next event leads to a new object, so that every reader sees one consistent state.

    Parameters
    ----------
    projection : InstanceProjection
        The instance after the latest event.
    problem : Problem
        That instance under the policy in force.
    night : CompletedNight or None
        The last complete night; None before the first.
    prices : PriceList or None
        The night's prices, applied to the current municipalities.
    plan_usage : PlanUsage or None
        The part of the night's plan that is still valid, with the proposals made since.
    """

    projection: InstanceProjection
    problem: Problem
    night: CompletedNight | None
    prices: PriceList | None
    plan_usage: PlanUsage | None

    @classmethod
    def build(
        cls, projection: InstanceProjection, policy: Policy, night: CompletedNight | None
    ) -> "LiveSnapshot":
        """Build a snapshot from the current state of a store.

        Parameters
        ----------
        projection : InstanceProjection
        policy : Policy
            Used when there is no night; otherwise the night's own policy applies.
        night : CompletedNight or None
        """
        if night is None:
            problem = Problem.of(projection.instance, policy)
            return cls(projection, problem, None, None, None)
        shared = night.with_shared_households(projection.instance)
        problem = update_problem(shared.problem, shared.with_suggestions(projection.instance))
        return cls._build(projection, problem, shared)

    def advance(self, projection: InstanceProjection) -> "LiveSnapshot":
        """Return the snapshot after later events; this very snapshot when there are none."""
        if projection is self.projection:
            return self
        if self.night is None:
            problem = update_problem(self.problem, projection.instance)
            return LiveSnapshot(projection, problem, None, None, None)
        instance = self.night.with_suggestions(projection.instance)
        return self._build(projection, update_problem(self.problem, instance), self.night, self)

    @classmethod
    def _build(
        cls,
        standing: InstanceProjection,
        problem: Problem,
        night: CompletedNight,
        before: "LiveSnapshot | None" = None,
    ) -> "LiveSnapshot":
        prices, m = night.prices, problem.municipalities
        if before is not None and before.problem.municipalities is m:
            prices = before.prices
        elif prices is not None:
            prices = prices.for_municipalities(m)
        plan = PlanUsage(problem, cls._choice(problem, night, before))
        # Computed here, so that the first ranking does not have to wait for it.
        _ = plan.remaining_capacity
        return cls(standing, problem, night, prices, plan)

    @staticmethod
    def _choice(problem: Problem, night: CompletedNight, before: "LiveSnapshot | None") -> Choice:
        """Return the plan; the earlier choice while units and municipalities are the same."""
        if before is not None and before.plan_usage is not None:
            old, m = before.problem, problem.municipalities
            if old.households is problem.households and old.municipalities.number is m.number:
                return before.plan_usage.choice
        return night.current_choice(problem)

    @property
    def version(self) -> int:
        """Identifier of the latest event."""
        return self.projection.version

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
        return rank(self.problem, household, self.prices, self.plan_usage)

    def explanation(self, household: str) -> Explanation:
        """Explain what the plan does with a household.

        Raises
        ------
        UnknownHouseholdError
            When it does not wait.
        """
        return explain_ranking(self.ranking(household))

    def notes(self, household: str) -> tuple[RankingNote, ...]:
        """List what a reader must know about a household's ranking, most important first."""
        if self.night is None:
            conditions = {RankingNote.NO_NIGHT: True}
        else:
            conditions = self._night_notes(household, self.night)
        h = self.problem.households
        conditions[RankingNote.NOTHING_KNOWN] = bool(
            abstains(h.take([self.problem.unit_row(household)]))[0]
        )
        return tuple(note for note, holds in conditions.items() if holds)

    def _night_notes(self, household: str, night: CompletedNight) -> dict[RankingNote, bool]:
        return {
            RankingNote.NO_PRICES: self.prices is None,
            RankingNote.OLD_NIGHT: night.day < self.day,
            RankingNote.LISTED_SINCE: household not in night.problem.households.row_of,
            RankingNote.CHANGED_SINCE: household in self._changed,
        }

    @cached_property
    def _changed(self) -> frozenset[str]:
        """Households whose information has changed since the night."""
        if self.night is None:
            return frozenset()
        planned_on = self.night.problem
        households = changed_households(planned_on.instance, self.problem.instance)
        return frozenset(h.id for h in households if h.id in planned_on.households.row_of)
