"""What a municipality can receive at present: as it says, or else by its own pace."""

import pytest

from matcher.domain.errors import PolicyError
from matcher.domain.tables.settled_pace import published_pace
from tests.ledgers import known
from tests.policy.rules.asked import ask, household, person, town

PAIR = household(person(id="1"), person(id="2"))


@pytest.mark.parametrize("now", [0, 1, 2])
def test_limit_is_what_was_said(now):
    """Whatever its pace is, and whoever is on the way."""
    place = town(ledger=known(decided=100, promised=9, receive_now=now), monthly_pace=50.0)
    asked = ask("places_now", PAIR, place)
    assert asked.shape.limit(*asked.tables).tolist() == [[now]]
    assert asked.one("fits") == (now >= 2)


@pytest.mark.parametrize(
    ("pace", "numbers", "limit"),
    [
        (7.2, {}, 21),
        (7.2, {"promised": 6}, 15),
        (7.2, {"promised": 30}, 0),
        (0.9, {}, 6),
        (0.9, {"promised": 5}, 1),
        (None, {"decided": 120}, 30),
        (None, {"decided": 120, "promised": 10}, 20),
        (None, {"decided": 4}, 6),
    ],
)
def test_who_has_not_said_goes_on_at_its_pace(pace, numbers, limit):
    """Three months of it on their way, those promised among them; six persons at the least."""
    place = town("0001", ledger=known(**{"decided": 100, **numbers}), monthly_pace=pace)
    asked = ask("places_now", PAIR, place, months=3.0, at_least=6)
    assert asked.shape.limit(*asked.tables).tolist() == [[limit]]


def test_the_policy_sets_the_months_and_the_least():
    """No months leave the least; a number below 0 is refused."""
    place = town(ledger=known(decided=100), monthly_pace=10.0)
    for months, at_least, limit in ((0.5, 3, 5), (0.0, 3, 3), (2.0, 0, 20)):
        asked = ask("places_now", PAIR, place, months=months, at_least=at_least)
        assert asked.shape.limit(*asked.tables).tolist() == [[limit]]
    with pytest.raises(PolicyError, match="give 0 or more"):
        ask("places_now", PAIR, place, months=-1.0)


def test_the_pace_is_what_was_published_unless_the_files_say_otherwise():
    """Vestre Toten settled 75, 79 and 94 persons in 34.4 months."""
    assert published_pace()["3443"] == pytest.approx(248 / 34.4)
    assert published_pace()["1508"] * 10.4 == pytest.approx(round(published_pace()["1508"] * 10.4))
    limits = []
    for pace in (None, 2.0):
        place = town("3443", ledger=known(decided=100), monthly_pace=pace)
        asked = ask("places_now", PAIR, place, months=3.0)
        limits.append(asked.shape.limit(*asked.tables).tolist())
    assert limits == [[[21]], [[6]]]


def test_each_person_uses_one_place():
    """Two persons, two places."""
    asked = ask("places_now", PAIR, town())
    assert asked.shape.use(*asked.tables).tolist() == [[2]]


@pytest.mark.parametrize(
    ("facts", "code", "named"),
    [
        ({"ledger": known(decided=9, receive_now=1)}, "short", {"now": 1}),
        (
            {"ledger": known(decided=90, promised=20), "monthly_pace": 7.2},
            "pace",
            {"now": 1, "pace": 7.2, "promised": 20},
        ),
        (
            {"ledger": known(decided=60, promised=14)},
            "decided",
            {"now": 1, "pace": 5.0, "promised": 14},
        ),
    ],
)
def test_reason_names_the_places_and_where_the_number_is_from(facts, code, named):
    """What was said, the pace of settling, or the decision; in both languages."""
    asked = ask("places_now", PAIR, town(**facts), months=3.0)
    wanted = {"municipality": "Town 0001", "size": 2, **named}
    assert asked.told() == (f"places_now.{code}", wanted)
