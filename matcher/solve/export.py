"""Write the program as an LP or MPS file, for auditors and other solvers."""

from pathlib import Path

from matcher.problem import Problem
from matcher.program import Choice
from matcher.solve.classes import Classes
from matcher.solve.columns import Columns
from matcher.solve.highs import level_model
from matcher.solve.levels import Hold, Question
from matcher.solve.result import Stop, silent
from matcher.solve.through_pulp import write

ENDINGS = (".lp", ".mps")
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
    hold = Hold.of(program, choice)
    columns = Columns.of(Classes.of(program, hold.units))
    question = Question(columns, 2, hold, choice, Stop(), 0, silent)
    write(level_model(question), path)
