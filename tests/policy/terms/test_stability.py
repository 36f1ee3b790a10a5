"""Open proposals and last night's suggestions are kept unless a change gains the threshold."""

import pytest

from matcher.domain import Placement, Plan
from matcher.domain.errors import PolicyError
from tests.policy.rules.asked import ask, household, town

TOWNS = [town("0001"), town("0002")]


def plan(*placements):
    return Plan(tuple(Placement(*p) for p in placements))


def asked(queue, *placements, suggested=(), **given):
    plans = {"earlier": plan(*placements), "suggested": plan(*suggested)}
    return ask("stability", queue, TOWNS, **plans, **given)


def test_threshold_is_paid_where_the_proposal_stands():
    """And nowhere else, and to no one without a proposal."""
    queue = [household(id="A"), household(id="B")]
    got = asked(queue, ("A", "0002"), threshold=150).all("points")
    assert got == [[0, 150], [0, 0]]


@pytest.mark.parametrize("placements", [[("A", "0002")], [("A", "0002"), ("B", "0001")]])
def test_linked_households_keep_a_proposal_only_together(placements):
    """Proposed apart, or only one of them: there is nothing to keep."""
    queue = [household(id="A"), household(id="B")]
    together = asked(queue, ("A", "0002"), ("B", "0002"), links=(("A", "B"),))
    assert together.all("points") == [[0, 150]]
    assert asked(queue, *placements, links=(("A", "B"),)).all("points") == [[0, 0]]


def test_proposal_in_a_municipality_that_is_gone_is_none():
    """And those of households that are no longer in the queue are passed over."""
    got = asked(household(id="A"), ("A", "9999"), ("X", "0001"))
    assert got.all("points") == [[0, 0]]
    assert got.told() == ("stability.none", {})


def test_reason_tells_kept_from_moved():
    """With the name of the earlier municipality."""
    got = asked(household(id="A"), ("A", "0002"))
    assert got.told(0, 1) == ("stability.kept", {"was": "Town 0002"})
    assert got.told(0, 0) == ("stability.moved", {"was": "Town 0002"})


def test_suggestion_of_the_night_before_counts_for_less():
    """Where there is no open proposal; with one, the suggestion counts for nothing."""
    queue = [household(id="A"), household(id="B")]
    suggested = [("A", "0001"), ("B", "0001")]
    got = asked(queue, ("A", "0002"), suggested=suggested, threshold=150, suggestion_threshold=20)
    assert got.all("points") == [[0, 150], [20, 0]]


def test_proposal_of_one_and_suggestion_of_the_other_keep_linked_households_together():
    """What was last named for each counts; where they differ, there is nothing to keep."""
    queue, links = [household(id="A"), household(id="B")], (("A", "B"),)
    same = asked(queue, ("A", "0002"), suggested=[("A", "0001"), ("B", "0002")], links=links)
    assert same.all("points") == [[0, 40]]
    apart = asked(queue, ("A", "0002"), suggested=[("A", "0001"), ("B", "0001")], links=links)
    assert apart.all("points") == [[0, 0]]


def test_reason_tells_a_suggestion_from_a_proposal():
    """With the name of the municipality of the plan of the night before."""
    got = asked(household(id="A"), suggested=[("A", "0002")])
    assert got.told(0, 1) == ("stability.suggested", {"was": "Town 0002"})
    assert got.told(0, 0) == ("stability.suggested_elsewhere", {"was": "Town 0002"})


@pytest.mark.parametrize("name", ["threshold", "suggestion_threshold"])
def test_threshold_is_not_below_nothing(name):
    """Unrest is no aim."""
    with pytest.raises(PolicyError, match=f"{name} is -1"):
        asked(household(), **{name: -1})
