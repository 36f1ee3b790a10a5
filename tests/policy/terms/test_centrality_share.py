"""Persons placed by centrality class keep step with the decided numbers."""

from tests.ledgers import known
from tests.policy.rules.asked import ask, household, town


def place(number, decided, used, centrality):
    ledger = known(decided=decided, settled=used)
    return town(number, ledger=ledger, centrality=centrality)


PLACES = [place("0001", 10, 0, 1), place("0002", 20, 2, 6), place("0003", 50, 1, None)]
QUEUE = [household(id=f"H{k}") for k in range(9)]


def test_classes_share_by_the_decided_numbers_of_places_whose_class_is_known():
    """2 used and 9 to place make 11... of which class 1 is to have a third, class 6 the rest.

    A third of 11 is 3.67: 4 persons; two thirds are 7.33, less the 2 used: 5.
    """
    asked = ask("centrality_share", QUEUE, PLACES)
    assert asked.shape.group(asked.tables[1]).tolist() == [0, 5, -1]
    middle = asked.shape.cost(*asked.tables).breakpoint[:, 0, 1].tolist()
    assert middle == [4, 0, 0, 0, 0, 5]


def test_reason_names_the_class_or_that_it_is_not_known():
    """Both codes, both languages."""
    asked = ask("centrality_share", QUEUE, PLACES)
    facts = {"region": "6", "used": 2, "decided": 20}
    assert asked.told(0, 1) == ("centrality_share.used", facts)
    assert asked.told(0, 2) == ("centrality_share.unknown", {"municipality": "Town 0003"})
