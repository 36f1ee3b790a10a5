"""Open places this year: decided minus settled minus promised, in persons."""

import pytest

from matcher.domain import Ledger
from matcher.domain.errors import PolicyError
from tests.policy.rules.asked import ask, household, person, town

FAMILY = household(*(person(id=str(k)) for k in range(3)), id="F")


def ledger(**numbers):
    return town(ledger=Ledger(**numbers))


@pytest.mark.parametrize(
    ("numbers", "limit"),
    [
        ({"decided": 10}, 10),
        ({"decided": 10, "settled": 4, "promised": 3}, 3),
        ({"decided": 10, "settled": 8, "promised": 3}, 0),
        ({"decided": 10, "extra": 5, "settled": 9}, 1),
        ({}, 0),
    ],
)
def test_limit_is_what_is_left_and_never_below_nothing(numbers, limit):
    """Also where more is promised than was decided."""
    asked = ask("places_this_year", FAMILY, ledger(**numbers))
    assert asked.shape.limit(*asked.tables).tolist() == [[limit]]
    assert asked.one("fits") == (limit >= 3)


def test_no_policy_can_count_what_the_council_has_not_decided():
    """Places beyond the decision are not a parameter."""
    place = ledger(decided=10, settled=8, extra=1)
    assert ask("places_this_year", FAMILY, place).one("fits") is False
    with pytest.raises(PolicyError, match="use_extra"):
        ask("places_this_year", FAMILY, place, use_extra=True)


def test_each_person_uses_one_place():
    """Linked households add up."""
    queue = [FAMILY, household(id="S")]
    asked = ask("places_this_year", queue, town(), links=(("F", "S"),))
    assert asked.shape.use(*asked.tables).tolist() == [[4]]


def test_reason_names_the_places_and_the_size():
    """Open are decided places; extra ones are not."""
    place = ledger(decided=10, settled=9, extra=1)
    facts = {"municipality": "Town 0001", "open": 1, "size": 3}
    assert ask("places_this_year", FAMILY, place).told() == ("places_this_year.short", facts)
