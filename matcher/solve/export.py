"""The program as an LP or MPS file, for auditors and other solvers."""

from pathlib import Path

from matcher.problem import Problem
from matcher.solve.classes import Classes
from matcher.solve.columns import Columns
from matcher.solve.greedy import first_plan
from matcher.solve.highs import level_model
from matcher.solve.levels import Hold, Question
from matcher.solve.result import Progress, Stop
from matcher.solve.through_pulp import write


def write_model(problem: Problem, path: Path) -> None:
    """Write level 2, with level 1 held at what placing by waiting time reaches.

    Raises
    ------
    BackendError
        When the path ends neither in ``.lp`` nor in ``.mps``.
    """
    program = problem.program
    start = first_plan(program)
    hold = Hold.of(program, start)
    question = Question(Columns.of(Classes.of(program)), 2, hold, start, Stop(), 0, _silent)
    write(level_model(question), path)


def _silent(_: Progress) -> None:
    pass
