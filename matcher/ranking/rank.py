"""Rank all municipalities for one household, best first, with reasons and prices."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from matcher.domain.option import Option
from matcher.domain.reason import Reason
from matcher.domain.tables.array_types import BoolArray, IntArray
from matcher.domain.tables.households import HouseholdTable
from matcher.policy.policy import SelectedRules
from matcher.problem.plan_usage import PlanUsage
from matcher.problem.prices import Prices
from matcher.problem.problem import Problem
from matcher.problem.program import UNPLACED, Choice
from matcher.problem.remaining_capacity import RemainingCapacity, Shortfall
from matcher.ranking.options import RankingColumns
from matcher.ranking.price_list import PriceList
from matcher.ranking.rule_checks import RuleChecks, RuleVerdict

if TYPE_CHECKING:
    import pandas as pd

COLUMN_PREFIXES = {"by_term": "points", "dispersion": "points", "cost": "cost"}
"""Prefix of the columns of a data frame for each field of an option with a value by rule."""


def rank(
    problem: Problem,
    household: str,
    prices: Prices | PriceList | None = None,
    choice: Choice | PlanUsage | None = None,
) -> "Ranking":
    """Rank all municipalities for one household.

    Parameters
    ----------
    problem : Problem
    household : str
        Identifier; linked households are ranked together.
    prices : Prices, PriceList or None
        What places are worth to the rest of the queue, from the last plan: prices of this very
        problem, or a price list for its municipalities.
    choice : int array, shape (units,), PlanUsage or None
        The last plan, which determines how many places are left.

    Raises
    ------
    UnknownHouseholdError
        When the household is not in the queue.
    """
    unit = np.array([problem.unit_row(household)], dtype=np.int64)
    price_list = PriceList.of(problem, prices) if isinstance(prices, Prices) else prices
    usage = PlanUsage(problem, choice) if isinstance(choice, np.ndarray) else choice
    return next(rank_units(problem, unit, price_list, usage))


def rank_units(
    problem: Problem, units: IntArray, prices: PriceList | None, plan_usage: PlanUsage | None
) -> "Iterator[Ranking]":
    """Yield the ranking of each of a block of placing units, in order.

    The rankings are those that :func:`rank` returns for each unit, to the last bit; a block is
    computed at once.

    Parameters
    ----------
    problem : Problem
    units : int array, shape (units,)
        Rows of the placing units.
    prices : PriceList or None
    plan_usage : PlanUsage or None
        The last plan.
    """
    columns = RankingColumns.of(RuleChecks(problem, units), prices, plan_usage)
    return (Ranking(columns, plan_usage, i) for i in range(len(units)))


@dataclass(frozen=True, slots=True)
class DisplacedHouseholds:
    """Households of the plan that would have to make room.

    Parameters
    ----------
    one_of : tuple of str
        Households each of which would alone make enough room by leaving; empty when several must.
    """

    one_of: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Ranking:
    """All municipalities for one household, best first.

    Parameters
    ----------
    columns : RankingColumns
        The values of the options of a block of units; an :class:`Option` is built from it on
        request.
    plan_usage : PlanUsage or None
        Tonight's plan; None without one.
    row : int
        Row of the household's placing unit in the block.
    """

    columns: RankingColumns
    plan_usage: PlanUsage | None
    row: int = 0

    def __iter__(self) -> Iterator[Option]:
        return iter(self.options)

    def __len__(self) -> int:
        return len(self._problem.municipalities)

    @property
    def rule_checks(self) -> RuleChecks:
        """The result of every rule for the units of the block."""
        return self.columns.rule_checks

    @cached_property
    def households(self) -> HouseholdTable:
        """The placing unit alone, as a table of one row."""
        return self.rule_checks.households.take([self.row])

    @property
    def allowed_by_rule(self) -> Mapping[str, BoolArray]:
        """Whether a rule allows each municipality, by rule, shape (municipalities,)."""
        return {k: mask[self.row] for k, mask in self.rule_checks.allowed_by_rule.items()}

    @property
    def allowed_by_all(self) -> BoolArray:
        """Whether every rule allows each municipality, shape (municipalities,)."""
        allowed: BoolArray = self.rule_checks.allowed_by_all[self.row]
        return allowed

    @property
    def household(self) -> str:
        """Identifier of the placing unit."""
        return str(self._problem.households.id[self.unit])

    @property
    def unit(self) -> int:
        """Row of the placing unit in the problem."""
        return int(self.rule_checks.units[self.row])

    @property
    def priced(self) -> bool:
        """Whether prices of a plan were used; without them, places cost others nothing."""
        return self.columns.priced

    @property
    def choice(self) -> Choice | None:
        """Tonight's plan, this household included; None without one."""
        return None if self.plan_usage is None else self.plan_usage.choice

    @property
    def planned_municipality(self) -> str | None:
        """Municipality number of tonight's plan; None when unplaced or without a plan."""
        if self.choice is None or self.choice[self.unit] == UNPLACED:
            return None
        return str(self._problem.municipalities.number[self.choice[self.unit]])

    @cached_property
    def options(self) -> tuple[Option, ...]:
        """Allowed options by points for everyone, then barred options by how few rules bar them."""
        return self._best(len(self))

    @property
    def allowed(self) -> tuple[Option, ...]:
        """The options that every rule allows."""
        return self.best(len(self))

    def best(self, count: int) -> tuple[Option, ...]:
        """Return the best options that every rule allows, at most ``count``."""
        return self._best(min(count, int(self.allowed_by_all.sum())))

    def option(self, municipality: str) -> Option:
        """Return the option of one municipality.

        Raises
        ------
        UnknownMunicipalityError
            When there is no such municipality.
        """
        return self.columns.option(self.row, self._problem.municipality_row(municipality))

    def broken_rules(self, option: Option) -> tuple[RuleVerdict, ...]:
        """Return every rule that bars an option, with the reason."""
        return self.rule_checks.broken_rules(self.row, self._municipality(option))

    def cautions(self, option: Option) -> tuple[RuleVerdict, ...]:
        """Return the rules that allow an option although something is not known."""
        return self.rule_checks.cautions(self.row, self._municipality(option))

    def reasons(self, option: Option, terms: Collection[str] | None = None) -> Mapping[str, Reason]:
        """Return the reason for the points of each term, or of the named terms alone."""
        j, m, selection = self._municipality(option), self._problem.municipalities, self._selection
        of_option = [*(t for t in selection.terms if t.level == 2), *selection.spread_terms]
        return {
            t.id: t.reason(self.rule_checks.households, m, self.row, j)
            for t in of_option
            if terms is None or t.id in terms
        }

    @cached_property
    def choice_without_household(self) -> Choice:
        """Tonight's plan without this household; no one is placed when there is no plan."""
        choice = self._usage.choice.copy()
        choice[self.unit] = UNPLACED
        return choice

    @cached_property
    def remaining_capacity(self) -> RemainingCapacity:
        """What the other households of tonight's plan leave of every resource."""
        return self._usage.capacity_without(self.unit)

    def has_room_without(self, rule: str) -> BoolArray:
        """Whether there is room beside the others without a rule, shape (municipalities,)."""
        room = self._usage.capacity_without(self.unit, rule).fits(self.unit)
        return np.broadcast_to(room, self.allowed_by_all.shape)

    @cached_property
    def shortage(self) -> Shortfall:
        """What the household needs beyond the remaining resources."""
        return self.remaining_capacity.shortfall(self.unit)

    @cached_property
    def has_room(self) -> BoolArray:
        """Whether there is room beside the rest of tonight's plan, shape (municipalities,)."""
        # Without budgets in the policy, the result is a single value for all municipalities.
        return np.broadcast_to(self.remaining_capacity.fits(self.unit), self.allowed_by_all.shape)

    def displaced(self, option: Option) -> DisplacedHouseholds | None:
        """Return who of tonight's plan would have to make room; None when there is room."""
        j = self._municipality(option)
        if self.has_room[j] or not self.allowed_by_all[j]:
            return None
        return DisplacedHouseholds(self._usage.unit_names(self.units_to_displace(j)))

    def units_to_displace(self, municipality: int) -> IntArray:
        """Return the rows of units of a municipality's row that alone make room by leaving."""
        units = self._usage.other_units_in(municipality, self.unit)
        return np.asarray(units[self.shortage.freed_by(units, municipality)])

    def to_frame(self) -> "pd.DataFrame":
        """Return the options as a data frame, one row per municipality, with a column per term."""
        import pandas as pd  # noqa: PLC0415  # Loads more slowly than everything else here.

        return pd.DataFrame([_flat(o, self.broken_rules(o)) for o in self.options])

    def __str__(self) -> str:
        head = f"{self.household}: {len(self.allowed)} of {len(self)} municipalities allowed"
        rows = (
            f"{o.rank:>4} {o.name:<22} {o.net:>9.0f} {o.points:>9.0f} "
            f"{'–' if o.stay is None else f'{100 * o.stay:.0f} %':>6} {o.open_places:>5}"
            f"  {o.earliest}"
            for o in self.best(10)
        )
        columns = f"{'':>4} {'municipality':<22} {'net':>9} {'points':>9} {'stay':>6} {'open':>5}"
        return "\n".join([head, f"{columns}  earliest", *rows])

    def _best(self, count: int) -> tuple[Option, ...]:
        municipalities = self.columns.order[self.row, :count]
        return tuple(self.columns.option(self.row, j) for j in municipalities.tolist())

    @property
    def _problem(self) -> Problem:
        return self.rule_checks.problem

    @property
    def _selection(self) -> SelectedRules:
        return self._problem.selection

    @cached_property
    def _usage(self) -> PlanUsage:
        return PlanUsage.empty(self._problem) if self.plan_usage is None else self.plan_usage

    def _municipality(self, option: Option) -> int:
        return self._problem.municipality_row(option.municipality)


def _flat(option: Option, broken: tuple[RuleVerdict, ...]) -> dict[str, object]:
    values = option.values()
    row = {"rank": option.rank} | {k: v for k, v in values.items() if k not in COLUMN_PREFIXES}
    for name, prefix in COLUMN_PREFIXES.items():
        row |= {f"{prefix}.{k}": value for k, value in values[name].items()}
    return row | {"broken": ";".join(v.rule for v in broken)}
