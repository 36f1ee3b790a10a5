"""Find what is wrong with a run: cells without a plan, and contradictions between backends."""

from collections.abc import Iterable, Sequence
from itertools import groupby, permutations

from benchmarks.row import FAILED_OUTCOMES, Row

RELATIVE, ABSOLUTE = 1e-6, 0.01
"""How far a value may be above a bound, since solvers compute with tolerances."""


def find_failures(rows: Sequence[Row]) -> list[str]:
    """List what is wrong, one sentence each; empty when nothing is."""
    return [*_without_plan(rows), *_contradictions(rows)]


def _without_plan(rows: Iterable[Row]) -> list[str]:
    return [
        f"{row.label}: {row.outcome}: {row.message}"
        for row in rows
        if row.outcome in FAILED_OUTCOMES
    ]


def _contradictions(rows: Sequence[Row]) -> list[str]:
    """List the plans that are worth more than another backend's bound.

    If two backends proved their plans to a gap and their values differ by more than that gap, the
    list has an entry for them: the better plan is above the bound of the other backend.
    """
    cells = sorted(rows, key=_cell)
    pairs = (pair for _, group in groupby(cells, _cell) for pair in permutations(group, 2))
    return [sentence for plan, claim in pairs for sentence in _contradiction(plan, claim)]


def _cell(row: Row) -> tuple[str, int]:
    return row.case, row.seed


def _contradiction(plan: Row, claim: Row) -> Iterable[str]:
    if _above(plan.value_1, claim.bound_1):
        yield _sentence(plan, claim, 1, plan.value_1, claim.bound_1)
    # A bound on level 2 holds only for plans with the same value at level 1.
    same = plan.value_1 is not None and plan.value_1 == claim.value_1
    if same and _above(plan.value_2, claim.bound_2):
        yield _sentence(plan, claim, 2, plan.value_2, claim.bound_2)


def _above(value: float | None, bound: float | None) -> bool:
    if value is None or bound is None:
        return False
    return value > bound + RELATIVE * abs(bound) + ABSOLUTE


def _sentence(plan: Row, claim: Row, level: int, value: float | None, bound: float | None) -> str:
    return (
        f"{plan.case} seed {plan.seed}: {plan.backend} has a plan worth {value:.3f} at level "
        f"{level}, but {claim.backend} says that {bound:.3f} is the most"
    )
