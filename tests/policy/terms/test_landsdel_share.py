"""Persons placed by landsdel keep step with the decided numbers."""

import pytest

from matcher.domain.errors import PolicyError
from tests.ledgers import known
from tests.policy.rules.asked import ask, household, town

NORTH, WEST, NONE = (
    {"landsdel": "Nord-Norge"},
    {"landsdel": "Vestlandet"},
    {"landsdel": ""},
)


def place(number, decided, used, **facts):
    return town(number, ledger=known(decided=decided, settled=used), **facts)


def queue(persons):
    return [household(id=f"H{k}") for k in range(persons)]


def test_targets_share_what_can_be_placed_by_the_decided_numbers():
    """Decided 30 in the north (in two places) and 10 in the west, 4 used, 8 to place.

    Of 12 the north is to have 9 and has 1: 8 more. The west is to have 3 and has 3: none.
    A tenth of 8 is 0.8: from 7 to 9.
    """
    places = [
        place("0001", 20, 1, **NORTH),
        place("0002", 10, 0, **NORTH),
        place("0003", 10, 3, **WEST),
    ]
    asked = ask("landsdel_share", queue(8), places, slack=0.1)
    cost = asked.shape.cost(*asked.tables)
    groups = dict(
        zip(asked.shape.region_names(asked.tables[1]), cost.breakpoint[:, 0].tolist(), strict=True)
    )
    assert groups["Nord-Norge"] == [7, 8, 9]
    assert groups["Vestlandet"] == [0, 0, 0]
    assert groups["Trøndelag"] == [0, 0, 0]


def test_reason_names_the_landsdel_and_its_decided_numbers():
    """Summed over its municipalities."""
    places = [place("0001", 20, 1, **NORTH), place("0002", 10, 2, **NORTH)]
    facts = {"region": "Nord-Norge", "used": 3, "decided": 30}
    assert ask("landsdel_share", queue(1), places).told(0, 1) == ("landsdel_share.used", facts)


def test_unknown_landsdel_is_in_no_group_and_the_reason_says_so():
    """Not in the group of all that are not known."""
    places = [place("0001", 20, 1, **NORTH), place("0002", 10, 2, **NONE)]
    asked = ask("landsdel_share", queue(1), places)
    assert asked.shape.group(asked.tables[1]).tolist() == [0, -1]
    assert asked.told(0, 1) == ("landsdel_share.unknown", {"municipality": "Town 0002"})


def test_flat_beyond_the_slack_is_refused():
    """As for plan adherence."""
    with pytest.raises(PolicyError, match=r"steep is 0.5"):
        ask("landsdel_share", queue(1), town(), steep=0.5)


@pytest.mark.parametrize("persons", range(1, 22, 2))
def test_a_target_of_exactly_half_a_person_is_rounded_upwards(persons):
    """Two landsdeler with the same decision share an odd number; so is half a person of slack."""
    places = [place("0001", 40, 0, **NORTH), place("0002", 40, 0, **WEST)]
    asked = ask("landsdel_share", queue(persons), places, slack=1 / 8)
    cost = asked.shape.cost(*asked.tables)
    aim, half = (persons + 1) // 2, (persons + 8) // 16
    sides = cost.breakpoint[:, 0, :].tolist()
    assert sides.count([aim - half, aim, aim + half]) == 2
