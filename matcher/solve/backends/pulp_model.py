"""A mixed-integer model as a PuLP problem, and as a file that PuLP writes."""

from pathlib import Path
from typing import Any

import numpy as np
import pulp

from matcher.solve.mip_model import MipModel


def build_pulp_problem(
    model: MipModel, name: str = "treffsikker"
) -> tuple[pulp.LpProblem, list[Any]]:
    """Build a PuLP problem, and list its variables ``x0, x1, …`` in the order of the model."""
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
    return sides + ([total <= upper] if upper < np.inf else [])


def write_lp_file(model: MipModel, path: Path) -> None:
    """Write a model as an LP file."""
    build_pulp_problem(model)[0].writeLP(str(path))


def write_mps_file(model: MipModel, path: Path) -> None:
    """Write a model as an MPS file, which is a minimisation: MPS has no objective sense."""
    build_pulp_problem(model)[0].writeMPS(str(path), mpsSense=pulp.LpMinimize)
