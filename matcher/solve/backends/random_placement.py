"""Random placement that keeps every hard rule: the baseline any method must beat."""

from collections.abc import Callable

import numpy as np

from matcher.domain.tables.array_types import BoolArray
from matcher.problem.program import Program
from matcher.solve.construction import place_in_order
from matcher.solve.result import BackendResult
from matcher.solve.stopping import Progress, StopCriteria


def place_randomly(
    program: Program, stop: StopCriteria, seed: int, progress: Callable[[Progress], None]
) -> BackendResult:
    """Place units in random order, each in a random municipality with room for it."""
    random = np.random.Generator(np.random.PCG64(seed))

    def any_of(_: int, possible: BoolArray) -> int:
        return int(random.choice(np.flatnonzero(possible)))

    return BackendResult(place_in_order(program, random.permutation(program.shape[0]), any_of))
