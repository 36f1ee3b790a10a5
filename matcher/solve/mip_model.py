"""A mixed-integer program as arrays, whatever it stands for and whoever solves it."""

from dataclasses import dataclass

from scipy import sparse

from matcher.domain.tables.array_types import FloatArray


@dataclass(frozen=True, eq=False)
class MipModel:
    """A mixed-integer program to maximise: integer variables first, then continuous ones.

    Parameters
    ----------
    cost : float array, shape (variables,)
        Value of each variable, in points.
    upper : float array, shape (variables,)
        Upper bounds; the lower bounds are 0.
    matrix : sparse array, shape (rows, variables)
    row_lower, row_upper : float array, shape (rows,)
        Limits of the rows; infinite for none.
    integer_count : int
        Number of integer variables, which come first.
    offset : float
        Value when all variables are 0, in points.
    """

    cost: FloatArray
    upper: FloatArray
    matrix: sparse.csr_array
    row_lower: FloatArray
    row_upper: FloatArray
    integer_count: int
    offset: float
