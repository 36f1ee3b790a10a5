"""The kinds of cases, on queues small enough to measure here."""

import pytest

from benchmarks.cases import case_names, case_of, purpose
from benchmarks.kinds import BuildQueue, RankOne
from benchmarks.row import Task

TASK = Task("any", "", 2, 1.0, 0.001)


@pytest.mark.parametrize("name", case_names())
def test_every_case_says_what_it_is_for_in_one_sentence(name):
    """A case file has a docstring that ends in a full stop, and a case."""
    assert purpose(name).endswith(".")
    assert "\n" not in purpose(name)
    assert callable(case_of(name).measure)


def test_building_is_measured_without_solving():
    """Times of building and nothing of a plan."""
    row = BuildQueue("small", households=30).measure(TASK)
    assert (row.outcome, row.households) == ("measured", 30)
    assert row.total_seconds == row.build_seconds > 0
    assert row.solve_seconds is row.value_1 is row.call_ms is None


def test_ranking_gives_the_median_call():
    """Every household, linked ones too, is ranked; one call takes less than all together."""
    row = RankOne("small", calls=40).measure(TASK)
    assert 0 < row.call_ms / 1000 < row.total_seconds - row.build_seconds


def test_a_seed_gives_the_same_queue_again():
    """Persons of the queue are a matter of the seed alone."""
    first, again = (BuildQueue("small").measure(TASK).persons for _ in range(2))
    assert first == again
