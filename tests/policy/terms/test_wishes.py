"""Points for wishes that are met, and against places to avoid."""

import pytest

from matcher.domain import Wish, WishKind
from matcher.domain.answer import Answer
from matcher.domain.errors import PolicyError
from matcher.domain.tables.met_wishes import met_wishes
from matcher.policy.policy import Policy
from tests.policy.rules.asked import ask, household, town

PLACES = (
    town("4601", county_number="46", landsdel="Vestlandet", centrality=1),
    town("4602", county_number="46", landsdel="Vestlandet", centrality=5),
    town("5501", county_number="55", landsdel="Nord-Norge", centrality=2),
    town("9901"),
)
YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
BY_KIND = [
    (WishKind.MUNICIPALITY, "4602", [NO, YES, NO, NO]),
    (WishKind.MUNICIPALITY, "1234", [NO, NO, NO, NO]),
    (WishKind.COUNTY, "46", [YES, YES, NO, UNKNOWN]),
    (WishKind.COUNTY, "12", [NO, NO, NO, NO]),
    (WishKind.LANDSDEL, "Nord-Norge", [NO, NO, YES, UNKNOWN]),
    (WishKind.CENTRALITY, "5", [NO, YES, NO, UNKNOWN]),
]
OPPOSITE = {YES: NO, NO: YES, UNKNOWN: UNKNOWN}


def asked(*wishes, weight=0.1):
    """The term, weighed by someone."""
    return ask(
        "wishes", household(wishes=wishes), PLACES, stayers_per_wish=weight, owner="A committee"
    )


@pytest.mark.parametrize(("kind", "value", "met"), BY_KIND)
def test_a_wish_is_met_in_its_place_and_one_against_it_everywhere_else(kind, value, met):
    """Where it is not known to what a municipality belongs, neither is known."""
    got = asked(Wish(kind, value), Wish(kind, value, wanted=False))
    rows = met_wishes(*got.tables).tolist()
    assert rows == [met, [OPPOSITE[answer] for answer in met]]


@pytest.mark.parametrize(("kind", "value", "met"), BY_KIND)
def test_points_are_for_wishes_that_are_met_and_against_places_to_avoid(kind, value, met):
    """Nothing for what is not known, nor for not being where one did not wish to be."""
    gained = [100 if answer is YES else 0 for answer in met]
    assert asked(Wish(kind, value)).all("points") == [gained]
    assert asked(Wish(kind, value, wanted=False)).all("points") == [[-p for p in gained]]


def test_several_wishes_add_up_and_the_reason_counts_them():
    """Each by itself."""
    wishes = (
        Wish(WishKind.COUNTY, "46"),
        Wish(WishKind.MUNICIPALITY, "4602"),
        Wish(WishKind.CENTRALITY, "5", wanted=False),
    )
    got = asked(*wishes)
    assert got.all("points") == [[100, 100, 0, 0]]
    assert got.told(0, 1) == ("wishes.counted", {"stated": 3, "met": 2, "avoided": 1})
    assert asked().told() == ("wishes.none", {"stated": 0, "met": 0, "avoided": 0})


def test_wishes_weigh_nothing_until_someone_who_is_named_has_decided_it():
    """IMDi sees them as outside its mandate: the project's own policies give them no weight."""
    with pytest.raises(PolicyError, match="name who has decided this as owner"):
        asked_by = Policy.default().with_term("wishes", stayers_per_wish=0.1)
        asked_by.build_rules()
    Policy.default().with_term("wishes", stayers_per_wish=0.1, owner="IMDi").build_rules()
    for name in ("default", "stay-first", "speed-first"):
        assert Policy.named(name).terms["wishes"] == {"stayers_per_wish": 0}
    got = asked(Wish(WishKind.COUNTY, "46"), weight=0)
    assert not got.shape.concerns(got.tables[0]).any()
    assert got.all("points") == [[0, 0, 0, 0]]
