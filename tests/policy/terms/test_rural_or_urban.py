"""Background, or a wish, against centrality."""

from matcher.domain import Upbringing, Wish, WishKind
from tests.policy.terms.effects_asked import asked, fits, household, place

CLASSES = tuple(place(f"000{c}", centrality=c) for c in range(1, 7))
RURAL = household(upbringing=Upbringing.RURAL)


def wish(value: int, wanted: bool = True) -> Wish:
    return Wish(WishKind.CENTRALITY, str(value), wanted)


def test_the_countryside_suits_those_who_come_from_it_and_towns_the_others():
    """From -1 to 1 and the other way round; nothing when not known."""
    assert fits("rural_or_urban", RURAL, *CLASSES) == [-1, -0.6, -0.2, 0.2, 0.6, 1]
    urban = household(upbringing=Upbringing.URBAN)
    assert fits("rural_or_urban", urban, *CLASSES) == [1, 0.6, 0.2, -0.2, -0.6, -1]
    assert fits("rural_or_urban", household(), *CLASSES) == [0] * 6
    assert fits("rural_or_urban", RURAL, place(centrality=None)) == [0]


def test_a_wish_counts_instead_of_the_background():
    """Half less for each class away; what is to be avoided spares its neighbours half."""
    wanting = household(upbringing=Upbringing.RURAL, wishes=(wish(2),))
    assert fits("rural_or_urban", wanting, *CLASSES) == [0.5, 1, 0.5, 0, -0.5, -1]
    avoiding = household(upbringing=Upbringing.RURAL, wishes=(wish(6, wanted=False),))
    assert fits("rural_or_urban", avoiding, *CLASSES) == [0, 0, 0, 0, -0.5, -1]


def test_several_wishes_add_up_within_one():
    """Never more than a perfect fit; other wishes say nothing."""
    both = household(wishes=(wish(1), wish(2), Wish(WishKind.LANDSDEL, "Østlandet")))
    assert fits("rural_or_urban", both, *CLASSES) == [1, 1, 0.5, -0.5, -1, -1]
    elsewhere = household(wishes=(Wish(WishKind.LANDSDEL, "Østlandet"),))
    assert fits("rural_or_urban", elsewhere, *CLASSES) == [0] * 6


def test_the_reason_says_whether_background_or_wish_speaks():
    """And the centrality class."""
    assert asked("rural_or_urban", RURAL, *CLASSES).told(0, 5)[0] == "rural_or_urban.rural"
    urban = household(upbringing=Upbringing.URBAN)
    assert asked("rural_or_urban", urban, *CLASSES).told(0, 5)[0] == "rural_or_urban.urban"
    code, facts = asked("rural_or_urban", household(wishes=(wish(2),)), *CLASSES).told(0, 5)
    assert (code, facts["centrality"]) == ("rural_or_urban.wish", 6)
