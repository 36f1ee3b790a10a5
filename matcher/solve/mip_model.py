"""One level of a program as a mixed-integer model in sparse rows and columns."""

import math
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from scipy import sparse

from matcher.domain.tables import FloatArray
from matcher.problem.program import STEPS_PER_POINT
from matcher.solve.columns import PairColumns
from matcher.solve.lexicographic import LevelProblem

HIGHS_INFINITY = highspy.kHighsInf


@dataclass(frozen=True, eq=False)
class MipModel:
    """A mixed-integer program in points: columns first, then segments of spread costs.

    Parameters
    ----------
    cost, upper : float array, shape (variables,)
    matrix : sparse array, shape (rows, variables)
    row_lower, row_upper : float array, shape (rows,)
    integer_count : int
        Number of integer variables, which come first.
    offset : float
        Value when all variables are 0.
    """

    cost: FloatArray
    upper: FloatArray
    matrix: sparse.csr_array
    row_lower: FloatArray
    row_upper: FloatArray
    integer_count: int
    offset: float


def build_level_model(level_problem: LevelProblem) -> MipModel:
    """Build the mixed-integer program of one level."""
    columns, parts = level_problem.columns, _limit_rows(level_problem)
    if level_problem.level == 2:
        parts = [*parts, _spread_rows(columns)]
    width = max(matrix.shape[1] for matrix, _, _ in parts)
    wide = [
        sparse.csr_array((m.data, m.indices, m.indptr), (m.shape[0], width)) for m, _, _ in parts
    ]
    cost, offset = _objective(level_problem, width)
    lengths = columns.segments.length if width > len(columns) else np.zeros(0)
    return MipModel(
        cost=cost,
        upper=np.concatenate([columns.upper, lengths]),
        matrix=sparse.vstack(wide, format="csr"),
        row_lower=np.concatenate([lower for _, lower, _ in parts]),
        row_upper=np.concatenate([upper for _, _, upper in parts]),
        integer_count=len(columns),
        offset=offset,
    )


RowBlock = tuple[Any, FloatArray, FloatArray]


def _limit_rows(question: LevelProblem) -> list[RowBlock]:
    columns = question.columns
    count = columns.classes.count.astype(np.float64)
    must = question.hold.required_units[columns.classes.representative]
    parts: list[RowBlock] = [
        (columns.class_rows, np.where(must, count, 0.0), count),
        (
            columns.resource_rows.matrix,
            np.full(len(columns.resource_rows.upper), -HIGHS_INFINITY),
            columns.resource_rows.upper.astype(np.float64),
        ),
    ]
    if question.hold.min_weight is not None:
        scale = max(1, math.gcd(*map(int, columns.program.weight)))
        row = sparse.csr_array((columns.weight / scale)[None, :])
        parts.append(
            (row, np.array([question.hold.min_weight / scale]), np.array([HIGHS_INFINITY]))
        )
    return parts


def _spread_rows(columns: PairColumns) -> RowBlock:
    rows, segments = columns.spread_rows, columns.segments
    count = len(rows.upper)
    pieces = sparse.csr_array(
        (-np.ones(len(segments.row)), (segments.row, np.arange(len(segments.row)))),
        shape=(count, len(segments.row)),
    )
    matrix = sparse.hstack([rows.matrix, pieces], format="csr")
    return matrix, np.zeros(count), np.zeros(count)


def _objective(question: LevelProblem, width: int) -> tuple[FloatArray, float]:
    columns = question.columns
    if question.level == 1:
        return np.pad(columns.weight / STEPS_PER_POINT, (0, width - len(columns))), 0.0
    segments = columns.segments
    cost = np.concatenate([columns.points, -segments.slope]) / STEPS_PER_POINT
    return cost, (columns.classes.extra_value - segments.base) / STEPS_PER_POINT
