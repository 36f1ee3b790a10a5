"""Two plans side by side, worked by hand."""

from typing import Any

import numpy as np
import pytest

from matcher.analysis.compare import PlacementChange, compare, list_changes, measure
from matcher.domain import Ban, BanReason, PairProbabilities, Placement, Plan
from matcher.domain.errors import UnknownHouseholdError, UnknownMunicipalityError
from tests.ranking.cases import adults, chosen, made, place


def plan(**where):
    """A plan by household."""
    return Plan(tuple(Placement(h, m) for h, m in where.items()))


def case(**facts):
    """A couple (3/4 or 1/2 likely to stay) and one person (1 or 1/4), in 4 days or in 10."""
    pairs = [("H", "0001", 0.75), ("H", "0002", 0.5), ("I", "0001", 1.0), ("I", "0002", 0.25)]
    columns = [np.array(column) for column in zip(*pairs, strict=True)]
    towns = [place("0001", 2, 4), place("0002", 9, 10)]
    own = PairProbabilities(*columns)
    return made([adults("H", 2), adults("I", **facts)], towns, probabilities=own)


def test_measures_by_hand():
    """The couple at once, the other later: 2*0.75 + 0.25 stayers, 2*4 + 10 days, a point each."""
    found = measure(case(), chosen(0, 1))
    assert (found.placed, found.unplaced, found.person_days, found.broken) == (3, 0, 18, 0)
    assert found.stayers == pytest.approx(1.75)
    assert found.days == 6
    assert found.points == -18
    assert dict(found.terms) == {"speed": -18, "stability": 0}


def test_an_empty_plan_measures_nothing():
    """No one placed: no days, no stayers, and no division by no one."""
    found = measure(case(), chosen(None, None))
    assert (found.placed, found.unplaced, found.stayers, found.person_days) == (0, 3, 0, 0)
    assert (found.days, found.points) == (0, 0)


def test_rules_that_do_not_hold_are_counted_by_household_and_municipality():
    """Three in two places is one; a household where it is ruled out is another."""
    problem = case(bans=(Ban("0001", BanReason.CASEWORKER),))
    assert measure(problem, chosen(0, 0)).broken == 2
    assert measure(problem, chosen(None, 0)).broken == 1
    assert measure(problem, chosen(0, 1)).broken == 0


def test_changes_are_placed_moved_and_left_out_in_alphabetical_order():
    """Who stays the same, or is unplaced in both, is not named."""
    found = list_changes(plan(A="1", B="1", C="1", E="2"), plan(D="1", B="2", C="1", E="2"))
    assert found == (
        PlacementChange("A", "1", None),
        PlacementChange("B", "1", "2"),
        PlacementChange("D", None, "1"),
    )
    assert [c.kind for c in found] == ["left out", "moved", "placed"]


def test_a_comparison_measures_both_and_says_the_difference():
    """The other plan leaves one out: one placed less, 10 person-days less."""
    found = compare(case(), plan(H="0001", I="0002"), plan(H="0001"))
    frame: Any = found.to_frame().set_index("measure")
    assert frame.loc["placed"].tolist() == [3, 2, -1]
    assert frame.loc["person_days"].tolist() == [18, 8, -10]
    assert frame.loc["points.speed"].tolist() == [-18, -8, 10]
    assert [c.kind for c in found.changes] == ["left out"]


def test_a_plan_compared_with_itself_differs_in_nothing():
    """No change, no difference."""
    found = compare(case(), plan(H="0001"), plan(H="0001"))
    assert found.changes == ()
    assert not found.to_frame()["difference"].any()


def test_a_plan_of_another_queue_is_named():
    """An unknown household, an unknown municipality, linked households placed apart."""
    problem = case()
    with pytest.raises(UnknownHouseholdError, match="'X'"):
        compare(problem, plan(H="0001"), plan(X="0001"))
    with pytest.raises(UnknownMunicipalityError, match="'9999'"):
        compare(problem, plan(H="9999"), plan(H="0001"))
    linked = made(
        [adults("H"), adults("I")], [place("0001", 9), place("0002", 9)], links=[("H", "I")]
    )
    with pytest.raises(ValueError, match=r"H\+I are placed apart"):
        compare(linked, plan(H="0001", I="0002"), plan())
