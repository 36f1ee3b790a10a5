"""Alarms: what in a ledger, or of someone on the way, a person must look at."""

from dataclasses import replace

import pytest

from matcher.domain import Ban, BanReason, Ledger
from matcher.store import (
    LedgerAlarm,
    NoCapacityError,
    Status,
    ban,
    decline,
    get_household_state,
    get_municipality_state,
    list_alarms,
    promise,
    propose,
    revise_ledger,
    unban,
)
from tests.store.small import (
    BY,
    DAY,
    household,
    imported,
    later,
    promised,
    proposed,
    small,
)


def ledger(store, number: str = "0301") -> Ledger:
    """A municipality's ledger now."""
    return get_municipality_state(store, number).ledger


@pytest.mark.slow
def test_a_decision_below_what_is_promised_stands_and_is_flagged(store):
    """Nobody loses a promise, nobody new gets one, until the council decides upwards."""
    imported(store, small(persons=3, decided=10))
    promised(store, "H0")
    assert list_alarms(store) == []
    revise_ledger(store, "0301", {"decided": 2}, later(1))
    assert list_alarms(store) == [LedgerAlarm("over-promised", "0301", 1)]
    assert ledger(store).open == -1
    assert get_household_state(store, "H0").status is Status.PROMISED
    proposed(store, "H1", "4601")
    decline(store, "H1", BY)
    with pytest.raises(NoCapacityError, match="has -1 open places"):
        propose(store, "H1", "0301", later(1), answer_by=DAY)
        promise(store, "H1", later(1))
    revise_ledger(store, "0301", {"decided": 6}, later(2))
    assert list_alarms(store) == []
    promise(store, "H1", later(2))


def test_minors_decided_below_what_is_promised_is_flagged(store):
    """As for all persons."""
    instance = small(decided=10, minors_decided=1)
    imported(store, instance.replace(households=(household("M0", 1, 1),)))
    promised(store, "M0")
    revise_ledger(store, "0301", {"minors_decided": 0}, BY)
    assert list_alarms(store) == [LedgerAlarm("minors over-promised", "0301", 1)]


def test_a_count_below_what_the_store_knows_is_flagged(store):
    """What households hold is not forgotten; a later count that has them ends the alarm."""
    imported(store, small(persons=3, decided=10, promised=1))
    promised(store, "H0")
    revise_ledger(store, "0301", {"promised": 2}, BY)
    assert ledger(store).promised == 3
    assert list_alarms(store) == [LedgerAlarm("understated", "0301", 1)]
    revise_ledger(store, "0301", {"promised": 5}, BY)
    assert (ledger(store).promised, list_alarms(store)) == (5, [])


def test_a_promised_household_that_grows_is_flagged(store):
    """Its promise is still for as many as it was."""
    instance = small(persons=3, decided=10)
    imported(store, instance)
    promised(store, "H0")
    imported(store, instance.replace(households=(household("H0", 4), *instance.households[1:])))
    assert ledger(store).promised == 3
    assert list_alarms(store) == [LedgerAlarm("size changed", "0301", 1, "H0")]


@pytest.mark.parametrize("why", [BanReason.SECURITY, BanReason.ADDRESS_PROTECTION])
def test_a_ban_that_protects_is_flagged_where_a_promise_was_given(store, why):
    """Also while it is only proposed, until it goes there no longer; other bans are not."""
    imported(store, small(persons=3, decided=10))
    proposed(store, "H0")
    ban(store, "H0", "0301", BanReason.CASEWORKER, BY)
    ban(store, "H0", "4601", why, BY)
    assert list_alarms(store) == []
    promise(store, "H0", BY)
    ban(store, "H0", "0301", why, BY)
    proposed(store, "H1", "4601")
    ban(store, "H1", "4601", why, BY)
    flags = [LedgerAlarm("protected", "0301", 3, "H0"), LedgerAlarm("protected", "4601", 3, "H1")]
    assert list_alarms(store) == flags
    decline(store, "H0", later(1))
    assert list_alarms(store) == flags[1:]
    unban(store, "H1", "4601", why, later(1))
    assert list_alarms(store) == []


def test_a_ban_of_the_files_is_flagged_as_one_of_people(store):
    """Files that come after the promise can say from where a household must be kept."""
    instance = small(persons=3, decided=10)
    imported(store, instance)
    promised(store, "H0")
    first, *others = instance.households
    kept = replace(first, bans=(Ban("0301", BanReason.SECURITY),))
    imported(store, instance.replace(households=(kept, *others)))
    assert list_alarms(store) == [LedgerAlarm("protected", "0301", 3, "H0")]


def test_numbers_that_are_not_reported_are_flagged_where_places_are_decided(store):
    """Otherwise decided places would lie unused without anyone being asked."""
    imported(store, small(decided=10, settled=None))
    assert list_alarms(store) == [LedgerAlarm("not reported", "0301", 10)]
    revise_ledger(store, "0301", {"decided": 0}, BY)
    assert list_alarms(store) == []
