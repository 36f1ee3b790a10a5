"""Places for unaccompanied minors, a part of the decided places."""

import pytest

from tests.ledgers import known
from tests.policy.rules.asked import ask, household, person, town

LONE = person(id="1", age=16, unaccompanied=True)
ADULT = person(id="2", age=40)


@pytest.mark.parametrize(
    ("numbers", "limit"),
    [
        ({"minors_decided": 3}, 3),
        ({"minors_decided": 3, "minors_settled": 1, "minors_promised": 1}, 1),
        ({"minors_decided": 1, "minors_settled": 2}, 0),
        ({"decided": 50}, 0),
        ({"decided": 50, "minors_decided": None}, 0),
        ({"minors_decided": 3, "settled": 9, "minors_settled": None}, 0),
        ({"minors_decided": 3, "promised": 9, "minors_promised": None}, 0),
        ({"minors_decided": 3, "settled": 0, "minors_settled": None}, 3),
    ],
)
def test_limit_is_what_is_left_for_minors(numbers, limit):
    """Never below nothing, and none of the other places."""
    asked = ask("minors", household(LONE), town(ledger=known(**numbers)))
    assert asked.shape.limit(*asked.tables).tolist() == [[limit]]
    assert asked.one("fits") == (limit >= 1)


@pytest.mark.parametrize(
    ("members", "use"),
    [
        ((LONE,), 1),
        ((LONE, person(id="3", age=14, unaccompanied=True)), 2),
        ((LONE, ADULT), 0),
        ((ADULT, person(id="3", age=9)), 0),
        ((person(age=None, unaccompanied=True),), 1),
        ((LONE, person(id="3", age=None)), 1),
    ],
)
def test_minors_with_an_adult_use_no_place_for_minors(members, use):
    """An adult of known age; someone of unknown age is not taken for one."""
    asked = ask("minors", household(*members), town())
    assert asked.shape.use(*asked.tables).tolist() == [[use]]


def test_minor_linked_to_a_household_with_an_adult_uses_none():
    """Links make one unit of them."""
    queue = [household(LONE, id="A"), household(ADULT, id="B")]
    asked = ask("minors", queue, town(), links=(("A", "B"),))
    assert asked.shape.use(*asked.tables).tolist() == [[0]]


def test_reason_names_the_places_and_the_minors():
    """The code, the facts, both languages."""
    asked = ask("minors", household(LONE), town(ledger=known(decided=9)))
    facts = {"municipality": "Town 0001", "open": 0, "minors": 1, "year": "2024"}
    assert asked.told() == ("minors.short", facts)


@pytest.mark.parametrize(
    ("numbers", "code"),
    [
        ({"decided": 9, "minors_decided": None}, "decision"),
        ({"decided": 9, "minors_decided": None, "minors_requested": 0}, "not_asked"),
        ({"minors_decided": 3, "settled": 9, "minors_settled": None}, "settled"),
        ({"minors_decided": 3, "promised": 9, "minors_promised": None}, "promised"),
    ],
)
def test_reason_names_the_number_that_is_not_known(numbers, code):
    """Not asked, no decision recorded and not reported are told apart, in both languages."""
    asked = ask("minors", household(LONE), town(ledger=known(**numbers)))
    assert asked.told() == (
        f"minors.{code}",
        {"municipality": "Town 0001", "year": "2024"},
    )
