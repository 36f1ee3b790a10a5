"""The score of any plan, good or bad, against the independent evaluator."""

from random import Random

import numpy as np
import pytest

from matcher import Problem
from matcher.problem.program import UNPLACED
from matcher.problem.score import BrokenRule, Score, score
from tests.independent import Night
from tests.random_instances import random_instance
from tests.solve.test_exhaustive import KINDS, POLICIES, places_of


@pytest.mark.slow
@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("kind", KINDS)
def test_score_equals_the_independent_value(kind, policy):
    """Level 1, each term of level 2 and whether a rule is broken, for plans drawn at random."""
    for seed in range(100, 130):
        instance = random_instance(seed, **KINDS[kind])
        problem = Problem.of(instance, POLICIES[policy])
        night = Night(instance, POLICIES[policy])
        random = Random(seed)
        for _ in range(10):
            rows = [random.randint(-1, len(night.places) - 1) for _ in night.units]
            checked = score(problem.program, np.array(rows))
            plan = places_of(rows)
            assert checked.weight == night.weight(plan), (seed, rows)
            assert dict(checked.terms) == night.points(plan), (seed, rows)
            assert (not checked.broken_rules) == night.keeps_all(plan), (seed, rows)
            assert checked.value == sum(checked.terms.values())


@pytest.mark.slow
@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("kind", KINDS)
def test_pairs_and_lone_fits_equal_the_independent_ones(kind, policy):
    """Which pairs are allowed, and whether a unit alone keeps the budgets."""
    for seed in range(200, 250):
        instance = random_instance(seed, **KINDS[kind])
        program = Problem.of(instance, POLICIES[policy]).program
        night = Night(instance, POLICIES[policy])
        units, places = range(len(night.units)), range(len(night.places))
        allowed = [[night.allowed(u, p) for p in places] for u in units]
        fits = [[night.fits([u], p) for p in places] for u in units]
        assert program.allowed.tolist() == allowed, seed
        assert program.fits.tolist() == fits, seed


def test_score_names_the_budget_that_is_overrun():
    """Everyone in one municipality: the broken budgets are those that overrun."""
    seen = set()
    for seed in range(60):
        instance = random_instance(seed, 6, 2, bars=0.3)
        program = Problem.of(instance).program
        night = Night(instance, POLICIES["default"])
        checked = score(program, np.zeros(len(night.units), dtype=np.int64))
        broken = {b.rule for b in checked.broken_rules if b.group is not None}
        assert broken == night.overrun(range(len(night.units)), 0), seed
        seen |= broken
    budgets = {"places_this_year", "places_now", "minors", "dwellings", "places_asked_for"}
    assert seen == budgets


def test_score_names_the_units_in_barred_pairs():
    """A pair rule that is broken is told with the row of its unit."""
    for seed in range(30):
        instance = random_instance(seed, 5, 3)
        program = Problem.of(instance).program
        choice = np.full(program.shape[0], 1)
        barred = {b.unit for b in score(program, choice).broken_rules if b.rule == "pair"}
        assert barred == set(np.flatnonzero(~program.allowed[:, 1]).tolist())


@pytest.mark.parametrize("rows", [[0], [0] * 6, [0, 0, 0, 0, 3], [0, 0, -2, 0, 0]])
def test_rows_that_are_no_choice_are_refused(rows):
    """Too few, too many, past the last municipality, below unplaced."""
    program = Problem.of(random_instance(3, 5, 3)).program
    with pytest.raises(ValueError, match="a choice has 5 rows, each from -1 to 2"):
        score(program, np.array(rows))


def test_scores_order_by_broken_rules_then_level_one_then_level_two():
    """No points make up for a broken rule, and none for a household left out."""

    def of(broken, weight, value):
        return Score((BrokenRule("lar"),) * broken, 0, 0, weight, value, {})

    assert of(1, 900, 900) < of(0, 1, -900)
    assert of(0, 1, 900) < of(0, 2, -900)
    assert of(0, 2, 1) < of(0, 2, 2)
    assert of(0, 2, 2) == of(0, 2, 2)


def test_nobody_placed_has_level_one_zero_and_only_the_cost_of_being_behind():
    """An empty plan is worth what dispersion costs when nothing happens."""
    for seed in range(20):
        problem = Problem.of(random_instance(seed, 5, 3))
        nobody = np.full(problem.program.shape[0], UNPLACED)
        checked = score(problem.program, nobody)
        assert (checked.weight, checked.placed, checked.broken_rules) == (0, 0, ())
        assert checked.value == -sum(int(s.base.sum()) for s in problem.program.spreads)
