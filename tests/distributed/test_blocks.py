"""A queue in blocks through a real Dask cluster: what one machine finds, to the last digit."""

from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest

from instances.european import European
from matcher import Problem, Stop, solve
from matcher.distributed.ascent import Dual, Heat
from matcher.distributed.blocks import in_blocks
from matcher.distributed.plan import InBlocks, place_blocks
from matcher.distributed.rounding import round_by_blocks
from matcher.distributed.running import LOCAL, UNSEEN, InTurn, ThroughDask, cluster, joined
from matcher.distributed.tasks import add_up, survey, worth
from matcher.errors import BackendError, ClusterError
from matcher.price_bound import price_bound
from matcher.program import UNPLACED, totals
from matcher.score import score
from matcher.solve.classes import Classes
from matcher.solve.columns import Columns
from matcher.solve.lagrangian import Lagrangian
from matcher.solve.levels import Hold, Question, most_weight
from matcher.solve.prices import Prices
from matcher.solve.result import Progress
from tests.random_instances import random_instance
from tests.solvers.test_price_bound import rows_of

plan = import_module("matcher.distributed.plan")
running = import_module("matcher.distributed.running")
EUROPE = European(seed=3, households=900, regions=40, in_block=250)


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    """Prices need not be the best to be compared."""
    monkeypatch.setattr(plan, "PASSES", 8)


@pytest.fixture(scope="module")
def client():
    with cluster(LOCAL) as found:
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
    parts, _ = in_blocks(program, count)
    prices, held = random_prices(program, seed), most_weight(program)
    run = ThroughDask(parts, client)
    found = Dual(run, joined(run.each(survey)), held).at(prices)
    must = program.open.any(axis=1) & (program.weight > 0)
    hold, nobody = Hold(None, must), np.full(program.shape[0], UNPLACED)
    columns = Columns.of(Classes.of(program, must))
    question = Question(columns, 2, hold, nobody, Stop(60, 0), 0, lambda _: None)
    assert found.bound == pytest.approx(Lagrangian.of(question).at(prices).bound, rel=1e-9)
    net = program.points / 1000 - prices.charge(program, np.arange(program.shape[0]))
    net = np.where(program.open, net, -np.inf)
    goes = must | (net.max(axis=1) >= 0)
    best = np.where(goes & np.isfinite(net.max(axis=1)), net.argmax(axis=1), UNPLACED)
    demanded = zip((*program.resources, *program.spreads), found.sums.demand, strict=True)
    for part, demand in demanded:
        assert demand == pytest.approx(totals(part, best, len(demand)), rel=1e-9)


@pytest.mark.parametrize("placed", [0.0, 0.4])
def test_bounds_are_those_of_the_checker_also_where_some_are_left_out(placed):
    """The checker shares no line with it, and holds what a plan places at a price."""
    for seed in range(4):
        program = queue(seed, room=0.4)
        made = solve(Problem.of(random_instance(seed, 60, 8, bars=0.2, room=0.4)), backend="greedy")
        held, prices = made.score.weight, random_prices(program, seed, placed)
        run = InTurn(in_blocks(program, 3)[0])
        bound = Dual(run, joined(run.each(survey)), held).at(prices).bound
        rows = rows_of(program, prices)
        assert bound == pytest.approx(price_bound(program, rows, held, placed), rel=1e-9)
        assert bound >= made.score.value


def test_the_smooth_dual_comes_down_to_the_exact_one_and_is_never_below():
    """Less heat, less distance."""
    program = queue(1)
    run = InTurn(in_blocks(program, 2)[0])
    prices, exact = random_prices(program, 1), None
    distance = []
    for heat in (30.0, 3.0, 0.1):
        sums = joined(run.each(add_up, prices, True, heat))
        exact = joined(run.each(add_up, prices, True, 0.0)).best
        assert sums.best == pytest.approx(exact, rel=1e-12)
        distance.append(sums.soft - exact)
    assert distance == sorted(distance, reverse=True) and 0 <= distance[-1] < distance[0]


def test_a_stage_never_raises_the_bound():
    """From any prices, it ends at or below where it began."""
    program = queue(2)
    run = InTurn(in_blocks(program, 3)[0])
    dual = Dual(run, joined(run.each(survey)), most_weight(program))
    for seed in range(3):
        before = dual.at(random_prices(program, seed))
        after = dual.lowered(before.prices, [Heat(3.0, 12), Heat(0.5, 12)])
        assert after.bound < before.bound
        assert all((p >= 0).all() for p in after.prices.resources)


def test_a_plan_through_the_cluster_is_the_plan_of_one_process(client):
    """Built where they are worked on: same choices, prices, value and bound, to the bit."""
    here = place_blocks(InTurn(EUROPE.blocks), EUROPE.blocks[0], 6)
    there = place_blocks(ThroughDask(EUROPE.blocks, client), EUROPE.blocks[0], 6)
    assert (here.value, here.bound, here.weight) == (there.value, there.bound, there.weight)
    assert all(np.array_equal(a, b) for a, b in zip(here.choices, there.choices, strict=True))
    assert here.units == EUROPE.households
    assert here.weight == here.most
    assert 0 <= here.gap < 0.05


@pytest.mark.parametrize("room", [1.0, 0.4])
def test_as_a_backend_its_plan_is_recomputed_like_any_other(room):
    """No rule is broken, the value is the checked one, and the best of another is within bounds."""
    for seed in range(3):
        problem = Problem.of(random_instance(seed, 30, 6, bars=0.2, room=room))
        found = solve(problem, backend=InBlocks(None, units=8))
        assert not found.score.broken
        best = solve(problem, backend="highs", stop=Stop(60, 0))
        assert found.score.weight <= best.score.weight
        if found.score.weight == best.score.weight:
            assert found.levels[1].bound * 1000 >= best.score.value - 1


def test_as_a_backend_it_tells_what_it_has_found():
    """A bound first, then that of the plan with its value, which are those of the result."""
    problem = Problem.of(random_instance(1, 30, 6, bars=0.2))
    told: list[Progress] = []
    found = solve(problem, backend=InBlocks(None, units=8), progress=told.append)
    assert [one.value is None for one in told] == [True, True, False]
    assert told[-1].value == pytest.approx(found.score.value / 1000)
    assert told[-1].bound == pytest.approx(found.levels[1].bound, abs=2e-3)


def test_a_queue_of_nobody_is_placed():
    """No block at all."""
    instance = random_instance(1, 3, 3).replace(households=(), links=())
    assert solve(Problem.of(instance), backend=InBlocks(None)).score.placed == 0


@pytest.mark.parametrize("seed", range(4))
def test_a_plan_along_any_prices_keeps_every_rule(seed):
    """However wrong the prices, and however little room there is."""
    program = queue(seed, room=0.3)
    parts, rows = in_blocks(program, 3)
    run = InTurn(parts)
    frame, prices = joined(run.each(survey)), random_prices(program, seed)
    wanted = [np.full(s.base.shape, 3.0) for s in program.spreads]
    choices = round_by_blocks(run, frame, prices, wanted)
    whole = np.full(program.shape[0], UNPLACED)
    for some, choice in zip(rows, choices, strict=True):
        whole[some] = choice
    checked, made = score(program, whole), joined(run.each(worth, own=choices))
    assert not checked.broken and checked.placed > 0
    assert (made.weight, made.persons) == (checked.weight, checked.placed)
    assert (
        made.value
        - sum(
            int(s.cost(u).sum())
            for s, u in zip(program.spreads, made.used[len(program.resources) :], strict=True)
        )
        == checked.value
    )


def test_a_plan_that_breaks_a_limit_is_refused(monkeypatch):
    """Nothing that rounding says is believed."""
    block = EUROPE.blocks[0]
    everyone = np.zeros(EUROPE.in_block, dtype=np.int64)
    monkeypatch.setattr(plan, "round_by_blocks", lambda *_: [everyone])
    with pytest.raises(BackendError, match="breaks a rule"):
        place_blocks(InTurn([block]), block, 2)


def test_where_no_scheduler_answers_it_is_said_how_to_start_one(monkeypatch):
    """The address is named."""
    monkeypatch.setattr(running, "PATIENCE", 0.3)
    told = pytest.raises(ClusterError, match="no Dask scheduler answers at 'tcp://127")
    with told, cluster("tcp://127.0.0.1:1"):
        pass


@pytest.fixture
def scheduler():
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=0, processes=False, protocol="tcp", host="127.0.0.1", dashboard_address=UNSEEN
    ) as found:
        yield found


def test_a_cluster_without_workers_is_refused(monkeypatch, scheduler):
    """It would wait for ever."""
    monkeypatch.setattr(running, "PATIENCE", 0.3)
    told = pytest.raises(ClusterError, match="has no workers; start some with 'dask worker tcp:")
    with told, cluster(scheduler.scheduler_address):
        pass


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_that_is_lost_on_the_way_ends_in_one_sentence(monkeypatch, scheduler):
    """Its workers and its scheduler are gone after the first answer."""
    monkeypatch.setattr(running, "PATIENCE", 3.0)
    scheduler.scale(1)
    with cluster(scheduler.scheduler_address) as client:
        answers = ThroughDask(EUROPE.blocks, client).each(survey)
        assert next(answers).units == EUROPE.in_block
        scheduler.close()
        with pytest.raises(ClusterError, match="the Dask cluster was lost on the way"):
            list(ThroughDask(EUROPE.blocks, client).each(survey))


def test_prices_cost_the_same_in_every_block(client):
    """Sums of a few blocks, scaled, are near those of all: each block stands for the queue."""
    run = ThroughDask(EUROPE.blocks, client)
    dual = Dual(run, joined(run.each(survey)), 0)
    prices = replace(Prices.none(dual.frame.limits), placed=1.0)
    few, every = dual.at(prices, of=2), dual.at(prices)
    assert few.sums.best == pytest.approx(every.sums.best, rel=0.1)
    assert few.sums.best != every.sums.best
