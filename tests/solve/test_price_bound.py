"""The checker's bound: the solver's own at its prices, and true at any others."""

from itertools import count

import numpy as np
import pytest

from matcher import Plan, Problem, StopCriteria, solve
from matcher.problem.prices import Prices
from matcher.problem.program import UNPLACED, Program, Resource, Spread
from matcher.problem.verify.price_bound import PriceRow, price_bound
from matcher.problem.verify.verify import verify_plan
from matcher.solve.priced.relaxation import solve_relaxation
from tests.random_instances import random_instance

SHAPES = (
    {"households": 8, "municipalities": 4, "bars": 0.2},
    {"households": 12, "municipalities": 5, "bars": 0.2, "room": 0.5},
)


def rows_of(program: Program, prices: Prices) -> list[PriceRow]:
    parts: list[Resource | Spread] = [*program.resources, *program.spreads]
    pairs = zip(parts, [*prices.resources, *prices.spreads], strict=True)
    return [(p.id, int(g), int(j), float(c[g, j])) for p, c in pairs for g, j in np.argwhere(c)]


def solved(seed, shape):
    problem = Problem.of(random_instance(seed, **shape))
    best = solve(problem, backend="highs", stop=StopCriteria(60, 0))
    return problem.program, best.choice, best.score


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES, ids=["room for all", "too few places"])
def test_the_bound_at_the_solvers_prices_is_the_solvers(shape):
    """Two implementations that share no line give one number."""
    held_by_price = 0
    for seed in range(12):
        program, choice, best = solved(seed, shape)
        relaxed = solve_relaxation(program, choice)
        rows = rows_of(program, relaxed.prices)
        bound = price_bound(program, rows, best.weight, relaxed.prices.placed)
        assert bound == pytest.approx(relaxed.bound, rel=1e-9, abs=1e-3), seed
        held_by_price += relaxed.prices.placed > 0
    assert held_by_price or "room" not in shape


@pytest.mark.parametrize("seed", range(8))
def test_the_bound_is_true_whatever_the_prices_are(seed):
    """Any price of a place from 0, any price of dispersion, any price of placing."""
    program, choice, best = solved(seed, SHAPES[seed % 2])
    exact, random = solve_relaxation(program, choice).prices, np.random.default_rng(seed)
    for scale in (0.0, 1.0, 30.0, 1000.0):
        noisy = Prices(
            tuple(np.abs(p + scale * random.normal(size=p.shape)) for p in exact.resources),
            tuple(p + scale * random.normal(size=p.shape) for p in exact.spreads),
        )
        placed = exact.placed + scale * random.random()
        bound = price_bound(program, rows_of(program, noisy), best.weight, placed)
        assert bound >= best.value - 1e-3


@pytest.mark.slow
def test_a_linked_household_left_out_of_a_plan_is_found():
    """Linked households are placed together or not at all."""
    for seed in count():
        problem = Problem.of(random_instance(seed, 6, 4, bars=0.2))
        placed = solve(problem, backend="greedy")
        linked = [i for i, name in enumerate(problem.households.id) if "+" in str(name)]
        if linked and placed.choice[linked[0]] != UNPLACED:
            break
    left_out = str(problem.households.id[linked[0]]).split("+")[1]
    parted = Plan(tuple(p for p in placed.plan if p.household != left_out))
    codes = {f.code: f for f in verify_plan(problem, parted, {}, None).findings}
    assert codes["plan.parted"].facts["households"] == [left_out]
