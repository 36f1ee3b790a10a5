"""A wish for the north or a fear of it."""

from matcher.domain import Wish, WishKind
from tests.policy.terms.effects_asked import asked, fits, household, place

PLACES = place("0001", landsdel="Nord-Norge"), place("0002", landsdel="Trøndelag")


def said(*wanted: bool, where: str = "Nord-Norge"):
    return household(wishes=tuple(Wish(WishKind.LANDSDEL, where, w) for w in wanted))


def test_only_the_north_is_better_or_worse():
    """For those who have said so; both at once, or another landsdel, is nothing."""
    assert fits("north", said(True), *PLACES) == [1, 0]
    assert fits("north", said(False), *PLACES) == [-1, 0]
    for nothing in (said(), said(True, False), said(True, where="Trøndelag")):
        assert fits("north", nothing, *PLACES) == [0, 0]


def test_the_reason_says_which():
    """Wanted or avoided."""
    assert asked("north", said(True), *PLACES).told()[0] == "north.wanted"
    assert asked("north", said(False), *PLACES).told()[0] == "north.avoided"
    assert asked("north", said(False), *PLACES).told(0, 1)[0] == "north.none"
