"""From rules and terms to the program; knows the four shapes and nothing of any rule."""

from collections.abc import Iterable, Mapping

import numpy as np

from matcher.policy import Selection
from matcher.program import PER_POINT, Program, Resource, Spread
from matcher.shapes import NO_LIMIT, Budget, SpreadTerm, Term
from matcher.tables import BoolArray, FloatArray, IntArray, Tables

LEVELS = (1, 2)


def lower(
    tables: Tables, selection: Selection, resources: tuple[Resource, ...],
    spreads: tuple[Spread, ...],
) -> Program:  # fmt: skip
    """Build the program of an instance; what is limited and dispersed has been lowered before."""
    h, m = tables.households, tables.municipalities
    return Program(
        allowed=_all((r.allowed(h, m) for r in selection.pair_rules), (len(h), len(m))),
        fits=_all((b.fits(h, m) for b in selection.budgets), (len(h), len(m))),
        terms={level: lower_terms(tables, selection, level) for level in LEVELS},
        resources=resources,
        spreads=spreads,
        size=h.size,
        waited=h.days_waited,
    )


def lower_terms(tables: Tables, selection: Selection, level: int) -> Mapping[str, IntArray]:
    """Values of pairs at a level, by term."""
    return {t.id: _term(t, tables) for t in selection.terms if t.level == level}


def lower_resources(tables: Tables, selection: Selection) -> tuple[Resource, ...]:
    """What is limited: of units and municipalities, never of pairs."""
    return tuple(_resource(b, tables) for b in selection.budgets)


def lower_spreads(tables: Tables, selection: Selection) -> tuple[Spread, ...]:
    """What is dispersed: of units and municipalities, never of pairs."""
    return tuple(_spread(s, tables) for s in selection.spread_terms)


def thousandths(points: FloatArray) -> IntArray:
    """Round points to the integer steps of the program."""
    out = np.zeros(points.shape, dtype=np.int64)
    # Many a term concerns few units; the zeros of the others take neither time nor memory.
    some = points.any(axis=tuple(range(1, points.ndim)))
    out[some] = np.rint(points[some] * PER_POINT)
    return out


def _all(masks: Iterable[BoolArray], shape: tuple[int, int]) -> BoolArray:
    out = np.ones(shape, dtype=np.bool_)
    for mask in masks:
        out &= mask
    return out


def _term(term: Term, tables: Tables) -> IntArray:
    return thousandths(term.points(tables.households, tables.municipalities))


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
