"""Lower rules and terms to the program; depends on their four types, never on a single rule."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from matcher.domain.errors import PolicyError
from matcher.domain.tables.array_types import BoolArray, FloatArray, IntArray
from matcher.domain.tables.build import Tables
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.policy import SelectedRules
from matcher.policy.rule_types import NO_LIMIT, Budget, PairRule, SpreadTerm, Term
from matcher.problem.program import (
    STEPS_PER_POINT,
    Program,
    Resource,
    Spread,
    row_blocks,
    write_rows,
)

LEVELS = (1, 2)
LARGEST_VALUE = 2.0**53
"""Bound of a pair's value in thousandths: larger floats do not represent every integer."""


def lower_program(
    tables: Tables,
    selection: SelectedRules,
    resources: tuple[Resource, ...],
    spreads: tuple[Spread, ...],
) -> Program:
    """Build the program of an instance, with budgets and spread terms that are lowered already."""
    h, m = tables.households, tables.municipalities
    return Program(
        allowed=_allowed(tables, selection.pair_rules),
        fits=_conjunction((b.fits(h, m) for b in selection.budgets), (len(h), len(m))),
        terms={level: lower_terms(tables, selection, level) for level in LEVELS},
        resources=resources,
        spreads=spreads,
        size=h.size,
        days_waited=h.days_waited,
    )


def lower_terms(tables: Tables, selection: SelectedRules, level: int) -> Mapping[str, IntArray]:
    """Build the values of pairs at a level, by term.

    Raises
    ------
    PolicyError
        When the points of a term are too large, or not a number.
    """
    terms = [t for t in selection.terms if t.level == level]
    out: dict[str, IntArray] = {}
    for rows, block in _in_blocks(tables.households):
        for term in terms:
            values = term_values(term, block, tables.municipalities)
            if term.id not in out:
                count = len(tables.households) if len(values) == len(block) else len(values)
                out[term.id] = np.zeros((count, values.shape[1]), dtype=np.int32)
            by_unit = len(out[term.id]) == len(tables.households)
            out[term.id] = write_rows(out[term.id], rows if by_unit else slice(None), values)
    return out


def term_values(term: Term, h: HouseholdTable, m: MunicipalityTable) -> IntArray:
    """Build a term's values in thousandths, broadcastable to (units, municipalities).

    Raises
    ------
    PolicyError
        When the points of the term are too large, or not a number.
    """
    points = term.points(h, m)
    largest = np.abs(points).max(initial=0.0)
    if not largest * STEPS_PER_POINT < LARGEST_VALUE:
        raise PolicyError(
            f"the term {term.id!r} makes a pair worth {largest:g} points; "
            f"give it rates at which that is a number below {LARGEST_VALUE / STEPS_PER_POINT:g}"
        )
    return to_thousandths(points)


def lower_resources(tables: Tables, selection: SelectedRules) -> tuple[Resource, ...]:
    """Build the resources from the budgets, without computing any pair."""
    return tuple(_resource(b, tables) for b in selection.budgets)


def lower_spreads(tables: Tables, selection: SelectedRules) -> tuple[Spread, ...]:
    """Build the spreads from the spread terms, without computing any pair."""
    return tuple(_spread(s, tables) for s in selection.spread_terms)


def to_thousandths(points: FloatArray) -> IntArray:
    """Convert points to thousandths, the integer steps of the program."""
    return np.rint(points * STEPS_PER_POINT).astype(np.int64)


def _in_blocks(h: HouseholdTable) -> Iterator[tuple[slice, HouseholdTable]]:
    """Rows and tables of blocks of units: computing the values of pairs takes much memory."""
    slices = list(row_blocks(len(h)))
    if len(slices) <= 1:
        return iter([(slice(0, len(h)), h)])
    return ((rows, h.take(np.arange(rows.start, rows.stop))) for rows in slices)


def _allowed(tables: Tables, rules: Sequence[PairRule]) -> BoolArray:
    out = np.ones((len(tables.households), len(tables.municipalities)), dtype=np.bool_)
    for rows, block in _in_blocks(tables.households):
        for rule in rules:
            out[rows] &= rule.allowed(block, tables.municipalities)
    return out


def _conjunction(masks: Iterable[BoolArray], shape: tuple[int, int]) -> BoolArray:
    out = np.ones(shape, dtype=np.bool_)
    for mask in masks:
        out &= mask
    return out


def _resource(budget: Budget, tables: Tables) -> Resource:
    h, m = tables.households, tables.municipalities
    limit = budget.limit(h, m)
    use = budget.use(h, m)
    can_bind = limit < np.minimum(use.sum(axis=0), NO_LIMIT)[None, :]
    layers = np.flatnonzero(can_bind.any(axis=0))
    return Resource(budget.id, use[:, layers], budget.group(m), limit[:, layers], layers)


def _spread(term: SpreadTerm, tables: Tables) -> Spread:
    h, m = tables.households, tables.municipalities
    cost, use = term.cost(h, m), term.use(h, m)
    used = np.flatnonzero(use.any(axis=0))
    return Spread(
        term.id,
        use[:, used],
        term.group(m),
        to_thousandths(cost.base[:, used]),
        to_thousandths(cost.slope[:, used]),
        cost.breakpoint[:, used],
        to_thousandths(cost.step[:, used]),
        used,
    )
