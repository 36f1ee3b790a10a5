"""One level of a program as a mixed-integer model.

Variables are the columns first, then the segments of the spread costs. Rows are the classes, the
resources, the level-1 value where it is held, and the spreads.
"""

import math
from typing import Any

import numpy as np
from scipy import sparse

from matcher.domain.tables.array_types import FloatArray
from matcher.problem.program import STEPS_PER_POINT, Choice, Program
from matcher.solve.columns import PairColumns
from matcher.solve.level_problem import Level1Hold, LevelProblem
from matcher.solve.mip_model import MipModel
from matcher.solve.stopping import StopCriteria, ignore_progress
from matcher.solve.unit_classes import UnitClasses


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
"""Rows over the first columns, with their lower and upper limits."""


def build_held_level2_model(program: Program, choice: Choice) -> MipModel:
    """Build level 2 of a program with level 1 held at the value of a choice."""
    hold = Level1Hold.of(program, choice)
    columns = PairColumns.of(UnitClasses.of(program, hold.required_units))
    return build_level_model(
        LevelProblem(columns, 2, hold, choice, StopCriteria(), 0, ignore_progress)
    )


def _limit_rows(question: LevelProblem) -> list[RowBlock]:
    columns = question.columns
    count = columns.classes.count.astype(np.float64)
    must = question.hold.required_units[columns.classes.representative]
    parts: list[RowBlock] = [
        (columns.class_rows, np.where(must, count, 0.0), count),
        (
            columns.resource_rows.matrix,
            np.full(len(columns.resource_rows.upper), -np.inf),
            columns.resource_rows.upper.astype(np.float64),
        ),
    ]
    if question.hold.min_weight is not None:
        scale = max(1, math.gcd(*map(int, columns.program.weight)))
        row = sparse.csr_array((columns.weight / scale)[None, :])
        parts.append((row, np.array([question.hold.min_weight / scale]), np.array([np.inf])))
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
