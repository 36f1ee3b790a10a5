"""Open places this year: decided minus settled minus promised, in persons."""

import pytest

from matcher.domain.errors import PolicyError
from matcher.domain.reason import Reason
from matcher.policy.reason_texts import render_reason
from tests.ledgers import known
from tests.policy.rules.asked import ask, household, person, town

FAMILY = household(*(person(id=str(k)) for k in range(3)), id="F")


def ledger(**numbers):
    return town(ledger=known(**numbers))


@pytest.mark.parametrize(
    ("numbers", "limit"),
    [
        ({"decided": 10}, 10),
        ({"decided": 10, "settled": 4, "promised": 3}, 3),
        ({"decided": 10, "settled": 8, "promised": 3}, 0),
        ({"decided": 10, "extra": 5, "settled": 9}, 1),
        ({}, 0),
        ({"decided": None}, 0),
        ({"decided": 10, "settled": None}, 0),
        ({"decided": 10, "promised": None}, 0),
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
    facts = {"municipality": "Town 0001", "open": 1, "size": 3, "year": "2024"}
    assert ask("places_this_year", FAMILY, place).told() == ("places_this_year.short", facts)


@pytest.mark.parametrize(
    ("numbers", "code"),
    [
        ({"requested": 10, "decided": None}, "decision"),
        ({"requested": None, "decided": None}, "decision"),
        ({"requested": 0, "decided": None}, "not_asked"),
        ({"decided": 10, "settled": None}, "settled"),
        ({"decided": 10, "settled": None, "promised": None}, "settled"),
        ({"decided": 10, "promised": None}, "promised"),
    ],
)
def test_reason_names_the_number_that_is_not_known(numbers, code):
    """Not asked, no decision recorded and not reported are told apart, in both languages."""
    reason = ask("places_this_year", FAMILY, ledger(**numbers)).told()
    assert reason == (
        f"places_this_year.{code}",
        {"municipality": "Town 0001", "year": "2024"},
    )


def test_what_is_not_reported_opens_nothing_where_nothing_is_decided():
    """The reason is then that there are none, not that a number is missing."""
    place = ledger(decided=0, settled=None)
    assert ask("places_this_year", FAMILY, place).told()[1]["open"] == 0


def test_a_reason_stored_before_years_were_named_can_still_be_read():
    """Decisions are kept for years; theirs says that year."""
    stored = Reason("places_this_year.short", {"municipality": "Oslo", "open": 1, "size": 3})
    assert render_reason(stored, "en") == (
        "Oslo has 1 open places in that year; the household needs 3."
    )
    assert "ledige plasser i det året" in render_reason(stored, "nb")
