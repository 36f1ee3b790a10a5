"""Parts of a program, classes of units that must be placed, and handing out again."""

from importlib import import_module

import numpy as np
import pytest

from matcher import Problem, Stop, solve
from matcher.program import UNPLACED
from matcher.score import score
from matcher.solve.classes import Classes
from matcher.solve.columns import Columns
from matcher.solve.greedy import place_in_order
from matcher.solve.lagrangian import Lagrangian
from matcher.solve.levels import Hold, Question
from matcher.solve.part import part_of
from matcher.solve.prices import Prices
from matcher.solve.relaxation import relax
from tests.random_instances import random_instance

relaxation = import_module("matcher.solve.relaxation")
SHAPE = {"households": 9, "municipalities": 5, "bars": 0.3}


def case(seed, **shape):
    """A program with a plan that keeps all rules, made in a random order."""
    program = Problem.of(random_instance(seed, **(SHAPE | shape))).program
    random = np.random.default_rng(seed)
    return program, place_in_order(program, random.permutation(program.shape[0])), random


@pytest.mark.parametrize("seed", range(20))
def test_a_part_is_worth_what_it_adds_to_the_others(seed):
    """Whatever the free units do, the whole is worth the part and the others' own points."""
    program, choice, random = case(seed)
    units = np.flatnonzero(random.random(len(choice)) < 0.5)
    part = part_of(program, choice, units)
    others = np.setdiff1d(np.flatnonzero(choice != UNPLACED), units)
    own = int(program.points[others, choice[others]].sum())
    for _ in range(10):
        mine = random.integers(UNPLACED, program.shape[1], len(units))
        whole = choice.copy()
        whole[units] = mine
        one, all_ = score(part, mine), score(program, whole)
        assert one.value + own == all_.value
        assert one.weight + int(program.weight[others].sum()) == all_.weight
        assert {b.rule for b in one.broken} == {b.rule for b in all_.broken}


@pytest.mark.parametrize("seed", range(20))
def test_units_that_must_be_placed_are_alike_up_to_a_number(seed):
    """Points of a class's first and what the others have beyond it make up all points."""
    program, _, random = case(seed, twins=2)
    must = program.open.any(axis=1)
    classes = Classes.of(program, must)
    leader = classes.first[classes.of_unit]
    assert len(classes.first) <= len(Classes.of(program).first)
    assert np.array_equal(program.open, program.open[leader])
    units = np.flatnonzero(must)
    place = np.array([random.choice(np.flatnonzero(program.open[u])) for u in units])
    points = int(program.points[units, place].sum())
    assert points == int(program.points[leader[units], place].sum()) + classes.extra


def test_values_that_differ_by_a_number_make_one_class_only_of_those_that_must_be_placed():
    """Two units, one worth 5 points more everywhere: one class when both must, else two."""
    program, _, _ = case(0)
    one = np.flatnonzero(program.open.any(axis=1))[0]
    two = part_of(program, np.full(program.shape[0], UNPLACED), np.array([one, one]))
    two.terms[2]["points"][1] += 5000
    assert len(Classes.of(two).first) == 2
    must = np.array([True, True])
    found = Classes.of(two, must)
    assert (len(found.first), found.extra) == (1, 5000)


@pytest.mark.parametrize("seed", range(10))
def test_coarser_classes_use_the_same_together(seed):
    """Only units of the same use are joined, and there are no more classes than before."""
    program, _, _ = case(seed, households=12, twins=2)
    fine = Classes.of(program)
    coarse = fine.coarser(3)
    leader = coarse.first[coarse.of_unit]
    assert len(coarse.first) <= len(fine.first)
    assert coarse.count.sum() == program.shape[0]
    for part in (*program.resources, *program.spreads):
        assert np.array_equal(part.use, part.use[leader])


def test_prices_from_coarse_to_fine_prove_the_same_bound(monkeypatch):
    """Coarser classes and a box around the prices change the way, and not where it ends."""
    for seed in range(6):
        problem = Problem.of(random_instance(seed, 14, 8, bars=0.2, room=0.6))
        choice = solve(problem, backend="greedy").choice
        monkeypatch.setattr(relaxation, "MAX_COARSEST_CLASSES", 1000)
        at_once = relax(problem.program, choice).bound
        monkeypatch.setattr(relaxation, "MAX_COARSEST_CLASSES", 2)
        monkeypatch.setattr(relaxation, "COARSENING_FACTOR", 2)
        assert relax(problem.program, choice).bound == pytest.approx(at_once, rel=1e-5, abs=2.0)


@pytest.mark.parametrize("seed", range(10))
def test_handed_out_again_as_many_stay_as_can(seed):
    """Counts by class stay, nothing is gained or lost, and no swap would let one more stay."""
    program, choice, random = case(seed, households=4, twins=4)
    classes = Classes.of(program)
    to = random.integers(UNPLACED, program.shape[1], len(choice))
    out = classes.closest(choice, to)
    assert np.array_equal(classes.amounts(out), classes.amounts(choice))
    assert score(program, out) == score(program, choice)
    most = np.minimum(classes.amounts(choice), classes.amounts(to)).sum()
    assert ((out == to) & (to != UNPLACED)).sum() == most


@pytest.mark.parametrize("seed", range(6))
def test_no_prices_prove_less_than_the_best_plan(seed):
    """The bound at no prices at all holds as well."""
    problem = Problem.of(random_instance(seed, **SHAPE))
    best = solve(problem, backend="highs", stop=Stop(60, 0))
    hold = Hold.of(problem.program, best.choice)
    columns = Columns.of(Classes.of(problem.program, hold.units))
    question = Question(columns, 2, hold, best.choice, Stop(), 0, lambda _: None)
    found = Lagrangian.of(question).at(Prices.none(problem.program))
    assert found.bound >= best.score.value - 1e-3
