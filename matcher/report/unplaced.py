"""Unplaced households and the rules that bar them from municipalities."""

import numpy as np
import pandas as pd

from matcher.domain.tables import BoolArray, IntArray
from matcher.problem.problem import Problem
from matcher.problem.program import UNPLACED
from matcher.report.household_rows import choice_or_unplaced
from matcher.solve import Result

PLACES_TAKEN = "taken"
"""Value of the column ``rule`` for places that went to other households."""


def unplaced_reasons(problem: Problem, result: Result) -> pd.DataFrame:
    """Count, for each unplaced unit, the municipalities that each rule bars.

    Parameters
    ----------
    problem : Problem
    result : Result
        Without a plan, every unit counts as unplaced.

    Returns
    -------
    pandas.DataFrame
        Columns ``unit`` (row in the tables), ``id``, ``rule`` and ``municipalities``. One row
        for each rule that bars the unit from a municipality, most municipalities first. When
        municipalities were open to the unit and their places went to other units, a row with
        rule ``"taken"`` that counts them comes first. Units come in the order of the queue.
    """
    rows = np.flatnonzero(choice_or_unplaced(problem, result) == UNPLACED)
    counts = {
        PLACES_TAKEN: problem.program.feasible_pairs[rows].sum(axis=1),
        **_barred(problem, rows),
    }
    wide = pd.DataFrame(counts, index=pd.Index(rows, name="unit"))
    long = wide.reset_index().melt("unit", var_name="rule", value_name="municipalities")
    long = long[long.municipalities > 0].assign(is_rule=lambda d: d.rule != PLACES_TAKEN)
    order = ["unit", "is_rule", "municipalities", "rule"]
    long = long.sort_values(order, ascending=[True, True, False, True], ignore_index=True)
    long["id"] = problem.households.id[long.unit.to_numpy(dtype=np.int64)].astype(object)
    return long[["unit", "id", "rule", "municipalities"]]


def _barred(problem: Problem, rows: IntArray) -> dict[str, IntArray]:
    """Count the municipalities that each rule bars, by rule; arrays of shape (units,)."""
    h, m = problem.households.take(rows), problem.municipalities
    allowed = {rule.id: rule.allowed(h, m) for rule in problem.selection.pair_rules}
    allowed |= {budget.id: budget.fits(h, m) for budget in problem.selection.budgets}
    return {rule: _count_barred(mask, (len(h), len(m))) for rule, mask in allowed.items()}


def _count_barred(mask: BoolArray, shape: tuple[int, int]) -> IntArray:
    return np.asarray((~np.broadcast_to(mask, shape)).sum(axis=1))
