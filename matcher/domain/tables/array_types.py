"""Type names of the arrays that rules, terms and solvers exchange."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.integer[Any]]
FloatArray = NDArray[np.floating[Any]]
BoolArray = NDArray[np.bool_]
StrArray = NDArray[np.str_]
RowIndices = Sequence[int] | NDArray[np.integer[Any]]
