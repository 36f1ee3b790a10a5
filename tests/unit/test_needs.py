"""The list of needs: its entries are sound, and classes get their fields from it."""

from dataclasses import MISSING, dataclass, fields
from typing import Any, Generic, TypeVar

import pytest

from matcher.domain import Answer, Household, Municipality, Person
from matcher.domain.need_entry import (
    AgeShare,
    Need,
    NeedText,
    SyntheticNeed,
    entry,
    insert_needs,
    need_sheet,
    sheet_entries,
    with_needs,
)
from matcher.domain.needs import HOUSEHOLD_NEEDS, NEEDS, PERSON_NEEDS
from matcher.domain.tables import HouseholdTable, MunicipalityTable
from matcher.policy.rules._service import ServiceRule

Value = TypeVar("Value")
DRAWN = SyntheticNeed(shares=(AgeShare(0.5),), unknown=0.1)


def need(**facts: Any) -> Need:
    """A need with the facts that a test is about."""
    text = NeedText(en="Needs it.", nb="Trenger det.")
    return Need(text, text, DRAWN, in_proposals=True, **facts)


@need_sheet
class Sheet(Generic[Value]):
    """A list of two needs."""

    __slots__ = ()

    early: Value = entry(need(before=("nowhere", "first")))
    late: Value = entry(need())


@dataclass(frozen=True, slots=True)
@with_needs(before="last", default=Answer.UNKNOWN)
class Thing(Sheet[Answer]):
    """A class with two fields of its own."""

    first: int = 0
    last: str = "z"


@pytest.mark.parametrize("entry_", NEEDS.values(), ids=lambda n: n.id)
def test_every_entry_has_texts_in_two_languages(entry_):
    """Each is a sentence, and the need reads differently from the service."""
    texts = [entry_.need.en, entry_.need.nb, entry_.service.en, entry_.service.nb]
    assert all(text[0].isupper() and text.endswith(".") and len(text) > 10 for text in texts)
    assert len(set(texts)) == 4


@pytest.mark.parametrize("entry_", NEEDS.values(), ids=lambda n: n.id)
def test_a_need_is_drawn_for_nobody_whom_it_cannot_concern(entry_):
    """The shares' bands of age lie within the ages of the need."""
    first, last = entry_.synthetic.ages
    if entry_ in PERSON_NEEDS:
        assert all(first <= s.first <= s.last <= last for s in entry_.synthetic.shares)
    else:
        assert len(entry_.synthetic.shares) == 1


def test_no_need_is_listed_for_persons_and_for_households():
    """A municipality has one field for each name."""
    assert len(NEEDS) == len(PERSON_NEEDS) + len(HOUSEHOLD_NEEDS)


@pytest.mark.parametrize(
    ("type_", "listed"),
    [(Person, PERSON_NEEDS), (Household, HOUSEHOLD_NEEDS), (Municipality, NEEDS.values())],
)
def test_needs_are_fields_that_are_unknown_unless_stated(type_, listed):
    """Of the class itself, so that they are compared, replaced and written as every other field."""
    by_name = {f.name: f for f in fields(type_)}
    assert all(by_name[n.id].default is Answer.UNKNOWN for n in listed)


@pytest.mark.parametrize("table", [HouseholdTable, MunicipalityTable])
def test_a_table_cannot_be_built_without_a_need(table):
    """Its columns have no default."""
    by_name = {f.name: f for f in fields(table)}
    assert all(by_name[name].default is MISSING for name in NEEDS)


def test_fields_stand_where_entry_or_class_says():
    """Before the first column that the entry names and the class has, else before the class's."""
    assert [f.name for f in fields(Thing)] == ["early", "first", "late", "last"]


def test_columns_without_a_place_come_last():
    """The order of the needs is kept."""
    listed = sheet_entries(Sheet).values()
    placed = insert_needs({"other": "own"}, listed, lambda n: f"need {n.id}")
    assert list(placed.items()) == [
        ("other", "own"),
        ("early", "need early"),
        ("late", "need late"),
    ]


def test_a_place_that_does_not_exist_is_refused():
    """A misspelt column would silently put the needs last."""
    with pytest.raises(ValueError, match="there is no column 'ohter'"):
        insert_needs({"other": "own"}, NEEDS.values(), lambda n: n.id, before="ohter")


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"unknown": 1.5}, "a share is from 0 to 1, not 1.5"),
        ({"shares": (AgeShare(-0.1),)}, "a share is from 0 to 1, not -0.1"),
        ({"offered": (1, 2, 3)}, "offered has 3 numbers; give 5"),
        ({"offered": (1, 2, 3, 4, 101)}, "a per cent is from 0 to 100, not 101"),
        ({"unreported": -1}, "a per cent is from 0 to 100, not -1"),
    ],
)
def test_numbers_that_cannot_be_are_refused(facts, message):
    """With the number in the message."""
    with pytest.raises(ValueError, match=message):
        SyntheticNeed(**{"shares": (AgeShare(0.5),), "unknown": 0.1, **facts})


def test_a_rule_for_a_need_that_is_not_listed_is_refused():
    """When its class is made, with the name."""
    with pytest.raises(ValueError, match=r"Unlisted: 'unlisted' is not in matcher\.domain\.needs"):
        type("Unlisted", (ServiceRule,), {"id": "unlisted", "need": "unlisted"})
