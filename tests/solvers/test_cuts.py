"""Cuts hold for every plan and for no LP that breaks them; bounds with cuts are never false."""

import threading
import time
from dataclasses import replace
from importlib import import_module
from itertools import product

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy import sparse

from instances import Profile, generate
from instances.known import known_answers
from matcher import Problem, Stop, solve
from matcher.program import UNPLACED
from matcher.score import score
from matcher.solve import BACKENDS, scip
from matcher.solve.classes import Classes
from matcher.solve.columns import Columns
from matcher.solve.cuts import LEAST, MOST, TINY, System, Vertex, gomory, rounded
from matcher.solve.cutting import tightened
from matcher.solve.greedy import first_plan
from matcher.solve.highs import NOTHING, Model, load
from matcher.solve.lagrangian import Relaxation
from matcher.solve.levels import Hold, Question
from matcher.solve.relaxation import relax_level
from matcher.solve.stopping import Stops
from tests.random_instances import random_instance
from tests.solvers.test_exhaustive import KINDS

cuts = import_module("matcher.solve.cuts")
cutting = import_module("matcher.solve.cutting")
LARGEST = 3
"""Largest value that any column of a random program can have."""
SHAPES = [*KINDS.values(), {"households": 12, "municipalities": 10, "bars": 0.2, "room": 0.5}]
KNOWN = {answer.name: answer for answer in known_answers()}


def integer_program(seed):
    """A small system with all kinds of rows, and every point in whole numbers that keeps it.

    Some columns have a bound of their own, the others are bounded by a row. Rows have an upper
    limit, a lower one, both, or are equations. The last are cuts: fractions, and no whole slack.
    """
    random = np.random.default_rng(seed)
    columns = int(random.integers(2, 6))
    most = random.integers(1, LARGEST + 1, columns).astype(float)
    bounded = random.random(columns) < 0.6
    inside = random.integers(0, most + 1)
    inside[~bounded] //= max(1, int((~bounded).sum()))
    rows = [(np.where(bounded, 0, 1), -np.inf, LARGEST)]
    for kind in random.choice(["upper", "lower", "both", "equal"], int(random.integers(2, 5))):
        row = random.integers(-3, 8, columns)
        at = int(row @ inside)
        low, high = at - int(random.integers(0, 4)), at + int(random.integers(0, 4))
        rows.append(
            {
                "upper": (row, -np.inf, high),
                "lower": (row, low, np.inf),
                "both": (row, low, high + 1),
                "equal": (row, at, at),
            }[str(kind)]
        )
    whole = len(rows)
    for _ in range(int(random.integers(0, 3))):
        row = random.normal(size=columns) * 3
        rows.append((row, -np.inf, float(row @ inside) + random.random()))
    matrix, lower, upper = (np.array(part, dtype=float) for part in zip(*rows, strict=True))
    system = System(
        cost=random.normal(size=columns) * 5,
        most=np.where(bounded, most, np.inf),
        matrix=sparse.csr_array(matrix),
        lower=lower,
        upper=upper,
        cut=np.arange(len(rows)) >= whole,
    )
    box = [range(int(m) + 1 if b else LARGEST + 1) for m, b in zip(most, bounded, strict=True)]
    points = np.array(list(product(*box)), dtype=float)
    activity = points @ matrix.T
    kept = ((activity >= lower - 1e-9) & (activity <= upper + 1e-9)).all(axis=1)
    assert kept.any()
    return system, points[kept], random


def any_vertex(system, random):
    """Values of some columns, many of them at their bound, and limits to rest on, at random."""
    columns, rows = len(system.most), len(system.cut)
    some = np.flatnonzero(random.random(columns) < 0.8)
    most = np.minimum(system.most[some], LARGEST)
    values = np.where(random.random(len(some)) < 0.5, most, random.random(len(some)) * most)
    return Vertex(some, values, np.zeros(rows), random.random(rows) < 0.5)


def any_multipliers(system, random):
    """Rows to add up, of either sign: any numbers, fractions of small denominators, and none."""
    shape = (12, len(system.cut))
    numbers = random.normal(size=shape) * random.choice([0.3, 1.0, 4.0])
    parts = random.integers(-9, 10, shape) / random.integers(1, 7, shape)
    kind = random.random(shape)
    return np.where(kind < 0.4, numbers, np.where(kind < 0.7, parts, 0.0))


@pytest.fixture
def all_cuts(monkeypatch):
    """Every cut is returned, however dense, shallow or alike."""
    monkeypatch.setattr(cuts, "DENSE", 1.0)
    monkeypatch.setattr(cuts, "DEEP", -np.inf)
    monkeypatch.setattr(cuts, "ALIKE", np.inf)


@pytest.fixture
def dense_cuts(monkeypatch):
    """Cuts may touch all columns, of which small programs have few."""
    monkeypatch.setattr(cuts, "DENSE", 1.0)


@pytest.mark.parametrize("block", range(4))
def test_a_cut_of_any_multipliers_holds_for_every_point_in_whole_numbers(block, all_cuts):
    """Whatever rows are added up, wherever they rest, and also for columns that the LP lacks."""
    made, complemented, beside = 0, 0, 0
    for seed in range(100 * block, 100 * (block + 1)):
        system, points, random = integer_program(seed)
        vertex = any_vertex(system, random)
        found = gomory(system, vertex, any_multipliers(system, random), 100)
        assert (points @ found.matrix.T.toarray() <= found.upper + 1e-7).all(), seed
        made += len(found.upper)
        full = np.flatnonzero(vertex.full(system))
        complemented += found.matrix[:, full].nnz
        outside = np.setdiff1d(np.arange(len(system.most)), vertex.inside)
        beside += found.matrix[:, outside].nnz
    assert min(made, complemented, beside) > 100


def basis(solver, system):
    """A solved LP's vertex, the value of each basic variable, and rows of the basis' inverse."""
    solution, count = solver.getSolution(), len(system.cut)
    values, activity = np.array(solution.col_value), np.array(solution.row_value)
    status = solver.getBasis().row_status
    low = np.array([s == cutting.AT_LOWER for s in status])
    _, basic = solver.getBasicVariables()
    basic = np.asarray(basic)
    row = np.clip(-basic - 1, 0, None)
    value = np.where(basic >= 0, values[np.clip(basic, 0, None)], activity[row])
    value = np.where((basic < 0) & system.cut[row], 0.0, value)
    inverse = np.array([solver.getBasisInverseRow(k)[1] for k in range(count)])
    return Vertex(np.arange(len(values)), values, activity, low), value, inverse


def lp(system):
    model = Model(
        system.cost, system.most, system.matrix, system.lower, system.upper, 0, offset=0.0
    )
    solver = load(model, integer=False)
    solver.run()
    return solver


@pytest.mark.parametrize("block", range(4))
def test_a_row_of_the_basis_makes_a_cut_that_the_vertex_breaks(block, dense_cuts):
    """Round for round, with the cuts so far among the rows; no point in whole numbers is lost."""
    broken = at_bound = at_lower = on_cuts = 0
    for seed in range(100 * block, 100 * (block + 1)):
        system, points, _ = integer_program(seed)
        for _ in range(4):
            vertex, value, inverse = basis(lp(system), system)
            part = value - np.floor(value)
            for row in np.flatnonzero((part > 2 * LEAST) & (part < 1 - 2 * LEAST)):
                found = gomory(system, vertex, inverse[[row]], 10)
                beyond = found.matrix @ vertex.values - found.upper
                assert len(beyond), (seed, row)
                assert (beyond > 0).all(), (seed, row)
                at_bound += vertex.full(system).any()
                at_lower += (vertex.low & (np.abs(inverse[row]) > TINY)).any()
                on_cuts += (system.cut & (np.abs(inverse[row]) > TINY)).any()
            found = gomory(system, vertex, inverse, 100)
            assert (points @ found.matrix.T.toarray() <= found.upper + 1e-7).all(), seed
            if not len(found.upper):
                break
            broken += len(found.upper)
            system = system.with_cuts(found)
    assert min(broken, at_bound, at_lower, on_cuts) >= 10


def test_a_vertex_in_whole_numbers_is_not_cut_off(dense_cuts):
    """No cut is broken by a point that keeps every row."""
    for seed in range(60):
        system, points, random = integer_program(seed)
        everything = np.arange(len(system.most))
        for point in points[:3]:
            low = random.random(len(system.cut)) < 0.5
            vertex = Vertex(everything, point, system.matrix @ point, low)
            assert not len(gomory(system, vertex, any_multipliers(system, random), 9).upper), seed


NUMBERS = st.floats(-50, 50)
FRACTIONS = st.floats(LEAST, MOST)


@given(NUMBERS | st.integers(-50, 50), NUMBERS | st.floats(-1e-6, 1e-6), FRACTIONS)
@example(3, -1e-7, 0.5)
@example(-2, -1e-6, 0.9)
def test_rounding_is_continuous_and_never_falls(value, step, fraction):
    """A coefficient that moves by little is rounded to much the same."""
    one, other = rounded(np.array([value, value + step]), np.full(2, fraction))
    assert abs(one - other) <= (abs(step) + 2 * TINY) / (1 - fraction) + 1e-12
    assert (other - one) * step >= -2 * TINY / (1 - fraction) * abs(step)


@given(NUMBERS, NUMBERS, FRACTIONS)
def test_rounding_a_sum_is_no_less_than_the_sum_of_what_is_rounded(one, other, fraction):
    """So that what holds for columns one by one holds for all that are chosen."""
    values = np.array([one, other, one + other])
    first, second, together = rounded(values, np.full(3, fraction))
    assert first + second <= together + 3 * TINY / (1 - fraction)
    assert (rounded(values, np.full(3, fraction)) <= values + TINY).all()


@given(st.integers(-50, 50), st.floats(-TINY / 2, TINY / 2), FRACTIONS)
def test_rounding_keeps_whole_numbers_as_they_are(number, error, fraction):
    """Also those that rounding errors have put a little off."""
    (found,) = rounded(np.array([number + error]), np.array([fraction]))
    assert found == pytest.approx(number, abs=TINY)


def asked(program, choice, level):
    """A level's question, with what the choice places held at level 2."""
    hold = Hold.of(program, choice) if level == 2 else Hold.nothing(program)
    classes = Classes.of(program, hold.units) if level == 2 else Classes.of(program)
    return Question(Columns.of(classes), level, hold, choice, Stop(60, 0), 0, lambda _: None)


def bounds(program, choice, level):
    """The relaxation of a level, and with cuts, as far as they go."""
    question = asked(program, choice, level)
    relaxed = relax_level(question, 60)
    return question, relaxed, tightened(question, relaxed, -np.inf, 60)


def at_most(question, found: Relaxation, choice):
    """What a choice can be worth by a bound and the reduced values of its pairs."""
    amounts = question.columns.classes.amounts(choice)
    lost = found.reduced[amounts > 0] @ amounts[amounts > 0]
    return found.bound + 1000 * lost


@pytest.mark.parametrize("shape", SHAPES, ids=[str(s) for s in SHAPES])
def test_the_bound_with_cuts_lies_between_optimum_and_lp(shape, dense_cuts):
    """And the best plan is worth no more than the bound less what its pairs lose."""
    tighter = 0
    for seed in range(15):
        problem = Problem.of(random_instance(seed, **shape))
        best = solve(problem, backend="highs", stop=Stop(60, 0))
        question, relaxed, tight = bounds(problem.program, best.choice, 2)
        assert best.score.value - 0.5 <= tight.bound <= relaxed.bound, seed
        assert best.score.value - 0.5 <= at_most(question, tight, best.choice), seed
        assert (tight.reduced <= 1e-6).all(), seed
        assert np.array_equal(np.isneginf(tight.reduced), ~question.columns.classes.open), seed
        assert tight.prices is relaxed.prices
        tighter += tight.bound < relaxed.bound - 1
    assert tighter or shape["households"] < 6 or shape["municipalities"] == 1


@pytest.mark.parametrize("seed", range(12))
def test_a_plan_with_a_pair_is_worth_no_more_than_the_pair_allows(seed, dense_cuts):
    """The best plan with each pair, forced one by one, stays below bound and reduced value."""
    shape = {"households": 6, "municipalities": 4, "bars": 0.2, "room": 0.7}
    problem = Problem.of(random_instance(seed, **shape))
    program = problem.program
    best = solve(problem, backend="highs", stop=Stop(60, 0))
    question, _, tight = bounds(program, best.choice, 2)
    classes = question.columns.classes
    for kind, municipality in np.argwhere(classes.open):
        only = program.allowed.copy()
        only[classes.first[kind]] = np.arange(program.shape[1]) == municipality
        forced = BACKENDS["highs"](
            replace(program, allowed=only), Stop(60, 0), 1, lambda _: None
        ).choice
        found = score(program, forced)
        if forced[classes.first[kind]] == UNPLACED or found.weight < best.score.weight:
            continue
        allowed = tight.bound + 1000 * tight.reduced[kind, municipality]
        assert found.value <= allowed + 0.5, (kind, municipality)
        assert found.value <= at_most(question, tight, forced) + 0.5, (kind, municipality)


def test_the_bound_of_level_1_with_cuts_lies_between_optimum_and_lp(dense_cuts):
    """As at level 2; where places are too few, the LP places households by halves."""
    open_, tighter = 0, 0
    for seed in range(40):
        instance = random_instance(seed, 12, 3, bars=0.1, room=0.3)
        program = Problem.of(instance).program
        best = BACKENDS["highs"](program, Stop(60, 0), 1, lambda _: None).choice
        weight = score(program, best).weight
        question, relaxed, tight = bounds(program, first_plan(program), 1)
        assert weight - 0.5 <= tight.bound <= relaxed.bound, seed
        assert weight - 0.5 <= at_most(question, tight, best), seed
        open_ += relaxed.bound > weight + 1
        tighter += tight.bound < relaxed.bound - 1
    assert open_ >= 5
    assert tighter >= open_ / 2


LOOSE = {"assignment-middle.txt 2 max": 0.6, "assignment-middle.txt 2 min": 0.3,
         "scores-middle placed first": 0.3, "scores-middle score only": 0.5}  # fmt: skip
"""Problems whose LP is far from the best plan, and what part of the way cuts must come."""


@pytest.mark.parametrize(("name", "part"), LOOSE.items())
def test_cuts_bring_a_loose_bound_down_by_a_good_part(name, part):
    """Of the distance between the LP and the known best plan."""
    answer = KNOWN[name]
    start = first_plan(answer.program)
    if score(answer.program, start).weight < answer.weight:
        start = BACKENDS["highs"](answer.program, Stop(60, 0), 1, lambda _: None).choice
    _, relaxed, tight = bounds(answer.program, start, 2)
    assert answer.value - 0.5 <= tight.bound
    assert relaxed.bound - tight.bound >= part * (relaxed.bound - answer.value)


@pytest.fixture(scope="module")
def queue():
    """Sixty households on the real municipalities, and their best plan."""
    problem = Problem.of(generate(Profile.read("night"), seed=2, households=60))
    return problem.program, solve(problem, stop=Stop(60, 0))


def test_cuts_close_nearly_all_of_the_distance_on_a_small_night(queue):
    """Though the LP has few of its thousands of pairs, and so had the cuts when they were made."""
    program, best = queue
    question, relaxed, tight = bounds(program, best.choice, 2)
    distance = relaxed.bound - best.score.value
    assert distance > 10_000
    assert -0.5 <= tight.bound - best.score.value <= 0.1 * distance
    assert best.score.value - 0.5 <= at_most(question, tight, best.choice)


def test_cuts_stop_where_the_plan_so_far_is_proved(queue, monkeypatch):
    """With a plan as good as the LP's bound there is nothing to gain, and no cut is made."""
    program, best = queue
    question = asked(program, best.choice, 2)
    relaxed = relax_level(question, 60)
    monkeypatch.setattr(cutting, "gomory", None)
    assert tightened(question, relaxed, relaxed.bound, 60).bound <= relaxed.bound


def test_cuts_that_the_clock_stopped_are_repeated_to_the_bit(queue, monkeypatch):
    """The rounds are counted."""
    # The LP would ask as well, as often as it likes.
    monkeypatch.setattr(cutting, "listen", lambda *_: None)
    program, best = queue
    question = asked(program, best.choice, 2)
    relaxed = relax_level(question, 60)
    looks = iter([False, False, False])
    stops = Stops()
    stop = Stop(60, 0, cancelled=lambda: next(looks, True), stops=stops)
    first = tightened(replace(question, stop=stop), relaxed, -np.inf, 60)
    assert stops.record == (4,)
    stop = Stop(60, 0, stops=Stops(stops.record))
    again = tightened(replace(question, stop=stop), relaxed, -np.inf, 1e-9)
    assert again.bound == first.bound
    assert np.array_equal(again.reduced, first.reduced)
    assert np.array_equal(again.flows, first.flows)


@pytest.fixture(scope="module")
def long_question():
    """A night that keeps SCIP busy for longer than any test here gives it."""
    problem = Problem.of(generate(Profile.read("night"), seed=1, households=300))
    return asked(problem.program, first_plan(problem.program), 2)


def test_scip_left_to_prove_gives_up_when_cancelled(long_question):
    """It returns nothing, soon after someone cancels, however much time it has."""
    called, before = threading.Event(), threading.enumerate()
    stops = Stops()
    stop = Stop(4, 0, cancelled=called.is_set, stops=stops)
    threading.Timer(0.2, called.set).start()
    begun = time.perf_counter()
    found = scip.prove(replace(long_question, stop=stop))
    assert found == NOTHING
    assert time.perf_counter() - begun < 2
    assert stops.record == (0,)
    # It has time left and goes on by itself. No process may end before it does.
    left = [thread for thread in threading.enumerate() if thread not in before]
    assert left
    for thread in left:
        thread.join()


def test_scip_cancelled_before_it_starts_is_never_asked(long_question, monkeypatch):
    """Nothing is returned, and no model is built."""
    monkeypatch.setattr(scip, "level_model", None)
    stop = Stop(60, 0, cancelled=lambda: True)
    assert scip.prove(replace(long_question, stop=stop)) == NOTHING


def test_scip_whose_time_is_too_short_proves_nothing(long_question):
    """What it has by then is not used, and a repetition does not ask it at all."""
    stops = Stops()
    found = scip.prove(replace(long_question, stop=Stop(0.3, 0, stops=stops)))
    assert found == NOTHING
    assert stops.record == (0,)
    again = replace(long_question, stop=Stop(60, 0, stops=Stops(stops.record)))
    begun = time.perf_counter()
    assert scip.prove(again) == NOTHING
    assert time.perf_counter() - begun < 0.1


def test_scip_proves_what_highs_proves():
    """To the gap asked for, with a bound that is no lower than the best plan."""
    for seed in range(5):
        problem = Problem.of(random_instance(seed, 8, 4, bars=0.2))
        best = solve(problem, backend="highs", stop=Stop(60, 0))
        found = scip.prove(asked(problem.program, best.choice, 2))
        assert score(problem.program, found.choice).value == best.score.value
        assert found.bound == pytest.approx(best.score.value, rel=1e-9, abs=0.5)
