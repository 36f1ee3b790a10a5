"""The options of a household, best first, with what each rests on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from matcher.places import Taken
from matcher.problem import Problem
from matcher.program import UNPLACED, Choice
from matcher.ranking_columns import RankingColumns
from matcher.shapes import Reason
from matcher.solve.greedy import Lacking, Room
from matcher.tables import BoolArray
from matcher.verdicts import Verdict, Verdicts

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Option:
    """One municipality as an option for a household.

    Parameters
    ----------
    municipality, name, county : str
        Four-digit number and names.
    allowed : bool
        Every hard rule allows it.
    rank : int
        Place in the list for everyone's good, from 1.
    own_rank : int or None
        Place among the allowed if only this household counted, from 1; None when barred.
    points : float
        For this household: staying, speed, stability; a thousand is one expected stayer.
    by_term : mapping of str to float
        Its parts.
    dispersion : mapping of str to float
        What it does to dispersion, by term; below 0 where it costs.
    cost : mapping of str to float
        What the places it uses are worth to the rest, by rule.
    stay, stay_low, stay_high : float
        Mean probability that the members stay, with a 95 % interval; None for its ends when the
        probability is an operator's own.
    open_places : int
        Persons who can come, the least of this year's places and those at present.
    left : int or None
        Of these, left by the others of tonight's plan; None when no plan is given.
    earliest : date
        First workable day.
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
        """Points for everyone's good: own points and dispersion minus the cost to others."""
        return self.points + sum(self.dispersion.values()) - sum(self.cost.values())


@dataclass(frozen=True, slots=True)
class Displaced:
    """Households of the plan that stand in the way.

    Parameters
    ----------
    one_of : tuple of str
        Those of whom any one would make room by leaving; empty when several must leave.
    """

    one_of: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Ranking:
    """All municipalities for one household, best first.

    Parameters
    ----------
    columns : RankingColumns
        What the options show; options are made of it when they are asked for.
    plan : Taken or None
        Tonight's plan; None without one.
    """

    columns: RankingColumns
    plan: Taken | None

    def __iter__(self) -> Iterator[Option]:
        return iter(self.options)

    def __len__(self) -> int:
        return len(self.columns.order)

    @property
    def verdicts(self) -> Verdicts:
        """What every rule says of the household."""
        return self.columns.verdicts

    @property
    def household(self) -> str:
        """Identifier of the placing unit."""
        return str(self._problem.households.id[self._unit])

    @property
    def priced(self) -> bool:
        """Whether prices from a plan were used; without them a place costs others nothing."""
        return self.columns.priced

    @property
    def choice(self) -> Choice | None:
        """Tonight's plan, this household included; None without one."""
        return None if self.plan is None else self.plan.choice

    @property
    def planned(self) -> str | None:
        """Municipality number of tonight's plan; None when unplaced or without a plan."""
        if self.choice is None or self.choice[self._unit] == UNPLACED:
            return None
        return str(self._problem.municipalities.number[self.choice[self._unit]])

    @cached_property
    def options(self) -> tuple[Option, ...]:
        """Allowed ones by points for everyone's good, then the others by how few rules bar them."""
        return tuple(self._option(int(row)) for row in self.columns.order)

    @property
    def allowed(self) -> tuple[Option, ...]:
        """The options that every rule allows."""
        return self.best(len(self))

    def best(self, count: int) -> tuple[Option, ...]:
        """Give the first options that every rule allows, so many at the most."""
        rows = self.columns.order[: min(count, int(self.verdicts.open.sum()))]
        return tuple(self._option(int(row)) for row in rows)

    def option(self, municipality: str) -> Option:
        """Give the option of one municipality.

        Raises
        ------
        UnknownMunicipalityError
            When there is no such municipality.
        """
        return self._option(self._problem.municipality(municipality))

    def broken(self, option: Option) -> tuple[Verdict, ...]:
        """Every rule that bars an option, with the facts."""
        return self.verdicts.of(self._row(option))

    def cautions(self, option: Option) -> tuple[Verdict, ...]:
        """What is not known that the option's being allowed rests on."""
        return self.verdicts.cautions(self._row(option))

    def reasons(self, option: Option) -> Mapping[str, Reason]:
        """What the points of each term rest on."""
        row, m = self._row(option), self._problem.municipalities
        selection = self._problem.selection
        terms = [*(t for t in selection.terms if t.level == 2), *selection.spread_terms]
        return {t.id: t.reason(self.verdicts.one, m, 0, row) for t in terms}

    @cached_property
    def others(self) -> Choice:
        """Tonight's plan without this household; no one placed when there is no plan."""
        others = self._taken.choice.copy()
        others[self._unit] = UNPLACED
        return others

    @cached_property
    def room(self) -> Room:
        """What the others of tonight's plan leave of every resource."""
        return self._taken.room_beside(self._unit)

    @cached_property
    def lacking(self) -> Lacking:
        """What the household would need beside that."""
        return self.room.lacking(self._unit)

    @cached_property
    def fits_beside(self) -> BoolArray:
        """Municipalities with room beside the others of tonight's plan, shape (municipalities,)."""
        # A policy without limits gives one answer for all.
        return np.broadcast_to(self.room.fits(self._unit), self.verdicts.open.shape)

    def displaced(self, option: Option) -> Displaced | None:
        """Who of tonight's plan would have to make way; None when there is room."""
        row = self._row(option)
        if self.fits_beside[row] or not self.verdicts.open[row]:
            return None
        there = self._taken.others_in(row, self._unit)
        enough = there[self.lacking.makes_way(there, row)]
        return Displaced(self._taken.names(enough))

    def to_frame(self) -> "pd.DataFrame":
        """Give the options as a data frame, one row a municipality, terms as columns."""
        import pandas as pd  # noqa: PLC0415  # Takes longer to load than all that ranking needs.

        return pd.DataFrame([_flat(o, self.broken(o)) for o in self.options])

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
        return self.verdicts.problem

    @property
    def _unit(self) -> int:
        return self.verdicts.unit

    @cached_property
    def _taken(self) -> Taken:
        return Taken.nothing(self._problem) if self.plan is None else self.plan

    def _row(self, option: Option) -> int:
        return self._problem.municipality(option.municipality)

    def _option(self, j: int) -> Option:
        c, m = self.columns, self._problem.municipalities
        allowed, known = bool(self.verdicts.open[j]), bool(c.with_interval[j])
        return Option(
            municipality=str(m.number[j]),
            name=str(m.name[j]),
            county=str(m.county[j]),
            allowed=allowed,
            rank=int(c.place[j]),
            own_rank=int(c.own_rank[j]) if allowed else None,
            points=float(c.points[j]),
            by_term={k: float(v[j]) for k, v in c.by_term.items()},
            dispersion={k: float(v[j]) for k, v in c.dispersion.items()},
            cost={k: float(v[j]) for k, v in c.cost.items()},
            stay=float(c.stay[j]),
            stay_low=float(c.stay_low[j]) if known else None,
            stay_high=float(c.stay_high[j]) if known else None,
            open_places=int(c.open_places[j]),
            left=None if c.left is None else int(c.left[j]),
            earliest=self._problem.tables.today + timedelta(days=int(c.days[j])),
        )


def _flat(option: Option, broken: tuple[Verdict, ...]) -> dict[str, object]:
    plain = (
        "rank", "municipality", "name", "county", "allowed", "net", "points", "own_rank", "stay",
        "stay_low", "stay_high", "open_places", "left", "earliest",
    )  # fmt: skip
    row: dict[str, object] = {name: getattr(option, name) for name in plain}
    row |= {f"points.{k}": v for k, v in {**option.by_term, **option.dispersion}.items()}
    row |= {f"cost.{k}": v for k, v in option.cost.items()}
    return row | {"broken": ";".join(v.rule for v in broken)}
