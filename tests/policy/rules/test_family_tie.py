"""Family ties that must hold."""

from matcher.domain import FamilyTie
from tests.policy.rules.asked import ask, household, town

TOWNS = [town("0001"), town("0002"), town("0003")]


def tied(*numbers, must=True, **facts):
    return household(family=tuple(FamilyTie(n, must) for n in numbers), **facts)


def test_household_comes_to_one_of_the_municipalities_of_its_ties():
    """One tie, two ties, none."""
    queue = [tied("0002", id="A"), tied("0001", "0003", id="B"), household(id="C")]
    assert ask("family_tie", queue, TOWNS).all("allowed") == [
        [False, True, False],
        [True, False, True],
        [True, True, True],
    ]


def test_ties_that_need_not_hold_bar_nothing():
    """Also beside one that must."""
    queue = [
        tied("0002", must=False, id="A"),
        household(id="B", family=(FamilyTie("0001"), FamilyTie("0002", must_hold=True))),
    ]
    allowed = ask("family_tie", queue, TOWNS).all("allowed")
    assert allowed == [[True, True, True], [False, True, False]]


def test_tie_of_one_binds_those_linked_to_it():
    """The linked household has no tie of its own."""
    queue = [tied("0003", id="A"), household(id="B")]
    asked = ask("family_tie", queue, TOWNS, links=(("A", "B"),))
    assert asked.all("allowed") == [[False, False, True]]


def test_reason_names_where_the_family_lives():
    """Only ties that must hold, in the order given."""
    family = (FamilyTie("0003", True), FamilyTie("0001"), FamilyTie("0002", True))
    asked = ask("family_tie", household(family=family), TOWNS)
    facts = {"municipality": "Town 0001", "family": "Town 0003, Town 0002"}
    assert asked.told() == ("family_tie.elsewhere", facts)
