"""One household against all municipalities: the best first, with reasons and prices."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pandas as pd

from matcher.problem import Problem
from matcher.program import PER_POINT, UNPLACED, Choice
from matcher.shapes import Reason
from matcher.solve.greedy import Room
from matcher.solve.prices import Prices, charged_for
from matcher.stay import StayModel
from matcher.tables import FloatArray, IntArray, earliest_days
from matcher.verdicts import Verdict, Verdicts


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
    own_rank : int
        Place if only this household counted, from 1.
    points : float
        For this household: staying, speed, stability; a thousand is one expected stayer.
    by_term : mapping of str to float
        Its parts.
    dispersion : mapping of str to float
        What it does to dispersion, by term; below 0 where it costs.
    cost : mapping of str to float
        What the places it uses are worth to the rest, by rule.
    stay, stay_low, stay_high : float
        Mean probability that the members stay, with a 95 % interval.
    open_places : int
        Persons, decided minus settled minus promised.
    left : int or None
        Of these, left by tonight's plan; None when no plan is given.
    earliest : date
        First workable day.
    """

    municipality: str
    name: str
    county: str
    allowed: bool
    rank: int
    own_rank: int
    points: float
    by_term: Mapping[str, float]
    dispersion: Mapping[str, float]
    cost: Mapping[str, float]
    stay: float
    stay_low: float
    stay_high: float
    open_places: int
    left: int | None
    earliest: date

    @property
    def net(self) -> float:
        """Points for everyone's good: own points and dispersion minus the cost to others."""
        return self.points + sum(self.dispersion.values()) - sum(self.cost.values())


@dataclass(frozen=True, eq=False)
class Ranking:
    """All municipalities for one household, best first.

    Parameters
    ----------
    household : str
        Identifier of the placing unit.
    options : tuple of Option
        Allowed ones by points for everyone's good, then the others by how few rules bar them.
    priced : bool
        Whether prices from a plan were used; without them a place costs others nothing.
    planned : str or None
        Municipality number of tonight's plan; None when unplaced or without a plan.
    """

    household: str
    options: tuple[Option, ...]
    priced: bool
    planned: str | None
    verdicts: Verdicts
    choice: Choice | None

    def __iter__(self) -> Iterator[Option]:
        return iter(self.options)

    def __len__(self) -> int:
        return len(self.options)

    @property
    def allowed(self) -> tuple[Option, ...]:
        """The options that every rule allows."""
        return tuple(o for o in self.options if o.allowed)

    def option(self, municipality: str) -> Option:
        """Give the option of one municipality."""
        return self._by_number[municipality]

    @cached_property
    def _by_number(self) -> Mapping[str, Option]:
        return {o.municipality: o for o in self.options}

    def broken(self, option: Option) -> tuple[Verdict, ...]:
        """Every rule that bars an option, with the facts."""
        return self.verdicts.of(self._row(option))

    def cautions(self, option: Option) -> tuple[Verdict, ...]:
        """What is not known that the option's being allowed rests on."""
        return self.verdicts.cautions(self._row(option))

    def reasons(self, option: Option) -> Mapping[str, Reason]:
        """What the points of each term rest on."""
        problem, row = self.verdicts.problem, self._row(option)
        selection = problem.selection
        terms = [*(t for t in selection.terms if t.level == 2), *selection.spread_terms]
        m = problem.municipalities
        return {t.id: t.reason(self.verdicts.one, m, 0, row) for t in terms}

    def displaced(self, option: Option) -> tuple[str, ...]:
        """Households of tonight's plan that are there and leave too little room for this one."""
        if self.choice is None:
            return ()
        problem, row = self.verdicts.problem, self._row(option)
        others = self.choice.copy()
        others[self.verdicts.unit] = UNPLACED
        if _room(problem, others).fits(self.verdicts.unit)[row]:
            return ()
        return tuple(str(problem.households.id[i]) for i in np.flatnonzero(others == row))

    def to_frame(self) -> pd.DataFrame:
        """Give the options as a data frame, one row a municipality, terms as columns."""
        return pd.DataFrame([_flat(o, self.broken(o)) for o in self.options])

    def __str__(self) -> str:
        head = f"{self.household}: {len(self.allowed)} of {len(self)} municipalities allowed"
        rows = (
            f"{o.rank:>4} {o.name:<22} {o.net:>9.0f} {o.points:>9.0f} "
            f"{100 * o.stay:>4.0f} % {o.open_places:>5}  {o.earliest}"
            for o in self.allowed[:10]
        )
        columns = f"{'':>4} {'municipality':<22} {'net':>9} {'points':>9} {'stay':>6} {'open':>5}"
        return "\n".join([head, f"{columns}  earliest", *rows])

    def _row(self, option: Option) -> int:
        return self.verdicts.problem.municipality(option.municipality)


def rank(
    problem: Problem, household: str, prices: Prices | None = None, choice: Choice | None = None
) -> Ranking:
    """Rank all municipalities for one household.

    Parameters
    ----------
    problem : Problem
    household : str
        Identifier; linked households are ranked together.
    prices : Prices or None
        What places are worth to the rest, from the last plan.
    choice : int array, shape (units,), or None
        The last plan, to tell what is left beside it.

    Raises
    ------
    UnknownHouseholdError
        When the household is not in the queue.
    """
    unit = problem.unit(household)
    verdicts = Verdicts(problem, unit)
    columns = _Columns.of(problem, unit, prices, choice)
    barred = np.sum([~row for row in verdicts.allowed.values()], axis=0)
    # Prices leave many options equal for everyone's good; the household's own points decide then.
    order = np.lexsort((-columns.points, -np.rint(columns.net), barred))
    options = tuple(
        columns.option(int(j), place, bool(verdicts.open[j])) for place, j in enumerate(order, 1)
    )
    planned = None if choice is None or choice[unit] == UNPLACED else int(choice[unit])
    return Ranking(
        str(problem.households.id[unit]),
        options,
        prices is not None,
        None if planned is None else str(problem.municipalities.number[planned]),
        verdicts,
        choice,
    )


@dataclass(frozen=True, eq=False)
class _Columns:
    """What the options show, as arrays of shape (municipalities,)."""

    problem: Problem
    by_term: Mapping[str, FloatArray]
    dispersion: Mapping[str, FloatArray]
    cost: Mapping[str, FloatArray]
    stay: tuple[FloatArray, FloatArray, FloatArray]
    days: IntArray
    left: IntArray | None

    @classmethod
    def of(
        cls, problem: Problem, unit: int, prices: Prices | None, choice: Choice | None
    ) -> "_Columns":
        program, m = problem.program, problem.municipalities
        one = problem.households.take([unit])
        predicted = stay_model(problem).predict(one, m)
        terms = {k: _row(v, unit, len(m)) / PER_POINT for k, v in program.terms[2].items()}
        return cls(
            problem,
            terms,
            _dispersion(problem, unit, prices),
            {} if prices is None else _cost(problem, unit, prices),
            (predicted.probability[0], predicted.low[0], predicted.high[0]),
            earliest_days(one, m)[0],
            _left(problem, unit, choice),
        )

    @cached_property
    def points(self) -> FloatArray:
        return np.asarray(sum(self.by_term.values(), start=np.zeros(len(self.days))))

    @cached_property
    def net(self) -> FloatArray:
        spread = sum(self.dispersion.values(), start=np.zeros(len(self.days)))
        return np.asarray(self.points + spread - sum(self.cost.values()))

    @cached_property
    def own_rank(self) -> IntArray:
        place = np.empty(len(self.days), dtype=np.int64)
        place[np.argsort(-self.points, kind="stable")] = np.arange(1, len(self.days) + 1)
        return place

    def option(self, j: int, place: int, allowed: bool) -> Option:
        m = self.problem.municipalities
        return Option(
            municipality=str(m.number[j]),
            name=str(m.name[j]),
            county=str(m.county[j]),
            allowed=allowed,
            rank=place,
            own_rank=int(self.own_rank[j]),
            points=float(self.points[j]),
            by_term={k: float(v[j]) for k, v in self.by_term.items()},
            dispersion={k: float(v[j]) for k, v in self.dispersion.items()},
            cost={k: float(v[j]) for k, v in self.cost.items()},
            stay=float(self.stay[0][j]),
            stay_low=float(self.stay[1][j]),
            stay_high=float(self.stay[2][j]),
            open_places=int(m.open[j]),
            left=None if self.left is None else int(self.left[j]),
            earliest=self.problem.tables.today + timedelta(days=int(self.days[j])),
        )


def stay_model(problem: Problem) -> StayModel:
    """Give the migration model of the policy's stay term, the default one when it is off."""
    for term in problem.selection.terms:
        model = getattr(term, "model", None)
        if isinstance(model, StayModel):
            return model
    return StayModel()


def _row(values: IntArray, unit: int, width: int) -> FloatArray:
    row = values[unit if values.shape[0] > 1 else 0]
    return np.broadcast_to(row, (width,)).astype(np.float64)


def _dispersion(problem: Problem, unit: int, prices: Prices | None) -> Mapping[str, FloatArray]:
    """Points for dispersion by term: at the plan's prices, else as if no one were placed yet."""
    spreads = problem.program.spreads
    at = (
        prices.spreads
        if prices is not None
        else [s.slope_at(np.zeros_like(s.base)) / PER_POINT for s in spreads]
    )
    return {s.id: -charged_for(s.use[unit], s, p) for s, p in zip(spreads, at, strict=True)}


def _cost(problem: Problem, unit: int, prices: Prices) -> Mapping[str, FloatArray]:
    resources = problem.program.resources
    return {
        r.id: charged_for(r.use[unit], r, p)
        for r, p in zip(resources, prices.resources, strict=True)
    }


def _left(problem: Problem, unit: int, choice: Choice | None) -> IntArray | None:
    if choice is None:
        return None
    m, size = problem.municipalities, problem.households.size
    placed = choice != UNPLACED
    placed[unit] = False
    taken = np.bincount(choice[placed], weights=size[placed], minlength=len(m))
    return np.asarray(m.open - taken.astype(np.int64))


def _room(problem: Problem, choice: Choice) -> Room:
    room = Room.of(problem.program)
    for unit in np.flatnonzero(choice != UNPLACED):
        room.use(int(unit), int(choice[unit]))
    return room


def _flat(option: Option, broken: tuple[Verdict, ...]) -> dict[str, object]:
    plain = (
        "rank", "municipality", "name", "county", "allowed", "net", "points", "own_rank", "stay",
        "stay_low", "stay_high", "open_places", "left", "earliest",
    )  # fmt: skip
    row: dict[str, object] = {name: getattr(option, name) for name in plain}
    row |= {f"points.{k}": v for k, v in {**option.by_term, **option.dispersion}.items()}
    row |= {f"cost.{k}": v for k, v in option.cost.items()}
    return row | {"broken": ";".join(v.rule for v in broken)}
