"""What solvers tell on the way, against what they prove in the end."""

from itertools import pairwise

import pytest

from matcher import Problem, StopCriteria, solve
from matcher.solve.stopping import Progress
from tests.random_instances import random_instance


def told_by(backend: str, seed: int, room: float) -> tuple[list[Progress], float]:
    """All that is told of the second level, and the best there is."""
    problem = Problem.of(random_instance(seed, 40, 12, bars=0.2, room=room))
    told: list[Progress] = []
    result = solve(problem, backend=backend, stop=StopCriteria(60, 0), progress=told.append)
    assert result.outcome == "proved"
    numbers = [p for p in told if p.level == 2 and p.value is not None and p.bound is not None]
    return numbers, result.levels[1].value


@pytest.mark.parametrize("backend", ["priced", "highs"])
def test_what_is_told_on_the_way_holds(backend):
    """No value above the best there is, no bound below it, and something is told of each."""
    for seed, room in ((1, 1.0), (2, 0.5), (3, 1.0)):
        told, best = told_by(backend, seed, room)
        assert told, seed
        for one in told:
            assert one.value <= best + 1e-3, (seed, one)
            assert one.bound >= best - 1e-3, (seed, one)


def test_priced_tells_nothing_worse_than_before():
    """Values only rise and bounds only fall, also while HiGHS works on some of the pairs."""
    told, _ = told_by("priced", 4, 0.5)
    for before, after in pairwise(told):
        assert after.value >= before.value - 1e-6
        assert after.bound <= before.bound + 1e-6
