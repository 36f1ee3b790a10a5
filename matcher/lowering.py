"""From rules and terms to the program; knows the four shapes and nothing of any rule."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from matcher.errors import PolicyError
from matcher.policy import Selection
from matcher.program import PER_POINT, Program, Resource, Spread, blocks, put
from matcher.shapes import NO_LIMIT, Budget, PairRule, SpreadTerm, Term
from matcher.tables import BoolArray, FloatArray, HouseholdTable, IntArray, Tables

LEVELS = (1, 2)
MOST = 2.0**53
"""Thousandths that a pair can be worth at the most: beyond, numbers skip whole steps."""


def lower(
    tables: Tables, selection: Selection, resources: tuple[Resource, ...],
    spreads: tuple[Spread, ...],
) -> Program:  # fmt: skip
    """Build the program of an instance; what is limited and dispersed has been lowered before."""
    h, m = tables.households, tables.municipalities
    return Program(
        allowed=_allowed(tables, selection.pair_rules),
        fits=_all((b.fits(h, m) for b in selection.budgets), (len(h), len(m))),
        terms={level: lower_terms(tables, selection, level) for level in LEVELS},
        resources=resources,
        spreads=spreads,
        size=h.size,
        waited=h.days_waited,
    )


def lower_terms(tables: Tables, selection: Selection, level: int) -> Mapping[str, IntArray]:
    """Values of pairs at a level, by term.

    Raises
    ------
    PolicyError
        When a term is worth more than can be counted, or no number.
    """
    terms = [t for t in selection.terms if t.level == level]
    out: dict[str, IntArray] = {}
    for rows, some in _in_blocks(tables.households):
        for term in terms:
            values = _steps(term, some, tables)
            if term.id not in out:
                count = len(tables.households) if len(values) == len(some) else len(values)
                out[term.id] = np.zeros((count, values.shape[1]), dtype=np.int32)
            own = len(out[term.id]) == len(tables.households)
            out[term.id] = put(out[term.id], rows if own else slice(None), values)
    return out


def lower_resources(tables: Tables, selection: Selection) -> tuple[Resource, ...]:
    """What is limited: of units and municipalities, never of pairs."""
    return tuple(_resource(b, tables) for b in selection.budgets)


def lower_spreads(tables: Tables, selection: Selection) -> tuple[Spread, ...]:
    """What is dispersed: of units and municipalities, never of pairs."""
    return tuple(_spread(s, tables) for s in selection.spread_terms)


def thousandths(points: FloatArray) -> IntArray:
    """Round points to the integer steps of the program."""
    return np.rint(points * PER_POINT).astype(np.int64)


def _in_blocks(h: HouseholdTable) -> Iterator[tuple[slice, HouseholdTable]]:
    """Some units at a time: what pairs are worth takes several times its size to work out."""
    every = list(blocks(len(h)))
    if len(every) <= 1:
        return iter([(slice(0, len(h)), h)])
    return ((rows, h.take(np.arange(rows.start, rows.stop))) for rows in every)


def _allowed(tables: Tables, rules: Sequence[PairRule]) -> BoolArray:
    out = np.ones((len(tables.households), len(tables.municipalities)), dtype=np.bool_)
    for rows, some in _in_blocks(tables.households):
        for rule in rules:
            out[rows] &= rule.allowed(some, tables.municipalities)
    return out


def _all(masks: Iterable[BoolArray], shape: tuple[int, int]) -> BoolArray:
    out = np.ones(shape, dtype=np.bool_)
    for mask in masks:
        out &= mask
    return out


def _steps(term: Term, h: HouseholdTable, tables: Tables) -> IntArray:
    """Values of some units' pairs, checked."""
    points = term.points(h, tables.municipalities)
    most = np.abs(points).max(initial=0.0)
    if not most * PER_POINT < MOST:
        raise PolicyError(
            f"the term {term.id!r} makes a pair worth {most:g} points; "
            f"give it rates at which that is a number below {MOST / PER_POINT:g}"
        )
    return thousandths(points)


def _resource(budget: Budget, tables: Tables) -> Resource:
    h, m = tables.households, tables.municipalities
    limit = budget.limit(h, m)
    use = budget.use(h, m)
    held = limit < np.minimum(use.sum(axis=0), NO_LIMIT)[None, :]
    layers = np.flatnonzero(held.any(axis=0))
    return Resource(budget.id, use[:, layers], budget.group(m), limit[:, layers], layers)


def _spread(term: SpreadTerm, tables: Tables) -> Spread:
    h, m = tables.households, tables.municipalities
    cost, use = term.cost(h, m), term.use(h, m)
    used = np.flatnonzero(use.any(axis=0))
    return Spread(
        term.id,
        use[:, used],
        term.group(m),
        thousandths(cost.base[:, used]),
        thousandths(cost.slope[:, used]),
        cost.breakpoint[:, used],
        thousandths(cost.step[:, used]),
        used,
    )
