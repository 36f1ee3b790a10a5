"""Ranking leaves out rules and terms that do not concern a unit: they must not affect it."""

import numpy as np
import pytest

from matcher.problem.problem import Problem
from tests.random_instances import random_instance

SEEDS = range(12)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_rule_allows_every_unit_that_it_does_not_concern(seed):
    """Everywhere, and with certainty."""
    problem = Problem.of(random_instance(seed, 12, 6, bars=0.5))
    h, m = problem.households, problem.municipalities
    for rule in problem.selection.pair_rules:
        others = np.flatnonzero(~rule.concerns(h))
        if len(others):
            table = h.take(others)
            assert rule.allowed(table, m).all(), rule.id
            assert not rule.uncertain(table, m).any(), rule.id


@pytest.mark.parametrize("seed", SEEDS)
def test_a_term_gives_no_points_to_units_that_it_does_not_concern(seed):
    """0 in every municipality."""
    problem = Problem.of(random_instance(seed, 12, 6))
    h, m = problem.households, problem.municipalities
    for term in problem.selection.terms:
        others = np.flatnonzero(~term.concerns(h))
        if len(others):
            assert not term.points(h.take(others), m).any(), term.id


def test_some_units_are_concerned_and_others_not():
    """By every rule and term that says whom it concerns, so that the tests above can fail."""
    problems = [Problem.of(random_instance(seed, 12, 6, bars=0.5)) for seed in SEEDS]
    shares: dict[str, list[float]] = {}
    for problem in problems:
        for identifier, units in problem.concerned_units.items():
            shares.setdefault(identifier, []).append(float(units.mean()))
    partly = {identifier for identifier, values in shares.items() if 0 < np.mean(values) < 1}
    assert {"ban", "family_tie", "hospital", "lar", "pin", "work_nearby"} <= partly
