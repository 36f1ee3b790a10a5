"""Restore units to where an earlier plan had them, unless that loses something.

A search that starts from an earlier plan improves it step by step. Some units end elsewhere only
because they made way for a step that a later one has undone. Here every unit that moved may go
back, alone or together with others, and an exact search over those two municipalities of each
says who does. What it costs to move is part of the objective, as a term of stability.
"""

from dataclasses import replace

import numpy as np

from matcher.domain.tables.array_types import IntArray
from matcher.problem.program import UNPLACED, Choice, Program
from matcher.problem.score import score
from matcher.solve.columns import PairColumns
from matcher.solve.level_problem import Level1Hold, LevelProblem
from matcher.solve.priced.subproblem import build_subproblem, subproblem_hold
from matcher.solve.stopping import ignore_progress
from matcher.solve.unit_classes import UnitClasses


def restore_places(
    level_problem: LevelProblem, choice: Choice, earlier: Choice, seconds: float
) -> Choice:
    """Return the best plan in which every unit that moved stays moved or is restored.

    Parameters
    ----------
    level_problem : LevelProblem
        Level 2; its hold on level 1 is kept.
    choice : int array, shape (units,)
        Keeps all rules and the hold.
    earlier : int array, shape (units,)
        Municipality of each unit in the earlier plan; ``UNPLACED`` for none. Units without one
        may move among the municipalities that the moved units have or had, to make room.
    seconds : float
        Time limit.

    Returns
    -------
    int array, shape (units,)
        A choice that keeps all rules and the hold, worth at least as much as ``choice``.
    """
    units = _involved(choice, earlier)
    if not len(units):
        return choice
    from matcher.solve.backends import highs  # noqa: PLC0415  # Loads HiGHS.

    program = level_problem.columns.program
    part = _restrict(build_subproblem(program, choice, units), choice[units], earlier[units])
    hold = subproblem_hold(level_problem, choice, units)
    question = replace(
        level_problem,
        columns=PairColumns.of(UnitClasses.of(part, hold.required_units)),
        hold=hold,
        start=choice[units],
        stop=replace(level_problem.stop, seconds=seconds, gap=0.0),
        progress=ignore_progress,
    )
    solution = highs.maximise(question)
    if solution.choice is None:
        return choice
    restored = choice.copy()
    restored[units] = solution.choice
    return max(restored, choice, key=lambda plan: score(program, plan).value)


def _involved(choice: Choice, earlier: Choice) -> IntArray:
    """Return the units that moved, and those without an earlier place where they have theirs."""
    moved = (earlier != UNPLACED) & (choice != earlier)
    there = np.union1d(choice[moved], earlier[moved])
    in_the_way = (earlier == UNPLACED) & (choice != UNPLACED) & np.isin(choice, there)
    return np.flatnonzero(moved | in_the_way)


def _restrict(part: Program, choice: Choice, earlier: Choice) -> Program:
    """Leave each unit its own two municipalities, or all of them where it had none before."""
    moved = earlier != UNPLACED
    rows = np.arange(len(choice))
    allowed = np.zeros_like(part.allowed)
    for municipality in (choice, earlier):
        placed = municipality != UNPLACED
        allowed[rows[placed], municipality[placed]] = True
    there = allowed[moved].any(axis=0)
    allowed[~moved] |= there[None, :]
    return replace(part, allowed=part.allowed & allowed)


def hold_level1(level_problem: LevelProblem, choice: Choice) -> LevelProblem:
    """Return level 2 of the same program with the level-1 value of another choice held."""
    program = level_problem.columns.program
    hold = Level1Hold.of(program, choice)
    columns = PairColumns.of(UnitClasses.of(program, hold.required_units))
    return replace(level_problem, columns=columns, level=2, hold=hold, start=choice)
