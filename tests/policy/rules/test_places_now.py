"""What a municipality can receive at present, where it has said."""

import pytest

from matcher.domain import Ledger
from matcher.policy.rule_types import NO_LIMIT
from tests.policy.rules.asked import ask, household, person, town

PAIR = household(person(id="1"), person(id="2"))


@pytest.mark.parametrize(("now", "limit"), [(None, NO_LIMIT), (0, 0), (1, 1), (2, 2)])
def test_limit_is_what_was_said_and_silence_is_no_limit(now, limit):
    """Nothing said is not nothing to offer."""
    asked = ask("places_now", PAIR, town(ledger=Ledger(decided=0, receive_now=now)))
    assert asked.shape.limit(*asked.tables).tolist() == [[limit]]
    assert asked.one("fits") == (now is None or now >= 2)


def test_each_person_uses_one_place():
    """Two persons, two places."""
    asked = ask("places_now", PAIR, town())
    assert asked.shape.use(*asked.tables).tolist() == [[2]]


def test_reason_names_the_places_and_the_size():
    """The code, the facts, both languages."""
    asked = ask("places_now", PAIR, town(ledger=Ledger(receive_now=1)))
    facts = {"municipality": "Town 0001", "now": 1, "size": 2}
    assert asked.told() == ("places_now.short", facts)
