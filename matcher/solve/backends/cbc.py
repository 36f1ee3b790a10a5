"""PuLP: the backend CBC, and LP and MPS files for auditors and other solvers."""

import re
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pulp

from matcher.domain.tables import FloatArray
from matcher.errors import BackendError
from matcher.problem.program import STEPS_PER_POINT
from matcher.solve.lexicographic import LevelProblem, LevelSolution
from matcher.solve.mip_model import HIGHS_INFINITY, MipModel, build_level_model

BOUND_LINE = re.compile(r"(?:Upper|Lower) bound:\s+(-?[\d.e+]+)")


def maximise(level_problem: LevelProblem) -> LevelSolution:
    """Maximise one level with CBC."""
    model = build_level_model(level_problem)
    problem, variables = build_pulp_problem(model)
    log = _run(problem, level_problem)
    if problem.status == pulp.LpStatusInfeasible:
        # The start plan is feasible, so this is an error in the preprocessing of CBC 2.10.
        log = _run(problem, level_problem, "preprocess off")
    values = np.array([v.value() or 0.0 for v in variables])
    has_plan = problem.sol_status in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible)
    return _read_solution(model, values if has_plan else None, level_problem, log)


def _run(problem: pulp.LpProblem, question: LevelProblem, *options: str) -> str:
    """Solve, and return CBC's log."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "cbc.log"
        problem.solve(_cbc(question, log, options))
        return log.read_text(encoding="utf-8")


def build_pulp_problem(
    model: MipModel, name: str = "treffsikker"
) -> tuple[pulp.LpProblem, list[Any]]:
    """Build a PuLP problem; variables ``x0, x1, …`` are columns, then segments."""
    problem = pulp.LpProblem(name, pulp.LpMaximize)
    variables = [
        problem.add_variable(f"x{k}", 0, float(upper), _kind(k < model.integer_count))
        for k, upper in enumerate(model.upper)
    ]
    problem += (
        pulp.LpAffineExpression(zip(variables, model.cost.tolist(), strict=True)) + model.offset
    )
    for row in np.flatnonzero(np.diff(model.matrix.indptr)):
        for constraint in _constraints(model, variables, int(row)):
            problem += constraint
    return problem, variables


def _kind(integer: bool) -> str:
    return str(pulp.LpInteger if integer else pulp.LpContinuous)


def write_model_file(model: MipModel, path: Path) -> None:
    """Write a model as an LP or MPS file, chosen by the suffix of the path.

    Raises
    ------
    BackendError
        When the suffix is neither ``.lp`` nor ``.mps``.
    """
    if path.suffix not in (".lp", ".mps"):
        raise BackendError(f"{path} ends in {path.suffix!r}; give a path that ends in .lp or .mps")
    problem, _ = build_pulp_problem(model)
    if path.suffix == ".lp":
        problem.writeLP(str(path))
    else:
        # MPS has no objective sense; every solver reads it as a minimisation.
        problem.writeMPS(str(path), mpsSense=pulp.LpMinimize)


def _constraints(model: MipModel, variables: list[Any], row: int) -> list[Any]:
    span = slice(model.matrix.indptr[row], model.matrix.indptr[row + 1])
    where, data = model.matrix.indices[span], model.matrix.data[span]
    total = pulp.LpAffineExpression(
        (variables[k], float(v)) for k, v in zip(where, data, strict=True)
    )
    lower, upper = model.row_lower[row], model.row_upper[row]
    if lower == upper:
        return [total == lower]
    sides = [total >= lower] if lower > 0 else []
    return sides + ([total <= upper] if upper < HIGHS_INFINITY else [])


def _cbc(question: LevelProblem, log: Path, options: tuple[str, ...]) -> Any:
    return pulp.COIN_CMD(
        path=pulp.apis.PULP_CBC_CMD.pulp_cbc_path,
        msg=False,
        timeLimit=question.stop.seconds,
        gapRel=question.stop.gap,
        threads=2,
        options=[
            f"randomSeed {question.seed + 1}",
            f"randomCbcSeed {question.seed + 1}",
            *options,
        ],
        logPath=str(log),
    )


def _read_solution(
    model: MipModel, values: FloatArray | None, question: LevelProblem, log: str
) -> LevelSolution:
    bound = _bound(log, model)
    if values is None:
        return LevelSolution(None, None, bound)
    choice = question.columns.choice(np.rint(values[: model.integer_count]).astype(np.int64))
    value = float(model.cost @ values + model.offset) * STEPS_PER_POINT
    return LevelSolution(choice, value, value if bound is None else bound)


def _bound(log: str, model: MipModel) -> float | None:
    """Return the last bound in CBC's log in thousandths; None where CBC proved its own value.

    CBC does not know the offset, so its log leaves the offset out.
    """
    bounds = BOUND_LINE.findall(log)
    return (float(bounds[-1]) + model.offset) * STEPS_PER_POINT if bounds else None
