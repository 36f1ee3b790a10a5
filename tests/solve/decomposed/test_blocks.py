"""A queue in blocks through a real Dask cluster: what one machine finds, to the last digit."""

from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest

from instances.european import EuropeanQueue
from matcher import Problem, StopCriteria, solve
from matcher.domain.errors import BackendError
from matcher.problem.prices import Prices
from matcher.problem.program import UNPLACED, sum_use
from matcher.problem.score import score
from matcher.problem.verify.price_bound import price_bound
from matcher.solve.columns import PairColumns
from matcher.solve.decomposed.block_backend import BlockBackend
from matcher.solve.decomposed.block_rounding import round_blocks
from matcher.solve.decomposed.block_solver import place_blocks
from matcher.solve.decomposed.block_tasks import count_block, price_block, score_block
from matcher.solve.decomposed.blocks import split_into_blocks
from matcher.solve.decomposed.dual_descent import BlockDual, TemperatureStage
from matcher.solve.decomposed.executors import (
    LOCAL_CLUSTER,
    DaskExecutor,
    SequentialExecutor,
    connect_cluster,
    join_results,
)
from matcher.solve.level_problem import Level1Hold, LevelProblem, weight_of_all_placeable
from matcher.solve.params.solver_params import BlockParams
from matcher.solve.priced.lagrangian import LagrangianDual
from matcher.solve.stopping import Progress
from matcher.solve.unit_classes import UnitClasses
from tests.random_instances import random_instance
from tests.solve.test_price_bound import rows_of

pytestmark = pytest.mark.slow
plan = import_module("matcher.solve.decomposed.block_solver")
EUROPE = EuropeanQueue(seed=3, households=900, regions=40, in_block=250)


QUICK = BlockParams(sample_passes=8, units_per_block=8)
"""Prices need not be the best to be compared."""


@pytest.fixture(scope="module")
def client():
    with connect_cluster(LOCAL_CLUSTER) as found:
        yield found


def queue(seed, households=60, room=1.0):
    """A small queue in which all that fit anywhere may find room, or may not."""
    instance = random_instance(seed, households, 8, bars=0.2, room=room)
    return Problem.of(instance).program


def random_prices(program, seed, placed=0.0):
    random = np.random.default_rng(seed)
    # What is not limited has no price.
    limits = [r.limit < 1e9 for r in program.resources]
    resources = tuple(40 * random.random(some.shape) * some for some in limits)
    spreads = tuple(20 * random.normal(size=s.base.shape) for s in program.spreads)
    return Prices(resources, spreads, placed)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("count", [1, 2, 5])
def test_bound_and_demand_of_blocks_are_those_of_one_machine(client, seed, count):
    """The ordinary dual, and use added up unit by unit, against blocks through the cluster."""
    program = queue(seed)
    parts, _ = split_into_blocks(program, count)
    prices, held = random_prices(program, seed), weight_of_all_placeable(program)
    run = DaskExecutor(parts, client)
    found = BlockDual(run, join_results(run.map_blocks(count_block)), held).evaluate(prices)
    must = program.feasible_pairs.any(axis=1) & (program.weight > 0)
    hold, nobody = Level1Hold(None, must), np.full(program.shape[0], UNPLACED)
    columns = PairColumns.of(UnitClasses.of(program, must))
    question = LevelProblem(columns, 2, hold, nobody, StopCriteria(60, 0), 0, lambda _: None)
    assert found.bound == pytest.approx(
        LagrangianDual.of(question).evaluate(prices).bound, rel=1e-9
    )
    net = program.pair_values / 1000 - prices.charge(program, np.arange(program.shape[0]))
    net = np.where(program.feasible_pairs, net, -np.inf)
    goes = must | (net.max(axis=1) >= 0)
    best = np.where(goes & np.isfinite(net.max(axis=1)), net.argmax(axis=1), UNPLACED)
    demanded = zip((*program.resources, *program.spreads), found.sums.demand, strict=True)
    for part, demand in demanded:
        assert demand == pytest.approx(sum_use(part, best, len(demand)), rel=1e-9)


@pytest.mark.parametrize("placed", [0.0, 0.4])
def test_bounds_are_those_of_the_checker_also_where_some_are_left_out(placed):
    """The checker shares no line with it, and holds what a plan places at a price."""
    for seed in range(4):
        program = queue(seed, room=0.4)
        made = solve(Problem.of(random_instance(seed, 60, 8, bars=0.2, room=0.4)), backend="greedy")
        held, prices = made.score.weight, random_prices(program, seed, placed)
        run = SequentialExecutor(split_into_blocks(program, 3)[0])
        bound = (
            BlockDual(run, join_results(run.map_blocks(count_block)), held).evaluate(prices).bound
        )
        rows = rows_of(program, prices)
        assert bound == pytest.approx(price_bound(program, rows, held, placed), rel=1e-9)
        assert bound >= made.score.value


def test_the_smooth_dual_comes_down_to_the_exact_one_and_is_never_below():
    """Less heat, less distance."""
    program = queue(1)
    run = SequentialExecutor(split_into_blocks(program, 2)[0])
    prices, exact = random_prices(program, 1), None
    distance = []
    for heat in (30.0, 3.0, 0.1):
        sums = join_results(run.map_blocks(price_block, prices, True, heat, 30.0))
        exact = join_results(run.map_blocks(price_block, prices, True, 0.0, 30.0)).exact_value
        assert sums.exact_value == pytest.approx(exact, rel=1e-12)
        distance.append(sums.smooth_value - exact)
    assert distance == sorted(distance, reverse=True) and 0 <= distance[-1] < distance[0]


def test_a_stage_never_raises_the_bound():
    """From any prices, it ends at or below where it began."""
    program = queue(2)
    run = SequentialExecutor(split_into_blocks(program, 3)[0])
    dual = BlockDual(
        run, join_results(run.map_blocks(count_block)), weight_of_all_placeable(program)
    )
    for seed in range(3):
        before = dual.evaluate(random_prices(program, seed))
        after = dual.minimise(before.prices, [TemperatureStage(3.0, 12), TemperatureStage(0.5, 12)])
        assert after.bound < before.bound
        assert all((p >= 0).all() for p in after.prices.resources)


def test_a_plan_through_the_cluster_is_the_plan_of_one_process(client):
    """Built where they are worked on: same choices, prices, value and bound, to the bit."""
    few_passes = replace(QUICK, max_passes=6)
    here = place_blocks(SequentialExecutor(EUROPE.blocks), EUROPE.blocks[0], few_passes)
    there = place_blocks(DaskExecutor(EUROPE.blocks, client), EUROPE.blocks[0], few_passes)
    assert (here.value, here.bound, here.weight) == (there.value, there.bound, there.weight)
    assert all(np.array_equal(a, b) for a, b in zip(here.choices, there.choices, strict=True))
    assert here.units == EUROPE.households
    assert here.weight == here.max_weight
    assert 0 <= here.gap < 0.05


@pytest.mark.parametrize("room", [1.0, 0.4])
def test_as_a_backend_its_plan_is_recomputed_like_any_other(room):
    """No rule is broken, the value is the checked one, and the best of another is within bounds."""
    for seed in range(3):
        problem = Problem.of(random_instance(seed, 30, 6, bars=0.2, room=room))
        found = solve(problem, backend=BlockBackend(None, QUICK))
        assert not found.score.broken_rules
        best = solve(problem, backend="highs", stop=StopCriteria(60, 0))
        assert found.score.weight <= best.score.weight
        if found.score.weight == best.score.weight:
            assert found.levels[1].bound * 1000 >= best.score.value - 1


def test_as_a_backend_it_tells_what_it_has_found():
    """A bound first, then that of the plan with its value, which are those of the result."""
    problem = Problem.of(random_instance(1, 30, 6, bars=0.2))
    told: list[Progress] = []
    found = solve(problem, backend=BlockBackend(None, QUICK), progress=told.append)
    assert [one.value is None for one in told] == [True, True, False]
    assert told[-1].value == pytest.approx(found.score.value / 1000)
    assert told[-1].bound == pytest.approx(found.levels[1].bound, abs=2e-3)


def test_a_queue_of_nobody_is_placed():
    """No block at all."""
    instance = random_instance(1, 3, 3).replace(households=(), links=())
    assert solve(Problem.of(instance), backend=BlockBackend(None)).score.placed == 0


@pytest.mark.parametrize("seed", range(4))
def test_a_plan_along_any_prices_keeps_every_rule(seed):
    """However wrong the prices, and however little room there is."""
    program = queue(seed, room=0.3)
    parts, rows = split_into_blocks(program, 3)
    run = SequentialExecutor(parts)
    frame, prices = join_results(run.map_blocks(count_block)), random_prices(program, seed)
    wanted = [np.full(s.base.shape, 3.0) for s in program.spreads]
    choices = round_blocks(run, frame, prices, wanted, params=QUICK)
    whole = np.full(program.shape[0], UNPLACED)
    for some, choice in zip(rows, choices, strict=True):
        whole[some] = choice
    checked, made = (
        score(program, whole),
        join_results(run.map_blocks(score_block, block_arguments=choices)),
    )
    assert not checked.broken_rules and checked.placed > 0
    assert (made.weight, made.persons) == (checked.weight, checked.placed)
    assert (
        made.value
        - sum(
            int(s.cost(u).sum())
            for s, u in zip(program.spreads, made.use[len(program.resources) :], strict=True)
        )
        == checked.value
    )


def test_a_plan_that_breaks_a_limit_is_refused(monkeypatch):
    """Nothing that rounding says is believed."""
    block = EUROPE.blocks[0]
    everyone = np.zeros(EUROPE.in_block, dtype=np.int64)
    monkeypatch.setattr(plan, "round_blocks", lambda *_, **__: [everyone])
    with pytest.raises(BackendError, match="breaks a rule"):
        place_blocks(SequentialExecutor([block]), block, replace(QUICK, max_passes=2))


def test_prices_cost_the_same_in_every_block(client):
    """Sums of a few blocks, scaled, are near those of all: each block stands for the queue."""
    run = DaskExecutor(EUROPE.blocks, client)
    dual = BlockDual(run, join_results(run.map_blocks(count_block)), 0)
    prices = replace(Prices.zero(dual.queue.empty_program), placed=1.0)
    few, every = dual.evaluate(prices, sample_blocks=2), dual.evaluate(prices)
    assert few.sums.exact_value == pytest.approx(every.sums.exact_value, rel=0.1)
    assert few.sums.exact_value != every.sums.exact_value


def test_a_cancelled_solve_in_blocks_still_has_a_plan_that_keeps_the_rules():
    """After the pass at work it is rounded once; the bound holds, however poor the prices."""
    problem = Problem.of(random_instance(1, 30, 6, bars=0.2, room=0.6))
    whole = solve(problem, backend=BlockBackend(None, QUICK), stop=StopCriteria(600, 0))
    news: list[Progress] = []
    backend = BlockBackend(None, QUICK)
    stop = StopCriteria(600, 0, cancelled=lambda: True)
    result = solve(problem, backend=backend, stop=stop, progress=news.append)
    assert result.stops[0] == 1
    assert not result.score.broken_rules
    assert backend.block_plan.passes < whole_passes(problem)
    assert result.levels[1].bound >= result.levels[1].value
    assert whole.stops == (None, None)


def whole_passes(problem):
    """Passes of a solve that nothing ends."""
    backend = BlockBackend(None, QUICK)
    solve(problem, backend=backend, stop=StopCriteria(600, 0))
    return backend.block_plan.passes


def test_a_solve_in_blocks_that_was_stopped_is_repeated_to_the_bit(monkeypatch):
    """The passes are counted."""
    problem = Problem.of(random_instance(1, 30, 6, bars=0.2, room=0.6))
    passes, evaluate = [], BlockDual.evaluate

    def counting(self, *arguments, **options):
        passes.append(1)
        return evaluate(self, *arguments, **options)

    monkeypatch.setattr(BlockDual, "evaluate", counting)
    stop = StopCriteria(600, 0, cancelled=lambda: len(passes) >= 12)
    first = solve(problem, backend=BlockBackend(None, QUICK), stop=stop)
    assert first.stops[0] is not None and first.stops[0] > 1
    again = solve(
        problem, backend=BlockBackend(None, QUICK), stop=StopCriteria(1e-6, 0), repeat=first.stops
    )
    assert np.array_equal(again.choice, first.choice)
    assert again.levels[1].bound == first.levels[1].bound
    assert again.stops == first.stops
