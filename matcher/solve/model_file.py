"""Write the program as an LP or MPS file, for auditors and other solvers."""

from pathlib import Path

from matcher.problem.problem import Problem
from matcher.problem.program import Choice
from matcher.solve.backends.cbc import write_model_file
from matcher.solve.columns import PairColumns
from matcher.solve.lexicographic import Level1Hold, LevelProblem
from matcher.solve.mip_model import build_level_model
from matcher.solve.result import StopCriteria, ignore_progress
from matcher.solve.unit_classes import UnitClasses

MODEL_FILE_SUFFIXES = (".lp", ".mps")
"""Suffixes of the files that a model can be written to."""


def write_model(problem: Problem, choice: Choice, path: Path) -> None:
    """Write level 2 as it was solved, with level 1 held at the value of a plan.

    Parameters
    ----------
    problem : Problem
    choice : int array, shape (units,)
        A plan that keeps all rules.
    path : Path
        Ends in ``.lp`` or ``.mps``.

    Raises
    ------
    BackendError
        When the path ends in something else.
    """
    program = problem.program
    hold = Level1Hold.of(program, choice)
    columns = PairColumns.of(UnitClasses.of(program, hold.required_units))
    question = LevelProblem(columns, 2, hold, choice, StopCriteria(), 0, ignore_progress)
    write_model_file(build_level_model(question), path)
