"""Random placement that keeps every hard rule: the baseline any method must beat."""

from collections.abc import Callable

import numpy as np

from matcher.program import Program
from matcher.solve.greedy import place_in_order
from matcher.solve.result import Attempt, Progress, Stop
from matcher.tables import BoolArray


def shuffled(
    program: Program, stop: Stop, seed: int, progress: Callable[[Progress], None]
) -> Attempt:
    """Place units in random order, each in a random municipality with room for it."""
    random = np.random.Generator(np.random.PCG64(seed))

    def any_of(_: int, possible: BoolArray) -> int:
        return int(random.choice(np.flatnonzero(possible)))

    return Attempt(place_in_order(program, random.permutation(program.shape[0]), any_of))
