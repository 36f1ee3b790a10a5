"""Open proposals are kept unless a change gains more than the threshold."""

import pytest

from matcher.domain import Placement, Plan
from matcher.domain.errors import PolicyError
from tests.policy.rules.asked import ask, household, town

TOWNS = [town("0001"), town("0002")]


def asked(queue, *placements, **given):
    earlier = Plan(tuple(Placement(*p) for p in placements))
    return ask("stability", queue, TOWNS, earlier=earlier, **given)


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


def test_threshold_is_not_below_nothing():
    """Unrest is no aim."""
    with pytest.raises(PolicyError, match="threshold is -1"):
        asked(household(), threshold=-1)
