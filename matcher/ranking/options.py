"""The options of a household, best first, with the reasons for each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from matcher.domain.reason import Reason
from matcher.domain.tables import BoolArray
from matcher.problem.plan_usage import PlanUsage
from matcher.problem.problem import Problem
from matcher.problem.program import UNPLACED, Choice
from matcher.problem.remaining_capacity import RemainingCapacity, Shortfall
from matcher.ranking.columns import RankingColumns
from matcher.ranking.rule_checks import RuleChecks, RuleVerdict

if TYPE_CHECKING:
    import pandas as pd

PLAIN_COLUMNS = (
    *("rank", "municipality", "name", "county", "allowed", "net", "points", "own_rank"),
    *("stay", "stay_low", "stay_high", "open_places", "left", "earliest"),
)
"""Columns of the data frame of a ranking that are fields of an option."""


@dataclass(frozen=True, slots=True)
class Option:
    """One municipality as an option for a household.

    Parameters
    ----------
    municipality, name, county : str
        Four-digit number and names.
    allowed : bool
        Whether every hard rule allows it.
    rank : int
        Rank for everyone, from 1: by :attr:`net`.
    own_rank : int or None
        Rank among the allowed options by ``points`` alone, from 1; None when barred.
    points : float
        Points for this household: staying, speed, stability; 1000 points are one expected stayer.
    by_term : mapping of str to float
        The parts of ``points``, by term.
    dispersion : mapping of str to float
        Points for dispersion, by term; below 0 where the placement makes dispersion worse.
    cost : mapping of str to float
        What the places that it uses are worth to the rest of the queue, in points, by rule.
    stay, stay_low, stay_high : float
        Mean probability that the members stay, with a 95 % interval; the ends of the interval are
        None when the probability was supplied by the operator.
    open_places : int
        Persons who can come: the lower of the places of this year and the places at present.
    left : int or None
        Open places that the other households of tonight's plan do not use; None without a plan.
    earliest : date
        First day on which the household can move in.
    """

    municipality: str
    name: str
    county: str
    allowed: bool
    rank: int
    own_rank: int | None
    points: float
    by_term: Mapping[str, float]
    dispersion: Mapping[str, float]
    cost: Mapping[str, float]
    stay: float
    stay_low: float | None
    stay_high: float | None
    open_places: int
    left: int | None
    earliest: date

    @property
    def net(self) -> float:
        """Points for everyone: own points and dispersion minus the cost to other households."""
        return self.points + sum(self.dispersion.values()) - sum(self.cost.values())


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
        The values of the options; :class:`RankingOption` objects are built from it on request.
    plan_usage : PlanUsage or None
        Tonight's plan; None without one.
    """

    columns: RankingColumns
    plan_usage: PlanUsage | None

    def __iter__(self) -> Iterator[Option]:
        return iter(self.options)

    def __len__(self) -> int:
        return len(self.columns.order)

    @property
    def rule_checks(self) -> RuleChecks:
        """The result of every rule for the household."""
        return self.columns.rule_checks

    @property
    def household(self) -> str:
        """Identifier of the placing unit."""
        return str(self._problem.households.id[self._unit])

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
        if self.choice is None or self.choice[self._unit] == UNPLACED:
            return None
        return str(self._problem.municipalities.number[self.choice[self._unit]])

    @cached_property
    def options(self) -> tuple[Option, ...]:
        """Allowed options by points for everyone, then barred options by how few rules bar them."""
        return tuple(self._option(int(row)) for row in self.columns.order)

    @property
    def allowed(self) -> tuple[Option, ...]:
        """The options that every rule allows."""
        return self.best(len(self))

    def best(self, count: int) -> tuple[Option, ...]:
        """Return the best options that every rule allows, at most ``count``."""
        rows = self.columns.order[: min(count, int(self.rule_checks.allowed_by_all.sum()))]
        return tuple(self._option(int(row)) for row in rows)

    def option(self, municipality: str) -> Option:
        """Return the option of one municipality.

        Raises
        ------
        UnknownMunicipalityError
            When there is no such municipality.
        """
        return self._option(self._problem.municipality_row(municipality))

    def broken_rules(self, option: Option) -> tuple[RuleVerdict, ...]:
        """Return every rule that bars an option, with the reason."""
        return self.rule_checks.broken_rules(self._row(option))

    def cautions(self, option: Option) -> tuple[RuleVerdict, ...]:
        """Return the rules that allow an option although something is not known."""
        return self.rule_checks.cautions(self._row(option))

    def reasons(self, option: Option) -> Mapping[str, Reason]:
        """Return the reason for the points of each term."""
        row, m = self._row(option), self._problem.municipalities
        selection = self._problem.selection
        terms = [*(t for t in selection.terms if t.level == 2), *selection.spread_terms]
        return {t.id: t.reason(self.rule_checks.household_row, m, 0, row) for t in terms}

    @cached_property
    def choice_without_household(self) -> Choice:
        """Tonight's plan without this household; no one is placed when there is no plan."""
        choice = self._usage.choice.copy()
        choice[self._unit] = UNPLACED
        return choice

    @cached_property
    def remaining_capacity(self) -> RemainingCapacity:
        """What the other households of tonight's plan leave of every resource."""
        return self._usage.capacity_without(self._unit)

    @cached_property
    def shortage(self) -> Shortfall:
        """What the household needs beyond the remaining resources."""
        return self.remaining_capacity.shortfall(self._unit)

    @cached_property
    def has_room(self) -> BoolArray:
        """Whether there is room beside the rest of tonight's plan, shape (municipalities,)."""
        # Without budgets in the policy, the result is a single value for all municipalities.
        return np.broadcast_to(
            self.remaining_capacity.fits(self._unit), self.rule_checks.allowed_by_all.shape
        )

    def displaced(self, option: Option) -> DisplacedHouseholds | None:
        """Return who of tonight's plan would have to make room; None when there is room."""
        row = self._row(option)
        if self.has_room[row] or not self.rule_checks.allowed_by_all[row]:
            return None
        units = self._usage.other_units_in(row, self._unit)
        sufficient = units[self.shortage.freed_by(units, row)]
        return DisplacedHouseholds(self._usage.unit_names(sufficient))

    def to_frame(self) -> "pd.DataFrame":
        """Return the options as a data frame, one row per municipality, with a column per term."""
        import pandas as pd  # noqa: PLC0415  # Loads more slowly than everything else here.

        return pd.DataFrame([_flat(o, self.broken_rules(o)) for o in self.options])

    def __str__(self) -> str:
        head = f"{self.household}: {len(self.allowed)} of {len(self)} municipalities allowed"
        rows = (
            f"{o.rank:>4} {o.name:<22} {o.net:>9.0f} {o.points:>9.0f} "
            f"{100 * o.stay:>4.0f} % {o.open_places:>5}  {o.earliest}"
            for o in self.best(10)
        )
        columns = f"{'':>4} {'municipality':<22} {'net':>9} {'points':>9} {'stay':>6} {'open':>5}"
        return "\n".join([head, f"{columns}  earliest", *rows])

    @property
    def _problem(self) -> Problem:
        return self.rule_checks.problem

    @property
    def _unit(self) -> int:
        return self.rule_checks.unit

    @cached_property
    def _usage(self) -> PlanUsage:
        return PlanUsage.empty(self._problem) if self.plan_usage is None else self.plan_usage

    def _row(self, option: Option) -> int:
        return self._problem.municipality_row(option.municipality)

    def _option(self, j: int) -> Option:
        c, m = self.columns, self._problem.municipalities
        allowed, known = bool(self.rule_checks.allowed_by_all[j]), bool(c.with_interval[j])
        return Option(
            municipality=str(m.number[j]),
            name=str(m.name[j]),
            county=str(m.county[j]),
            allowed=allowed,
            rank=int(c.rank[j]),
            own_rank=int(c.own_rank[j]) if allowed else None,
            points=float(c.points[j]),
            by_term={k: float(v[j]) for k, v in c.by_term.items()},
            dispersion={k: float(v[j]) for k, v in c.dispersion.items()},
            cost={k: float(v[j]) for k, v in c.cost.items()},
            stay=float(c.stay[j]),
            stay_low=float(c.stay_low[j]) if known else None,
            stay_high=float(c.stay_high[j]) if known else None,
            open_places=int(c.open_places[j]),
            left=None if c.remaining_places is None else int(c.remaining_places[j]),
            earliest=self._problem.tables.today + timedelta(days=int(c.days[j])),
        )


def _flat(option: Option, broken: tuple[RuleVerdict, ...]) -> dict[str, object]:
    row: dict[str, object] = {name: getattr(option, name) for name in PLAIN_COLUMNS}
    row |= {f"points.{k}": v for k, v in {**option.by_term, **option.dispersion}.items()}
    row |= {f"cost.{k}": v for k, v in option.cost.items()}
    return row | {"broken": ";".join(v.rule for v in broken)}
