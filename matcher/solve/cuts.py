"""Gomory's cuts: what whole numbers imply beyond the rows, for all pairs at once.

Rows added up, each with a multiplier, hold for every plan. As all variables are whole numbers,
the coefficients of the sum can be rounded so that it still holds for every plan, but no longer for
the fractions of the LP (mixed-integer rounding, equations (11) to (13) of *Proof*).
The multipliers come from the LP's basis. What they make of a pair follows from its own column,
whether the LP has that pair or not: a bound with cuts is a bound over all pairs.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from matcher.tables import BoolArray, FloatArray, IntArray

TINY = 1e-9
"""What counts as nothing in multipliers and coefficients."""
LEAST, MOST = 0.02, 0.98
"""Fractions of a right-hand side from which a cut is made; nearer to 0 or 1 it is unstable."""
DEEP = 1e-4
"""Distance from the LP's solution that a cut must have at the least."""
DENSE, SPARSE = 0.3, 200
"""Share of the LP's columns that a cut may touch, and how many it may touch in any case."""
ALIKE = 0.5
"""Cosine between two cuts from which on the shallower one adds too little."""
SAFE = 1e-6
"""Part of its right-hand side by which a cut is loosened, more than rounding errors can be."""


@dataclass(frozen=True, eq=False)
class System:
    """An LP over all columns, of which some LP has a part.

    Parameters
    ----------
    cost : float array, shape (columns,)
    most : float array, shape (columns,)
        Upper bounds; infinite where rows imply them.
    matrix : sparse array, shape (rows, columns)
    lower, upper : float array, shape (rows,)
    cut : bool array, shape (rows,)
        Rows that were added as cuts; what others leave unused is a whole number.
    """

    cost: FloatArray
    most: FloatArray
    matrix: sparse.csr_array
    lower: FloatArray
    upper: FloatArray
    cut: BoolArray

    def with_cuts(self, cuts: "Cuts") -> "System":
        """Add cuts below the rows."""
        count = len(cuts.upper)
        return replace(
            self,
            matrix=sparse.csr_array(sparse.vstack([self.matrix, cuts.matrix], format="csr")),
            lower=np.concatenate([self.lower, np.full(count, -np.inf)]),
            upper=np.concatenate([self.upper, cuts.upper]),
            cut=np.concatenate([self.cut, np.ones(count, dtype=np.bool_)]),
        )

    def without(self, rows: IntArray) -> "System":
        """Leave some rows out."""
        kept = np.setdiff1d(np.arange(len(self.cut)), rows)
        return replace(
            self,
            matrix=sparse.csr_array(self.matrix[kept]),
            lower=self.lower[kept],
            upper=self.upper[kept],
            cut=self.cut[kept],
        )


@dataclass(frozen=True, eq=False)
class Cuts:
    """Rows that every plan in whole numbers keeps: ``matrix @ columns <= upper``.

    Parameters
    ----------
    matrix : sparse array, shape (cuts, columns)
    upper : float array, shape (cuts,)
    """

    matrix: sparse.csr_array
    upper: FloatArray


@dataclass(frozen=True, eq=False)
class Vertex:
    """A solution of an LP over some columns, and what it rests on.

    Parameters
    ----------
    inside : int array, shape (n,)
        Columns of the system that the LP has.
    values : float array, shape (n,)
    activity : float array, shape (rows,)
    low : bool array, shape (rows,)
        Rows that rest on their lower limit.
    """

    inside: IntArray
    values: FloatArray
    activity: FloatArray
    low: BoolArray

    def full(self, system: System) -> BoolArray:
        """Columns of the system at their upper bound, shape (columns,)."""
        out = np.zeros(len(system.most), dtype=np.bool_)
        out[self.inside] = self.values >= system.most[self.inside] - TINY
        return out


def gomory(system: System, vertex: Vertex, multipliers: FloatArray, count: int) -> Cuts:
    """Make cuts that a solution breaks, the deepest and least alike of them.

    Parameters
    ----------
    system : System
    vertex : Vertex
    multipliers : float array, shape (sums, rows)
        Any at all; rows of the basis' inverse make cuts that the solution breaks.
    count : int
        Cuts at the most.
    """
    sums = _Sums.of(system, vertex, multipliers)
    sums = sums.only(np.flatnonzero(sums.stable))
    inside = sums.cuts(vertex.inside)
    sizes = np.sqrt(np.asarray(inside.matrix.multiply(inside.matrix).sum(axis=1)).reshape(-1))
    depth = (inside.matrix @ vertex.values - inside.upper) / np.maximum(sizes, TINY)
    touched = np.diff(inside.matrix.indptr) <= max(SPARSE, DENSE * len(vertex.inside))
    fit = np.flatnonzero(touched & (depth > DEEP))
    order = fit[np.argsort(-depth[fit], kind="stable")]
    directions = sparse.csr_array(sparse.diags_array(1 / np.maximum(sizes, TINY)) @ inside.matrix)
    chosen = order[_apart(directions[order], count)]
    return sums.only(chosen).cuts(np.arange(len(system.most)))


def rounded(values: FloatArray, fraction: FloatArray) -> FloatArray:
    """Round coefficients as a right-hand side with a fraction allows, equation (12).

    It is continuous, so that rounding errors stay as small as they are.
    """
    whole = np.floor(values + TINY)
    beyond = np.maximum(np.maximum(values - whole, 0.0) - fraction, 0.0)
    return np.asarray(whole + beyond / (1 - fraction))


@dataclass(frozen=True, eq=False)
class _Sums:
    """Sums of rows, and what their right-hand sides come to.

    ``resting`` is the limit that each row rests on, ``side`` -1 for a lower one.
    """

    system: System
    multipliers: FloatArray
    side: FloatArray
    resting: FloatArray
    full: BoolArray
    right: FloatArray

    @classmethod
    def of(cls, system: System, vertex: Vertex, multipliers: FloatArray) -> "_Sums":
        low = (vertex.low | np.isinf(system.upper)) & np.isfinite(system.lower)
        low &= system.lower != system.upper
        resting = np.where(low, system.lower, system.upper)
        both = _folded(np.concatenate([multipliers, -multipliers]), system.cut)
        full = vertex.full(system)
        where = np.flatnonzero(full)
        right = both @ resting
        right -= (sparse.csr_array(both) @ system.matrix[:, where]) @ system.most[where]
        return cls(system, both, np.where(low, -1.0, 1.0), resting, full, right)

    @property
    def fraction(self) -> FloatArray:
        return np.asarray(self.right - np.floor(self.right))

    @property
    def stable(self) -> BoolArray:
        return np.asarray((self.fraction > LEAST) & (self.fraction < MOST))

    def only(self, which: IntArray) -> "_Sums":
        return replace(self, multipliers=self.multipliers[which], right=self.right[which])

    def cuts(self, columns: IntArray) -> Cuts:
        """Round the sums, over some columns."""
        part = sparse.csr_array(self.system.matrix[:, columns])
        fraction, weights = self.fraction, self._unused() * self.side
        sums = sparse.csr_array(sparse.csr_array(self.multipliers) @ part)
        own = np.repeat(fraction, np.diff(sums.indptr))
        turned = np.where(self.full[columns][sums.indices], -1.0, 1.0)
        sums.data = turned * rounded(turned * sums.data, own)
        upper = np.floor(self.right) - weights @ self.resting
        upper += _flipped(sums, self.full[columns], self.system.most[columns])
        matrix = sparse.csr_array(sums - sparse.csr_array(weights) @ part)
        matrix.data[np.abs(matrix.data) < TINY] = 0.0
        matrix.eliminate_zeros()
        return Cuts(matrix, upper + SAFE * (1 + np.abs(upper)))

    def _unused(self) -> FloatArray:
        """Coefficients of what rows leave unused: whole numbers, but for cuts."""
        sides, fraction = self.multipliers * self.side, self.fraction[:, None]
        return np.where(
            self.system.cut, np.minimum(sides, 0.0) / (1 - fraction), rounded(sides, fraction)
        )


def _flipped(sums: sparse.csr_array, full: BoolArray, most: FloatArray) -> FloatArray:
    """What columns at their upper bounds bring to the right-hand sides."""
    where = np.flatnonzero(full)
    return np.asarray(sums[:, where] @ most[where])


def _folded(multipliers: FloatArray, cut: BoolArray) -> FloatArray:
    """Leave whole multiples of whole rows out: they change a sum by whole numbers only."""
    out = np.where(cut, multipliers, multipliers - np.floor(multipliers + TINY))
    return np.where(np.abs(out) < TINY, 0.0, out)


def _apart(directions: sparse.csr_array, count: int) -> IntArray:
    """Take rows one by one, unless too much alike one that is taken."""
    cosines = (directions @ directions.T).toarray()
    taken: list[int] = []
    for row in range(len(cosines)):
        if len(taken) < count and (cosines[row, taken] < ALIKE).all():
            taken.append(row)
    return np.array(taken, dtype=np.int64)
