"""Write the program as an LP or MPS file, for auditors and other solvers."""

from pathlib import Path

from matcher.domain.errors import BackendError
from matcher.problem.problem import Problem
from matcher.problem.program import Choice

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
        Ends in ``.lp`` or ``.mps``, which says what is written.

    Raises
    ------
    BackendError
        When the path ends in something else.
    """
    if path.suffix not in MODEL_FILE_SUFFIXES:
        raise BackendError(
            f"{path} ends in {path.suffix!r}; name a file that ends in "
            f"{' or '.join(MODEL_FILE_SUFFIXES)}"
        )
    # PuLP takes a second to load, and most commands write no model.
    from matcher.solve.backends.pulp_model import write_lp_file, write_mps_file  # noqa: PLC0415
    from matcher.solve.level_model import build_held_level2_model  # noqa: PLC0415

    model = build_held_level2_model(problem.program, choice)
    if path.suffix == ".lp":
        write_lp_file(model, path)
    else:
        write_mps_file(model, path)
