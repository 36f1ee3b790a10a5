"""Questions of a level, and their bounds with and without cuts."""

import numpy as np

from matcher import StopCriteria
from matcher.solve.columns import PairColumns
from matcher.solve.level_problem import Level1Hold, LevelProblem
from matcher.solve.params.lp_params import CutParams
from matcher.solve.params.solver_params import PricedParams, SolverParams
from matcher.solve.priced.cut_loop import tighten_with_cuts
from matcher.solve.priced.lagrangian import Relaxation
from matcher.solve.priced.relaxation import solve_level_relaxation
from matcher.solve.unit_classes import UnitClasses


def build_question(program, choice, level, params=None):
    """A level's question, with what the choice places held at level 2."""
    hold = Level1Hold.of(program, choice) if level == 2 else Level1Hold.none(program)
    classes = (
        UnitClasses.of(program, hold.required_units) if level == 2 else UnitClasses.of(program)
    )
    return LevelProblem(
        PairColumns.of(classes),
        level,
        hold,
        choice,
        StopCriteria(60, 0),
        0,
        lambda _: None,
        params=params or SolverParams(),
    )


def bounds(program, choice, level, cuts=None):
    """The relaxation of a level, and with cuts, as far as they go."""
    params = SolverParams(priced=PricedParams(cuts=cuts or CutParams()))
    question = build_question(program, choice, level, params)
    relaxed = solve_level_relaxation(question, 60)
    return question, relaxed, tighten_with_cuts(question, relaxed, -np.inf, 60)


def upper_bound(question, found: Relaxation, choice):
    """What a choice can be worth by a bound and the reduced values of its pairs."""
    amounts = question.columns.classes.amounts(choice)
    lost = found.reduced_values[amounts > 0] @ amounts[amounts > 0]
    return found.bound + 1000 * lost
