"""Where a household must go: by its pin, by its ties that must hold, and by both."""

from dataclasses import replace
from typing import Any

from matcher import Problem
from matcher.domain import FamilyTie
from matcher.ranking.required_places import list_required_places
from matcher.ranking.rule_checks import RuleChecks
from tests.store.small import small


def required(**facts: Any) -> list[tuple[str, tuple[str, ...], list[str]]]:
    """Municipality, what binds the household, and what bars the municipality."""
    queue = small(1, decided=0)
    household = replace(queue.households[0], **facts)
    problem = Problem.of(queue.replace(households=(household,)))
    places = list_required_places(RuleChecks.of_unit(problem, 0))
    return [(p.municipality, p.because, [v.rule for v in p.verdicts]) for p in places]


def test_a_household_must_go_where_its_pin_or_its_ties_say_and_nowhere_by_itself():
    """With what bars it there; a tie that need not hold binds nobody."""
    full, elsewhere = FamilyTie("0301", must_hold=True), FamilyTie("4601", must_hold=True)
    assert required() == []
    assert required(family=(FamilyTie("0301"),)) == []
    (place,) = required(family=(full,))
    assert place[:2] == ("0301", ("family_tie",)) and "places_this_year" in place[2]
    # Both municipalities are allowed: no rule leaves anything out.
    assert required(family=(full, elsewhere)) == []
    (place,) = required(family=(elsewhere,), pinned_to="4601")
    assert place == ("4601", ("pin", "family_tie"), ["dwellings"])
    assert required(family=(full,), pinned_to="4601") == []
