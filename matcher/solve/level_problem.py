"""One level of a program to maximise: what an exact backend gets, and what it returns."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from matcher.domain.tables.array_types import BoolArray
from matcher.problem.prices import Prices
from matcher.problem.program import UNPLACED, Choice, Program
from matcher.solve.columns import PairColumns
from matcher.solve.params.solver_params import SolverParams
from matcher.solve.stopping import Progress, StopCriteria


@dataclass(frozen=True, eq=False)
class Level1Hold:
    """What level 2 must keep of level 1.

    Parameters
    ----------
    min_weight : int or None
        Level-1 value in thousandths to reach; None when ``required_units`` already implies it.
    required_units : bool array, shape (units,)
        Units that must be placed.
    """

    min_weight: int | None
    required_units: BoolArray

    @classmethod
    def none(cls, program: Program) -> "Level1Hold":
        """Return the empty hold, which level 1 itself is solved under."""
        return cls(None, np.zeros(program.shape[0], dtype=np.bool_))

    @classmethod
    def of(cls, program: Program, choice: Choice) -> "Level1Hold":
        """Hold the level-1 value of a choice; by unit if every unit with an open pair is placed."""
        weight = int(program.weight[choice != UNPLACED].sum())
        everyone = weight == weight_of_all_placeable(program)
        units = program.feasible_pairs.any(axis=1) & (program.weight > 0) & everyone
        return cls(None if everyone else weight, np.asarray(units))


@dataclass(frozen=True, eq=False)
class LevelProblem:
    """One level to maximise.

    Parameters
    ----------
    columns : PairColumns
    level : int
        1 or 2.
    hold : Level1Hold
        What level 2 must keep of level 1.
    start : int array, shape (units,)
        Start choice, which keeps all rules.
    stop : StopCriteria
    seed : int
    progress : callable
    prices : Prices or None
        Start prices, such as those of an earlier plan for almost the same problem.
    params : SolverParams
    """

    columns: PairColumns
    level: int
    hold: Level1Hold
    start: Choice
    stop: StopCriteria
    seed: int
    progress: Callable[[Progress], None]
    prices: Prices | None = None
    params: SolverParams = field(default_factory=SolverParams)


@dataclass(frozen=True, slots=True)
class LevelSolution:
    """Best choice of a level (None without one), its claimed value, a proven upper bound."""

    choice: Choice | None
    value: float | None
    bound: float | None


NO_SOLUTION = LevelSolution(None, None, None)
"""A level without a choice, a value or a bound."""


class LevelMaximiser(Protocol):
    """Solver of an exact backend: maximises one level of a program."""

    def __call__(self, level_problem: LevelProblem) -> LevelSolution:
        """Maximise the level, and return value and bound in thousandths."""
        ...


def weight_of_all_placeable(program: Program) -> int:
    """Return the level-1 value if every unit with an open pair were placed."""
    return int(program.weight[program.feasible_pairs.any(axis=1)].sum())
