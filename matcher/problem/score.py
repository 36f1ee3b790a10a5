"""Score a choice: the only definition of an allowed plan and of its value.

Every result is scored again from its placements alone, whatever the solver claims.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import total_ordering

import numpy as np

from matcher.domain.tables.array_types import IntArray
from matcher.problem.program import (
    STEPS_PER_POINT,
    UNPLACED,
    Choice,
    Program,
    Resource,
    Spread,
    sum_use,
)


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """A hard rule that a choice breaks, and for which unit or which group of municipalities."""

    rule: str
    unit: int | None = None
    group: int | None = None


@total_ordering
@dataclass(frozen=True, slots=True)
class Score:
    """The value of a plan: fewest broken rules, then level 1 (places), then level 2 (points).

    Parameters
    ----------
    broken_rules : tuple of BrokenRule
        Hard rules that do not hold; a plan with any is not valid.
    placed, unplaced : int
        Persons.
    weight : int
        Level 1 in thousandths: weighted persons placed.
    value : int
        Level 2 in thousandths of a point.
    terms : mapping of str to int
        Parts of level 2 by term, in thousandths; their sum is ``value``.
    """

    broken_rules: tuple[BrokenRule, ...]
    placed: int
    unplaced: int
    weight: int
    value: int
    terms: Mapping[str, int]

    @property
    def points(self) -> float:
        """Level 2 in points; a thousand points are one expected stayer."""
        return self.value / STEPS_PER_POINT

    @property
    def _key(self) -> tuple[int, int, int]:
        return -len(self.broken_rules), self.weight, self.value

    def __lt__(self, other: "Score") -> bool:
        return self._key < other._key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Score) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


def score(program: Program, choice: Choice) -> Score:
    """Score a choice.

    Parameters
    ----------
    program : Program
    choice : int array, shape (units,)
        Row of the municipality of each unit, ``UNPLACED`` for none.

    Raises
    ------
    ValueError
        When the choice has another shape or points outside the municipalities.
    """
    units, municipalities = program.shape
    choice = np.asarray(choice)
    if choice.shape != (units,) or not ((choice >= UNPLACED) & (choice < municipalities)).all():
        raise ValueError(f"a choice has {units} rows, each from {UNPLACED} to {municipalities - 1}")
    placed = np.flatnonzero(choice != UNPLACED)
    terms = {name: _sum(v, placed, choice) for name, v in program.terms[2].items()}
    terms |= {s.id: -_cost(s, choice) for s in program.spreads}
    persons = int(program.size[placed].sum())
    return Score(
        broken_rules=_broken(program, placed, choice),
        placed=persons,
        unplaced=int(program.size.sum()) - persons,
        weight=int(program.weight[placed].sum()),
        value=sum(terms.values()),
        terms=terms,
    )


def _sum(values: IntArray, placed: IntArray, choice: Choice) -> int:
    if not len(placed):
        return 0
    column = choice[placed] if values.shape[1] > 1 else 0
    row = placed if values.shape[0] > 1 else 0
    return int(np.broadcast_to(values[row, column], placed.shape).sum(dtype=np.int64))


def _cost(spread: Spread, choice: Choice) -> int:
    return int(spread.cost(sum_use(spread, choice, len(spread.base))).sum())


def _broken(program: Program, placed: IntArray, choice: Choice) -> tuple[BrokenRule, ...]:
    barred = placed[~program.allowed[placed, choice[placed]]]
    pairs = [BrokenRule("pair", unit=int(unit)) for unit in barred]
    return (*pairs, *(b for r in program.resources for b in _exceeded(r, choice)))


def _exceeded(resource: Resource, choice: Choice) -> list[BrokenRule]:
    exceeded = sum_use(resource, choice, len(resource.limit)) > resource.limit
    return [BrokenRule(resource.id, group=int(g)) for g in np.flatnonzero(exceeded.any(axis=1))]
