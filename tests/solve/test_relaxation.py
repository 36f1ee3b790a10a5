"""The LP relaxation: a bound that holds whatever the prices are, and prices that make sense."""

from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest

from matcher import Problem, StopCriteria, solve
from matcher.problem.prices import Prices
from matcher.problem.program import UNPLACED
from matcher.solve.columns import PairColumns
from matcher.solve.level_problem import Level1Hold, LevelProblem
from matcher.solve.params.lp_params import RelaxationParams
from matcher.solve.params.solver_params import PricedParams, SolverParams
from matcher.solve.priced.lagrangian import LagrangianDual
from matcher.solve.priced.relaxation import solve_relaxation
from matcher.solve.unit_classes import UnitClasses
from tests.random_instances import random_instance
from tests.solve.test_exhaustive import KINDS

pytestmark = pytest.mark.slow
relaxation = import_module("matcher.solve.priced.relaxation")
SHAPES = [*KINDS.values(), {"households": 12, "municipalities": 10, "bars": 0.2, "room": 0.5}]


def solved(seed, shape):
    problem = Problem.of(random_instance(seed, **shape))
    return problem.program, solve(problem, backend="highs", stop=StopCriteria(60, 0))


@pytest.mark.parametrize("shape", SHAPES, ids=[str(s) for s in SHAPES])
def test_bound_and_prices_of_the_relaxation(shape):
    """The bound is not below the optimum, scarce places cost, none costs less than nothing."""
    priced = 0
    for seed in range(15):
        program, best = solved(seed, shape)
        relaxed = solve_relaxation(program, best.choice)
        assert relaxed.bound >= best.score.value - 1, seed
        assert all((p >= 0).all() for p in relaxed.prices.resources), seed
        assert relaxed.prices.placed >= 0, seed
        assert not np.signbit(relaxed.prices.placed), seed
        assert (relaxed.reduced_values <= 1e-6).all(), seed
        classes = UnitClasses.of(program, Level1Hold.of(program, best.choice).required_units)
        assert np.array_equal(np.isneginf(relaxed.reduced_values), ~classes.open), seed
        priced += any((p > 0).any() for p in relaxed.prices.resources)
    assert priced or shape["households"] == 1


def test_places_without_scarcity_cost_nothing():
    """A resource whose use at the optimum stays below its limit in every plan has price 0."""
    program, best = solved(3, {"households": 1, "municipalities": 4})
    assert all((p == 0).all() for p in solve_relaxation(program, best.choice).prices.resources)


@pytest.mark.parametrize("seed", range(12))
def test_bound_holds_whatever_the_prices_are(seed):
    """Any prices, not below 0 for places, give an upper bound of level 2."""
    program, best = solved(seed, {"households": 6, "municipalities": 3, "bars": 0.2, "room": 0.6})
    hold = Level1Hold.of(program, best.choice)
    random = np.random.default_rng(seed)
    exact = solve_relaxation(program, best.choice).prices
    for scale in (0.0, 0.1, 1.0, 10.0, 1000.0):
        prices = Prices(
            tuple(np.maximum(0, p + scale * random.normal(size=p.shape)) for p in exact.resources),
            tuple(p + scale * random.normal(size=p.shape) for p in exact.spreads),
            max(0.0, exact.placed + scale * random.normal())
            if hold.min_weight is not None
            else 0.0,
        )
        assert bound_at(program, best.choice, prices) >= best.score.value - 1e-3


def bound_at(program, choice, prices):
    hold = Level1Hold.of(program, choice)
    columns = PairColumns.of(UnitClasses.of(program, hold.required_units))
    question = LevelProblem(columns, 2, hold, choice, StopCriteria(60, 0), 0, lambda _: None)
    return LagrangianDual.of(question).evaluate(prices).bound


def test_relaxation_of_all_pairs_at_once_is_no_better():
    """Column generation ends at the LP over all pairs: same bound as starting with everything."""
    for seed in range(4):
        program, best = solved(seed, {"households": 12, "municipalities": 25, "bars": 0.1})
        few, every = (
            solve_relaxation(program, best.choice, params=starting_with(count)).bound
            for count in (2, 25)
        )
        assert few == pytest.approx(every, rel=1e-6, abs=1.0), seed


def starting_with(municipalities):
    """Parameters with which the first LP has so many municipalities of each class."""
    relaxation_params = RelaxationParams(first_municipalities=municipalities)
    return SolverParams(priced=PricedParams(relaxation=relaxation_params))


def test_relaxation_from_a_plan_that_places_nobody():
    """Nothing held and no column to begin with: the bound still covers every plan."""
    for seed in range(10):
        problem = Problem.of(random_instance(seed, 5, 3))
        program = problem.program
        nobody = np.full(program.shape[0], UNPLACED)
        best = max(solve(problem, backend=b).score.value for b in ("greedy", "random", "highs"))
        assert solve_relaxation(program, nobody).bound >= best - 1


@pytest.mark.parametrize("room", [0.0, 1.0])
def test_relaxation_where_there_is_nothing_to_place(room):
    """No open pair, or no unit at all: the bound is the cost of an empty plan."""
    instance = random_instance(2, 5, 3, room=room)
    if room:
        instance = instance.replace(households=(), links=())
    program = Problem.of(instance).program
    nobody = np.full(program.shape[0], UNPLACED)
    base = -sum(int(s.base.sum()) for s in program.spreads)
    assert solve_relaxation(program, nobody).bound == pytest.approx(base, abs=1)


def test_one_more_place_gains_at_most_its_price():
    """The prices bound what one more of any scarce resource adds to the relaxation."""
    scarce = 0
    for seed in range(12):
        program, best = solved(seed, {"households": 10, "municipalities": 4, "bars": 0.1})
        before = solve_relaxation(program, best.choice)
        for part, price in enumerate(before.prices.resources):
            for group, layer in np.argwhere(price > 0):
                more = solve_relaxation(one_more(program, part, group, layer), best.choice).bound
                assert more <= before.bound + price[group, layer] * 1000 + 1, seed
                assert more >= before.bound - 1, seed
                scarce += 1
    assert scarce >= 10


def one_more(program, part, group, layer):
    """The same program with one more place of a kind."""
    resource = program.resources[part]
    limit = resource.limit.copy()
    limit[group, layer] += 1
    changed = replace(resource, limit=limit)
    resources = (*program.resources[:part], changed, *program.resources[part + 1 :])
    return replace(program, resources=resources)


def test_each_round_gets_the_time_that_is_left_and_no_more(monkeypatch):
    """With next to no time the LP is told so, and the bound so far holds all the same."""
    program, best = solved(3, {"households": 12, "municipalities": 10, "bars": 0.2, "room": 0.5})
    given, real = [], relaxation.RestrictedMaster.solve

    def listening(self, seconds):
        given.append(seconds)
        return real(self, seconds)

    monkeypatch.setattr(relaxation.RestrictedMaster, "solve", listening)
    assert solve_relaxation(program, best.choice, 0.2).bound >= best.score.value - 1
    assert 0 < max(given) <= 0.2
    assert min(given) >= RelaxationParams().min_lp_seconds
