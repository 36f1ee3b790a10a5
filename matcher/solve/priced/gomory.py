"""Gomory mixed-integer cuts over all pairs, also over pairs that the LP does not contain.

A weighted sum of rows holds for every plan. As all variables are integers, the coefficients of
the sum can be rounded so that it still holds for every plan, but no longer for the fractional
solution of the LP (mixed-integer rounding, equations (11) to (13) of *Proof*). The multipliers
are rows of the inverse of the LP's basis. The coefficient of a pair in a cut depends only on the
multipliers and on the pair's own column, whether or not the LP contains the pair. So a bound with
cuts is a bound over all pairs.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from matcher.domain.tables.array_types import BoolArray, FloatArray, IntArray
from matcher.solve.params.lp_params import CutParams

ZERO_TOLERANCE = 1e-9
"""Multipliers and coefficients of at most this size count as zero."""
RIGHT_SIDE_SLACK = 1e-6
"""Share of its right-hand side by which a cut is loosened, which exceeds rounding errors."""


@dataclass(frozen=True, eq=False)
class ColumnSystem:
    """The rows of an LP over all columns, of which a restricted LP contains a subset.

    Parameters
    ----------
    cost : float array, shape (columns,)
    upper_bound : float array, shape (columns,)
        Upper bounds of the columns; infinite where rows imply them.
    matrix : sparse array, shape (rows, columns)
    lower, upper : float array, shape (rows,)
    is_cut : bool array, shape (rows,)
        Rows that were added as cuts; the slack of all other rows is an integer.
    """

    cost: FloatArray
    upper_bound: FloatArray
    matrix: sparse.csr_array
    lower: FloatArray
    upper: FloatArray
    is_cut: BoolArray

    def with_cuts(self, cuts: "GomoryCuts") -> "ColumnSystem":
        """Append cuts as rows."""
        count = len(cuts.upper)
        return replace(
            self,
            matrix=sparse.csr_array(sparse.vstack([self.matrix, cuts.matrix], format="csr")),
            lower=np.concatenate([self.lower, np.full(count, -np.inf)]),
            upper=np.concatenate([self.upper, cuts.upper]),
            is_cut=np.concatenate([self.is_cut, np.ones(count, dtype=np.bool_)]),
        )

    def without_rows(self, rows: IntArray) -> "ColumnSystem":
        """Return the system without some rows."""
        remaining_rows = np.setdiff1d(np.arange(len(self.is_cut)), rows)
        return replace(
            self,
            matrix=sparse.csr_array(self.matrix[remaining_rows]),
            lower=self.lower[remaining_rows],
            upper=self.upper[remaining_rows],
            is_cut=self.is_cut[remaining_rows],
        )


@dataclass(frozen=True, eq=False)
class GomoryCuts:
    """Rows that every integer plan satisfies: ``matrix @ columns <= upper``.

    Parameters
    ----------
    matrix : sparse array, shape (cuts, columns)
    upper : float array, shape (cuts,)
    """

    matrix: sparse.csr_array
    upper: FloatArray


@dataclass(frozen=True, eq=False)
class LpVertex:
    """A basic solution of a restricted LP, and the limits at which it lies.

    Parameters
    ----------
    columns : int array, shape (n,)
        Columns of the system that the LP contains.
    values : float array, shape (n,)
        Values of these columns.
    activity : float array, shape (rows,)
        Values of the rows.
    at_lower_limit : bool array, shape (rows,)
        Rows that are at their lower limit.
    """

    columns: IntArray
    values: FloatArray
    activity: FloatArray
    at_lower_limit: BoolArray

    def columns_at_upper_bound(self, system: ColumnSystem) -> BoolArray:
        """Mark the columns of the system that are at their upper bound, shape (columns,)."""
        out = np.zeros(len(system.upper_bound), dtype=np.bool_)
        out[self.columns] = self.values >= system.upper_bound[self.columns] - ZERO_TOLERANCE
        return out


def separate_gomory_cuts(
    system: ColumnSystem, vertex: LpVertex, multipliers: FloatArray, params: CutParams
) -> GomoryCuts:
    """Build cuts that a solution violates, and select the deepest that differ enough.

    Parameters
    ----------
    system : ColumnSystem
    vertex : LpVertex
    multipliers : float array, shape (sums, rows)
        Any multipliers give valid cuts; rows of the basis' inverse give violated ones.
    params : CutParams
        How many cuts are returned, and which ones.
    """
    sums = _RowSums.of(system, vertex, multipliers)
    sums = sums.only(np.flatnonzero(sums.are_stable(params)))
    inside = sums.cuts(vertex.columns)
    sizes = np.sqrt(np.asarray(inside.matrix.multiply(inside.matrix).sum(axis=1)).reshape(-1))
    depth = (inside.matrix @ vertex.values - inside.upper) / np.maximum(sizes, ZERO_TOLERANCE)
    max_columns = max(params.always_allowed_columns, params.max_density * len(vertex.columns))
    is_sparse = np.diff(inside.matrix.indptr) <= max_columns
    fit = np.flatnonzero(is_sparse & (depth > params.min_depth))
    order = fit[np.argsort(-depth[fit], kind="stable")]
    directions = sparse.csr_array(
        sparse.diags_array(1 / np.maximum(sizes, ZERO_TOLERANCE)) @ inside.matrix
    )
    chosen = order[_select_dissimilar(directions[order], params)]
    return sums.only(chosen).cuts(np.arange(len(system.upper_bound)))


def round_coefficients(values: FloatArray, fraction: FloatArray) -> FloatArray:
    """Round coefficients for a right-hand side with a given fraction, equation (12).

    The function is continuous, so it does not enlarge rounding errors.
    """
    whole = np.floor(values + ZERO_TOLERANCE)
    beyond = np.maximum(np.maximum(values - whole, 0.0) - fraction, 0.0)
    return np.asarray(whole + beyond / (1 - fraction))


@dataclass(frozen=True, eq=False)
class _RowSums:
    """Weighted sums of rows, with their right-hand sides.

    ``resting`` is the limit at which each row is taken, ``side`` -1 where that is its lower limit.
    """

    system: ColumnSystem
    multipliers: FloatArray
    side: FloatArray
    resting: FloatArray
    full: BoolArray
    right: FloatArray

    @classmethod
    def of(cls, system: ColumnSystem, vertex: LpVertex, multipliers: FloatArray) -> "_RowSums":
        low = (vertex.at_lower_limit | np.isinf(system.upper)) & np.isfinite(system.lower)
        low &= system.lower != system.upper
        resting = np.where(low, system.lower, system.upper)
        both = _drop_whole_multiples(np.concatenate([multipliers, -multipliers]), system.is_cut)
        full = vertex.columns_at_upper_bound(system)
        where = np.flatnonzero(full)
        right = both @ resting
        right -= (sparse.csr_array(both) @ system.matrix[:, where]) @ system.upper_bound[where]
        return cls(system, both, np.where(low, -1.0, 1.0), resting, full, right)

    @property
    def fraction(self) -> FloatArray:
        return np.asarray(self.right - np.floor(self.right))

    def are_stable(self, params: CutParams) -> BoolArray:
        above = self.fraction > params.min_right_fraction
        return np.asarray(above & (self.fraction < params.max_right_fraction))

    def only(self, which: IntArray) -> "_RowSums":
        return replace(self, multipliers=self.multipliers[which], right=self.right[which])

    def cuts(self, columns: IntArray) -> GomoryCuts:
        """Round the sums into cuts, over some columns."""
        part = sparse.csr_array(self.system.matrix[:, columns])
        fraction, weights = self.fraction, self._unused() * self.side
        sums = sparse.csr_array(sparse.csr_array(self.multipliers) @ part)
        row_fraction = np.repeat(fraction, np.diff(sums.indptr))
        sign = np.where(self.full[columns][sums.indices], -1.0, 1.0)
        sums.data = sign * round_coefficients(sign * sums.data, row_fraction)
        upper = np.floor(self.right) - weights @ self.resting
        upper += _upper_bound_shift(sums, self.full[columns], self.system.upper_bound[columns])
        matrix = sparse.csr_array(sums - sparse.csr_array(weights) @ part)
        matrix.data[np.abs(matrix.data) < ZERO_TOLERANCE] = 0.0
        matrix.eliminate_zeros()
        return GomoryCuts(matrix, upper + RIGHT_SIDE_SLACK * (1 + np.abs(upper)))

    def _unused(self) -> FloatArray:
        """Return the coefficients of the rows' slack, rounded except for cuts (not integer)."""
        sides, fraction = self.multipliers * self.side, self.fraction[:, None]
        return np.where(
            self.system.is_cut,
            np.minimum(sides, 0.0) / (1 - fraction),
            round_coefficients(sides, fraction),
        )


def _upper_bound_shift(
    sums: sparse.csr_array, full: BoolArray, upper_bound: FloatArray
) -> FloatArray:
    """Return what columns at their upper bounds add to the right-hand sides."""
    where = np.flatnonzero(full)
    return np.asarray(sums[:, where] @ upper_bound[where])


def _drop_whole_multiples(multipliers: FloatArray, cut: BoolArray) -> FloatArray:
    """Reduce multipliers of integer rows to fractions: whole multiples add integers only."""
    out = np.where(cut, multipliers, multipliers - np.floor(multipliers + ZERO_TOLERANCE))
    return np.where(np.abs(out) < ZERO_TOLERANCE, 0.0, out)


def _select_dissimilar(directions: sparse.csr_array, params: CutParams) -> IntArray:
    """Select rows in order, skipping a row that is too similar to a selected one."""
    cosines = (directions @ directions.T).toarray()
    selected: list[int] = []
    for row in range(len(cosines)):
        if (cosines[row, selected] < params.max_cosine).all():
            selected.append(row)
        if len(selected) == params.max_cuts_per_round:
            break
    return np.array(selected, dtype=np.int64)
