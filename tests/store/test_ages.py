"""Ages in the store move on with the days, and a file that repeats them changes nothing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from matcher.domain import Household, Person
from matcher.store import (
    Stamp,
    get_municipality_state,
    import_instance,
    load_instance_at,
    promise,
    propose,
)
from tests.store.small import BY, DAY, NOON, imported, later, proposed, small

BORN = Person("B/0", unaccompanied=True, birth_year=2006, birth_month=6)


def queue(day, *members):
    """One household with these members, as a file of a day states it."""
    household = Household("B", date(2024, 1, 1), members)
    return replace(small(0, decided=10, minors_decided=5), today=day, households=(household,))


def imported_on(store, instance):
    """Take a file in on its own day."""
    days = (instance.today - DAY).days
    return import_instance(store, instance, Stamp(NOON + timedelta(days), "Importer", "import"))


def members_on(store, day):
    """The household's members as nights of a day see them."""
    return load_instance_at(store, day).households[0].members


def test_a_stated_age_grows_with_the_nights(store):
    """17 in April 2024 is 18 a year later, and 17 again when an old night is shown."""
    imported(store, queue(DAY, Person("B/0", 17)))
    assert members_on(store, DAY) == (Person("B/0", 17),)
    assert members_on(store, date(2025, 4, 14))[0].age == 17
    assert members_on(store, date(2025, 4, 15))[0].age == 18


def test_the_same_ages_in_the_file_of_the_next_day_record_nothing(store):
    """One event a birthday, not one a day."""
    imported(store, queue(DAY, Person("B/0", 17)))
    the_next_day = queue(DAY + timedelta(1), Person("B/0", 17))
    assert [e for e in imported_on(store, the_next_day) if e.household] == []
    a_birthday = queue(DAY + timedelta(2), Person("B/0", 18))
    assert len([e for e in imported_on(store, a_birthday) if e.household]) == 1
    assert members_on(store, DAY + timedelta(2))[0].age == 18


def test_a_minor_who_turns_18_before_the_yes_takes_no_minors_place(store):
    """Born in June 2006: a minor when listed, of age when the municipality answers in July."""
    imported(store, queue(DAY, BORN))
    assert load_instance_at(store, DAY).households[0].minors_on(DAY) == 1
    proposed(store, "B")
    promise(store, "B", later(90))
    ledger = get_municipality_state(store, "0301").ledger
    assert (ledger.promised, ledger.minors_promised) == (1, 0)


@pytest.mark.parametrize("linked", [True, False])
def test_a_child_with_an_adult_takes_no_minors_place(store, linked):
    """Of the same household or a linked one: asked for and promised without places for minors."""
    child, adult = Person("B/0", 16, unaccompanied=True), Person("A/0", 30)
    instance = queue(DAY, child, *([] if linked else [adult]))
    if linked:
        guardian = Household("A", date(2024, 1, 1), (adult,))
        instance = replace(
            instance, households=(*instance.households, guardian), links=(("A", "B"),)
        )
    oslo, bergen = instance.municipalities
    full = replace(oslo, ledger=replace(oslo.ledger, minors_decided=0))
    imported(store, replace(instance, municipalities=(full, bergen)))
    propose(store, "B", "0301", BY, answer_by=DAY, asking_share=1.0)
    promise(store, "B", BY)
    ledger = get_municipality_state(store, "0301").ledger
    assert (ledger.promised, ledger.minors_promised) == (2, 0)
