"""Parts of a program, classes of units that must be placed, and handing out again."""

from typing import Any

import numpy as np
import pytest

from matcher import Problem, StopCriteria, solve
from matcher.problem.prices import Prices
from matcher.problem.program import UNPLACED
from matcher.problem.score import score
from matcher.solve.columns import PairColumns
from matcher.solve.construction import place_in_order
from matcher.solve.level_problem import Level1Hold, LevelProblem
from matcher.solve.params.lp_params import RelaxationParams
from matcher.solve.params.solver_params import PricedParams, SolverParams
from matcher.solve.priced.lagrangian import LagrangianDual
from matcher.solve.priced.relaxation import solve_relaxation
from matcher.solve.priced.subproblem import build_subproblem
from matcher.solve.unit_classes import UnitClasses
from tests.random_instances import random_instance

SHAPE: dict[str, Any] = {"households": 9, "municipalities": 5, "bars": 0.3}


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
    part = build_subproblem(program, choice, units)
    others = np.setdiff1d(np.flatnonzero(choice != UNPLACED), units)
    own = int(program.pair_values[others, choice[others]].sum())
    for _ in range(10):
        mine = random.integers(UNPLACED, program.shape[1], len(units))
        whole = choice.copy()
        whole[units] = mine
        one, all_ = score(part, mine), score(program, whole)
        assert one.value + own == all_.value
        assert one.weight + int(program.weight[others].sum()) == all_.weight
        assert {b.rule for b in one.broken_rules} == {b.rule for b in all_.broken_rules}


@pytest.mark.parametrize("seed", range(20))
def test_units_that_must_be_placed_are_alike_up_to_a_number(seed):
    """Points of a class's first and what the others have beyond it make up all points."""
    program, _, random = case(seed, twins=2)
    must = program.feasible_pairs.any(axis=1)
    classes = UnitClasses.of(program, must)
    leader = classes.representative[classes.class_of_unit]
    assert len(classes.representative) <= len(UnitClasses.of(program).representative)
    assert np.array_equal(program.feasible_pairs, program.feasible_pairs[leader])
    units = np.flatnonzero(must)
    place = np.array([random.choice(np.flatnonzero(program.feasible_pairs[u])) for u in units])
    points = int(program.pair_values[units, place].sum())
    assert points == int(program.pair_values[leader[units], place].sum()) + classes.extra_value


def test_values_that_differ_by_a_number_make_one_class_only_of_those_that_must_be_placed():
    """Two units, one worth 5 points more everywhere: one class when both must, else two."""
    program, _, _ = case(0)
    one = np.flatnonzero(program.feasible_pairs.any(axis=1))[0]
    two = build_subproblem(program, np.full(program.shape[0], UNPLACED), np.array([one, one]))
    two.terms[2]["points"][1] += 5000
    assert len(UnitClasses.of(two).representative) == 2
    must = np.array([True, True])
    found = UnitClasses.of(two, must)
    assert (len(found.representative), found.extra_value) == (1, 5000)


@pytest.mark.parametrize("seed", range(10))
def test_coarser_classes_use_the_same_together(seed):
    """Only units of the same use are joined, and there are no more classes than before."""
    program, _, _ = case(seed, households=12, twins=2)
    fine = UnitClasses.of(program)
    coarse = fine.coarsen(3)
    leader = coarse.representative[coarse.class_of_unit]
    assert len(coarse.representative) <= len(fine.representative)
    assert coarse.count.sum() == program.shape[0]
    for part in (*program.resources, *program.spreads):
        assert np.array_equal(part.use, part.use[leader])


def test_prices_from_coarse_to_fine_prove_the_same_bound():
    """Coarser classes and a box around the prices change the way, and not where it ends."""
    for seed in range(6):
        problem = Problem.of(random_instance(seed, 14, 8, bars=0.2, room=0.6))
        choice = solve(problem, backend="greedy").choice
        at_once = solve_relaxation(problem.program, choice).bound
        coarse = RelaxationParams(max_coarsest_classes=2, coarsening_factor=2)
        params = SolverParams(priced=PricedParams(relaxation=coarse))
        by_steps = solve_relaxation(problem.program, choice, params=params).bound
        assert by_steps == pytest.approx(at_once, rel=1e-5, abs=2.0)


@pytest.mark.parametrize("seed", range(10))
def test_handed_out_again_as_many_stay_as_can(seed):
    """Counts by class stay, nothing is gained or lost, and no swap would let one more stay."""
    program, choice, random = case(seed, households=4, twins=4)
    classes = UnitClasses.of(program)
    to = random.integers(UNPLACED, program.shape[1], len(choice))
    out = classes.align_with(choice, to)
    assert np.array_equal(classes.amounts(out), classes.amounts(choice))
    assert score(program, out) == score(program, choice)
    most = np.minimum(classes.amounts(choice), classes.amounts(to)).sum()
    assert ((out == to) & (to != UNPLACED)).sum() == most


@pytest.mark.parametrize("seed", range(6))
def test_no_prices_prove_less_than_the_best_plan(seed):
    """The bound at no prices at all holds as well."""
    problem = Problem.of(random_instance(seed, **SHAPE))
    best = solve(problem, backend="highs", stop=StopCriteria(60, 0))
    hold = Level1Hold.of(problem.program, best.choice)
    columns = PairColumns.of(UnitClasses.of(problem.program, hold.required_units))
    question = LevelProblem(columns, 2, hold, best.choice, StopCriteria(), 0, lambda _: None)
    found = LagrangianDual.of(question).evaluate(Prices.zero(problem.program))
    assert found.bound >= best.score.value - 1e-3
