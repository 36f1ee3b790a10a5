"""Backend CBC, through PuLP: solves the whole program as a mixed-integer model."""

import re
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pulp

from matcher.domain.tables.array_types import FloatArray
from matcher.problem.program import STEPS_PER_POINT
from matcher.solve.backends.pulp_model import build_pulp_problem
from matcher.solve.level_model import build_level_model
from matcher.solve.level_problem import NO_SOLUTION, LevelProblem, LevelSolution
from matcher.solve.mip_model import MipModel

BOUND_LINE = re.compile(r"(?:Upper|Lower) bound:\s+(-?[\d.e+]+)")


def maximise(level_problem: LevelProblem) -> LevelSolution:
    """Maximise one level with CBC, which cannot be cancelled once it runs."""
    if level_problem.stop.is_cancelled():
        return NO_SOLUTION
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


def _cbc(question: LevelProblem, log: Path, options: tuple[str, ...]) -> Any:
    return pulp.COIN_CMD(
        path=pulp.apis.PULP_CBC_CMD.pulp_cbc_path,
        msg=False,
        gapRel=question.stop.gap,
        **_limits(question),
        options=[
            f"randomSeed {question.seed + 1}",
            f"randomCbcSeed {question.seed + 1}",
            *options,
        ],
        logPath=str(log),
    )


def _limits(question: LevelProblem) -> dict[str, Any]:
    """Return the time limit; or where work is counted, that of nodes, and one thread."""
    seconds = question.stop.seconds
    if not question.stop.stop_log.clock.counts_work:
        return {"timeLimit": seconds, "threads": question.params.backends.threads}
    nodes = question.params.priced.work.cbc_nodes_per_second * seconds
    return {"maxNodes": max(1, round(nodes)), "threads": 1}


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
