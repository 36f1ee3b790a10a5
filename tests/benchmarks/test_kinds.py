"""The kinds of cases, on queues small enough to measure here."""

import pytest

from benchmarks.case_kinds import BuildProgram, RankHouseholds, ReplanQueue, SolveQueue
from benchmarks.cases import case_names, describe_case, get_case
from benchmarks.row import Task

TASK = Task("any", "", 2, 1.0, 0.001)


@pytest.mark.parametrize("name", case_names())
def test_every_case_says_what_it_is_for_in_one_sentence(name):
    """A case file has a docstring that ends in a full stop, and a case."""
    assert describe_case(name).endswith(".")
    assert "\n" not in describe_case(name)
    assert callable(get_case(name).measure)


def test_building_is_measured_without_solving():
    """Times of building and nothing of a plan."""
    row = BuildProgram("small", households=30).measure(TASK)
    assert (row.outcome, row.households) == ("measured", 30)
    assert row.total_seconds == row.build_seconds > 0
    assert row.solve_seconds is row.value_1 is row.call_ms is None


def test_ranking_gives_the_median_call():
    """Every household, linked ones too, is ranked; one call takes less than all together."""
    row = RankHouseholds("small", calls=40).measure(TASK)
    assert 0 < row.call_ms / 1000 < row.total_seconds - row.build_seconds


def test_a_seed_gives_the_same_queue_again():
    """Persons of the queue are a matter of the seed alone."""
    first, again = (BuildProgram("small").measure(TASK).persons for _ in range(2))
    assert first == again


def test_solving_tells_when_it_was_how_near():
    """A proved plan came within 1 %, then 0.1 %, and all of that within the time it took."""
    row = SolveQueue("small", households=20).measure(Task("any", "priced", 2, 20.0, 0.001))
    assert row.outcome == "proved"
    assert 0 < row.to_percent <= row.to_tenth <= row.solve_seconds
    assert row.total_seconds == pytest.approx(row.build_seconds + row.solve_seconds)


def test_planning_again_moves_few_and_places_the_new_one():
    """From a proved plan of one household less: proved again, and its own time stands apart."""
    row = ReplanQueue("small", households=20).measure(Task("any", "priced", 2, 20.0, 0.001))
    assert (row.outcome, row.households) == ("proved", 20)
    assert row.earlier_seconds > 0
    assert 0 <= row.moved < 20
    assert row.total_seconds == pytest.approx(row.build_seconds + row.solve_seconds)


def test_planning_again_without_an_earlier_plan_says_so():
    """A backend that finds nothing has nothing to start from."""
    task = Task("any", "tests.benchmarks.stubs:giving_up", 2, 5.0, 0.001)
    row = ReplanQueue("small", households=10).measure(task)
    assert row.outcome == "no plan"
    assert "no earlier plan" in row.message


def test_only_backends_that_can_start_from_a_plan_plan_again():
    """Baselines and references begin anew each time."""
    asked = ["lp", "priced", "highs", "greedy", "tests.benchmarks.stubs:giving_up"]
    assert ReplanQueue("small").select_backends(asked) == ["priced", "highs"]


def test_a_profile_is_a_case_at_any_size():
    """As ``profile:households``, with a sentence of its own."""
    assert get_case("night:70") == SolveQueue("night", 70)
    assert describe_case("night:70") == "70 households as in profile `night`."


@pytest.mark.parametrize("name", ["nigth:70", "night:", "night:many", "night:0"])
def test_a_size_of_no_profile_or_no_size_is_refused(name):
    """The message tells which of the two it is."""
    with pytest.raises(ValueError, match=r"no profile called|number of households"):
        get_case(name)
