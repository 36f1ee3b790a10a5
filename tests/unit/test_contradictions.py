"""What does not go together about a household is said, and what may be true is not."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from matcher.domain import (
    Answer,
    Ban,
    BanReason,
    Education,
    FamilyTie,
    Household,
    HouseholdType,
    Person,
    Wish,
    WishKind,
)
from matcher.domain.contradictions import find_contradictions
from matcher.texts import LANGUAGES

TODAY = date(2024, 6, 12)
READY = date(2024, 1, 10)


def household(*ages: int | None, name: str = "H", **facts: Any) -> Household:
    """A household whose members have these ages."""
    members = tuple(Person(f"{name}/{k}", age=age) for k, age in enumerate(ages))
    return Household(name, facts.pop("ready_since", READY), members, **facts)


def banned(number: str) -> dict[str, Any]:
    """Facts of a household that must not come to a municipality."""
    return {"bans": (Ban(number, BanReason.SECURITY),)}


def tied(*numbers: str) -> dict[str, Any]:
    """Facts of a household that must come to one of these."""
    return {"family": tuple(FamilyTie(number, must_hold=True) for number in numbers)}


def codes(*households: Household, links: tuple[tuple[str, str], ...] = ()) -> list[tuple[str, str]]:
    """What is said, with the household of whom."""
    return [(c.household, c.code) for c in find_contradictions(households, links, TODAY)]


def changed(person: int, *ages: int | None, **facts: Any) -> Household:
    """A household in which one member has other facts."""
    members = household(*ages).members
    other = replace(members[person], **facts)
    return replace(household(), members=(*members[:person], other, *members[person + 1 :]))


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (household(4), "household.children_alone"),
        (household(17, 4), "household.children_alone"),
        (household(30, ready_since=date(1926, 7, 1)), "ready_since.long_ago"),
        (household(30, ready_since=TODAY + timedelta(days=1)), "ready_since.future"),
        (household(30, deadline=READY - timedelta(days=1)), "deadline.too_early"),
        (household(30, deadline=TODAY, earliest_move=date(2024, 6, 13)), "earliest_move.too_late"),
        (household(30, deadline=date(2042, 1, 1)), "day.far_ahead"),
        (household(30, earliest_move=date(2042, 1, 1)), "day.far_ahead"),
        (household(30, pinned_to="0301", **banned("0301")), "pinned_to.banned"),
        (household(30, pinned_to="0301", **tied("4601")), "pinned_to.family"),
        (household(30, **banned("1508"), **tied("1508")), "family.banned"),
        (household(30, permission=READY + timedelta(days=1)), "ready_since.too_early"),
        (changed(0, None, birth_year=2020), "household.children_alone"),
        (changed(0, 16, age_stated_on=date(2024, 1, 1)), "household.children_alone"),
        (changed(0, None, 30, birth_year=2025), "birth_year.future"),
        (changed(0, 30, birth_year=1985), "age.birth_year"),
        (changed(0, None, birth_year=2005, unaccompanied=True), "unaccompanied.adult"),
        (changed(0, 19, unaccompanied=True), "unaccompanied.adult"),
        (changed(1, 40, 15, unaccompanied=True), "unaccompanied.with_adult"),
        (changed(1, 40, 12, licence=Answer.YES), "age.too_young"),
        (changed(1, 40, 12, education=Education.HIGHER), "age.too_young"),
        (household(30, 31, type=HouseholdType.ALONE), "type.members"),
        (household(30, type=HouseholdType.COUPLE), "type.members"),
        (household(30, 31, type=HouseholdType.PARENT), "type.members"),
        (
            household(
                30, wishes=tuple(Wish(WishKind.COUNTY, "15", wanted) for wanted in (True, False))
            ),
            "wish.both_ways",
        ),
    ],
)
def test_a_contradiction_is_said_once(one, code):
    """In both languages, with its facts filled in."""
    (contradiction,) = find_contradictions([one], (), TODAY)
    assert contradiction.code == code
    english, norwegian = (contradiction.sentence(language) for language in LANGUAGES)
    assert english != norwegian and "{" not in english + norwegian


@pytest.mark.parametrize(
    "one",
    [
        household(None, 4),
        household(None),
        household(),
        changed(0, 17, unaccompanied=True),
        changed(0, 17, 15, unaccompanied=True),
        household(30, 4, type=HouseholdType.PARENT),
        household(30, None, type=HouseholdType.PARENT),
        household(30, pinned_to="0301", **tied("4601", "0301")),
        household(30, **banned("1508"), **tied("1508", "4601")),
        changed(1, 40, 16, licence=Answer.YES),
        changed(1, 40, 12, licence=Answer.UNKNOWN),
        changed(1, 40, None, licence=Answer.YES),
        changed(0, 17, age_stated_on=date(2022, 1, 1)),
        changed(0, 38, birth_year=1985),
        household(30, permission=READY),
        household(30, earliest_move=TODAY, deadline=TODAY),
        household(30, earliest_move=TODAY, deadline=TODAY - timedelta(days=1)),
    ],
)
def test_what_may_be_true_is_not_a_contradiction(one):
    """Above all what is not known."""
    assert codes(one) == []


def test_without_a_day_only_days_are_compared_with_each_other():
    """Such as when files do not say of which day they are."""
    old = household(30, ready_since=date(1926, 7, 1), deadline=date(1926, 6, 1))
    assert [c.code for c in find_contradictions([old], (), None)] == ["deadline.too_early"]


def test_a_child_linked_to_an_adult_is_not_alone():
    """Directly or through another; also to one of whom the age is not known."""
    child, uncle = household(4, name="C"), household(30, name="U")
    assert codes(child, uncle, links=(("C", "U"),)) == []
    unknown = household(None, name="N")
    assert codes(child, uncle, unknown, links=(("C", "N"), ("N", "U"))) == []
    sister = household(9, name="S")
    alone = codes(child, sister, links=(("C", "S"),))
    assert alone == [("C", "household.children_alone"), ("S", "household.children_alone")]


def test_places_are_compared_through_a_chain_of_links():
    """A pin, a ban and a tie of three who must come together, linked one to the next."""
    pinned = household(30, name="A", pinned_to="0301")
    between = household(30, name="B", **banned("0301"))
    family = household(30, name="C", **tied("4601"))
    links = (("A", "B"), ("B", "C"), ("C", "A"), ("B", "gone"))
    assert codes(pinned, between, family, links=links[:2]) == [
        ("A", "linked.banned"),
        ("A", "linked.apart"),
        ("C", "linked.apart"),
    ]
    assert codes(pinned, between, family, links=links) == codes(
        pinned, between, family, links=links[:2]
    )
    assert codes(pinned, between, replace(family, **tied("4601", "0301")), links=links) == [
        ("A", "linked.banned")
    ]


def test_a_person_cannot_record_what_linked_households_contradict():
    """In files it is a warning, so that others do not wait for it."""
    apart = [household(30, name=n, pinned_to=p) for n, p in (("A", "0301"), ("B", "4601"))]
    assert all(c.is_refused for c in find_contradictions(apart, [("A", "B")], TODAY))
    assert not find_contradictions([household(30, 31, type=HouseholdType.ALONE)], (), TODAY)[
        0
    ].is_refused


@pytest.mark.parametrize(
    "possible",
    [
        changed(0, None, birth_year=2006),
        changed(0, None, birth_year=2006, birth_month=6),
        changed(0, 17, age_stated_on=date(2023, 6, 13)),
        changed(0, None, birth_year=2008, licence=Answer.YES, unaccompanied=True),
    ],
    ids=["18 in the year", "18 in the month", "18 since", "16 with a licence"],
)
def test_what_can_be_true_is_no_contradiction(possible):
    """Someone who may be of an age by now is not too young for certain."""
    assert find_contradictions([possible], (), TODAY) == []
