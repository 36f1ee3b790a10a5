"""What counts as wrong with a run."""

import pytest

from benchmarks.failures import find_failures
from benchmarks.row import FAILED_OUTCOMES, Row
from tests.benchmarks.made import baseline, failed, proved


def test_nothing_is_wrong_where_backends_agree_within_the_gap():
    """Two proved plans may differ by less than their bounds leave open."""
    assert find_failures([proved(), proved("cpsat", value_2=1000.9, bound_2=1000.9)]) == []


@pytest.mark.parametrize("outcome", FAILED_OUTCOMES)
def test_every_cell_without_a_plan_is_named(outcome):
    """Case, backend, seed, outcome and reason are all in the sentence."""
    (sentence,) = find_failures([proved(), failed(outcome=outcome)])
    for part in ("night", "pulp", "seed 1", outcome, "no reason given"):
        assert part in sentence


def test_two_proved_plans_further_apart_than_the_gap_are_named():
    """The worse one claimed that the better one is impossible."""
    (sentence,) = find_failures([proved(), proved("cpsat", value_2=1005.0, bound_2=1005.0)])
    assert "cpsat has a plan worth 1005.000 at level 2" in sentence
    assert "highs says that 1001.000 is the most" in sentence


def test_a_bound_below_a_baseline_is_named():
    """Any plan refutes a bound, also one that proves nothing itself."""
    (sentence,) = find_failures([proved(), baseline(value_1=701.0)])
    assert "greedy" in sentence
    assert "level 1" in sentence


def test_points_are_not_compared_where_other_persons_are_placed():
    """Fewer persons placed may bring more points; that contradicts no bound."""
    assert find_failures([proved(), baseline(value_1=690.0, value_2=2000.0)]) == []


def test_other_seeds_are_other_queues():
    """Values of different seeds say nothing about each other."""
    assert find_failures([proved(), proved("cpsat", seed=2, value_1=900.0, bound_1=900.0)]) == []


def test_a_plan_above_the_bare_bound_is_named():
    """The LP alone claims that no plan with as many placed is worth more."""
    lp = Row("night", "lp", 1, "bound", value_1=700.0, bound_2=990.0)
    (sentence,) = find_failures([proved(), lp])
    assert "lp says that 990.000 is the most" in sentence
