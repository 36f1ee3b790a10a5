"""The ledger of a municipality: who takes places, who gives them back, and what is flagged."""

from dataclasses import replace

import pytest

from matcher.domain.errors import UnknownHouseholdError, UnknownMunicipalityError
from matcher.domain.ledger import Ledger
from matcher.store import (
    ChangeError,
    EventKind,
    NoCapacityError,
    Status,
    TakenDwellingError,
    UnusableNumberError,
    VersionConflictError,
    WrongStatusError,
    begin_ledger_year,
    decline,
    find_differences,
    get_household_state,
    get_municipality_state,
    lapse,
    list_alarms,
    promise,
    propose,
    read_municipality_events,
    rebuild_snapshots,
    revise_ledger,
    settle,
    withdraw,
)
from tests.ledgers import known
from tests.store.small import (
    BY,
    DAY,
    household,
    imported,
    later,
    municipality,
    promised,
    proposed,
    small,
)


def ledger(store, number: str = "0301") -> Ledger:
    """A municipality's ledger now."""
    return get_municipality_state(store, number).ledger


def test_places_are_taken_by_a_promise_and_stay_taken_when_settled(store):
    """A proposal takes none."""
    imported(store, small(persons=3, decided=10, settled=2, promised=1))
    proposed(store, "H0")
    assert ledger(store).open == 7
    promise(store, "H0", BY)
    assert (ledger(store).promised, ledger(store).open) == (4, 4)
    settle(store, "H0", later(9))
    assert (ledger(store).settled, ledger(store).promised, ledger(store).open) == (5, 1, 4)
    assert get_household_state(store, "H0").status is Status.SETTLED


@pytest.mark.parametrize("leave", [decline, withdraw])
def test_places_are_given_back(store, leave):
    """By a municipality that takes its word back, and by a household that leaves."""
    imported(store, small(persons=3, decided=10, receive_now=5))
    promised(store, "H0")
    assert (ledger(store).open, ledger(store).receive_now) == (7, 2)
    leave(store, "H0", later(1))
    assert (ledger(store).open, ledger(store).receive_now) == (10, 5)


def test_a_promise_without_room_says_what_changed(store):
    """Persons, and the latest changes of the ledger with day, actor and reason."""
    imported(store, small(persons=3, decided=5))
    promised(store, "H0")
    proposed(store, "H1")
    with pytest.raises(NoCapacityError) as error:
        promise(store, "H1", BY)
    found = error.value
    assert (found.municipality, found.resource, found.needed, found.open) == (
        "0301",
        "places",
        3,
        2,
    )
    assert [e.kind for e in found.latest_changes] == [EventKind.PROMISED, EventKind.COUNTED]
    assert "municipality 0301 has 2 open places, 3 needed" in str(found)
    assert "promised H0 (promised 3, minors_promised 0) by Caseworker 7: as agreed" in str(found)
    assert get_household_state(store, "H1").status is Status.PROPOSED


def test_unaccompanied_minors_have_places_of_their_own(store):
    """Open places are not enough for them."""
    instance = small(decided=10, minors_decided=1)
    instance = instance.replace(households=(household("M0", 1, 1), household("M1", 2, 1)))
    imported(store, instance)
    promised(store, "M0")
    assert ledger(store).minors_open == 0
    with pytest.raises(NoCapacityError, match="0 open places for unaccompanied minors, 1 needed"):
        promised(store, "M1")
    settle(store, "M0", BY)
    assert (ledger(store).minors_settled, ledger(store).minors_promised) == (1, 0)


def test_a_dwelling_is_promised_once(store):
    """And only one that the municipality has listed."""
    imported(store, small(decided=10))
    promised(store, "H0", dwelling="0301/0")
    proposed(store, "H1")
    with pytest.raises(TakenDwellingError, match="0301/0 is promised to household H0"):
        promise(store, "H1", BY, dwelling="0301/0")
    with pytest.raises(TakenDwellingError, match="0301/9 is not among those of 0301"):
        promise(store, "H1", BY, dwelling="0301/9")
    withdraw(store, "H0", BY)
    promise(store, "H1", BY, dwelling="0301/0")


def test_what_can_be_received_now_is_counted_from_when_it_was_said(store):
    """A new statement begins anew."""
    imported(store, small(persons=2, decided=10, receive_now=3))
    promised(store, "H0")
    promised(store, "H1")
    assert ledger(store).receive_now == 0
    revise_ledger(store, "0301", {"receive_now": 4}, later(1))
    assert ledger(store).receive_now == 4
    revise_ledger(store, "0301", {"receive_now": None}, later(1))
    assert ledger(store).receive_now is None


def test_a_new_year_carries_promises_over(store):
    """Nothing is decided until the council has; the same numbers in new files count anew."""
    instance = small(persons=3, decided=20, settled=4, promised=1, extra=2)
    imported(store, instance)
    promised(store, "H0")
    promised(store, "H1")
    settle(store, "H1", later(1))
    begin_ledger_year(store, 2025, later(261))
    assert (ledger(store).decided, ledger(store).settled, ledger(store).promised) == (None, 0, 4)
    assert (ledger(store).open, list_alarms(store)) == (None, [])
    settle(store, "H0", later(262))
    assert (ledger(store).settled, ledger(store).promised) == (3, 1)


def test_files_of_a_new_year_are_taken_as_new(store):
    """Also a decision that is the same as last year's."""
    instance = small(decided=10, settled=4)
    imported(store, instance)
    begin_ledger_year(store, 2025, BY)
    imported(store, instance.replace(municipalities=(municipality("0301", decided=10),)))
    assert ledger(store) == known(decided=10)


def test_a_household_goes_only_where_its_state_allows(store):
    """The error says what it is, what it must be, and what happened last."""
    imported(store, small(decided=10))
    with pytest.raises(WrongStatusError, match="H0 is ready and cannot be promised; it must be pr"):
        promise(store, "H0", BY)
    promised(store, "H0")
    with pytest.raises(WrongStatusError, match=r"Latest change: 2024-04-15 promised H0"):
        propose(store, "H0", "4601", BY, answer_by=DAY)
    settle(store, "H0", BY)
    with pytest.raises(WrongStatusError, match="settled and cannot be withdrawn"):
        withdraw(store, "H0", BY)


def test_a_no_is_remembered_and_silence_is_not_a_no(store):
    """After a lapse the same municipality can be asked again; after a no it cannot."""
    imported(store, small(decided=10))
    proposed(store, "H0")
    lapse(store, "H0", BY)
    proposed(store, "H0")
    decline(store, "H0", BY)
    with pytest.raises(WrongStatusError, match="0301 has said no to H0"):
        proposed(store, "H0")
    proposed(store, "H0", "4601")


def test_what_someone_looked_at_must_still_be_so(store):
    """A change on an old version is refused; on the present one it is recorded."""
    imported(store, small(decided=10))
    seen = get_household_state(store, "H0").version
    (event,) = proposed(store, "H0")
    with pytest.raises(
        VersionConflictError, match=f"at version {event.id}, not {seen}: look again"
    ):
        promise(store, "H0", replace(BY, version=seen))
    promise(store, "H0", replace(BY, version=event.id))


@pytest.mark.parametrize("numbers", [{"decided": -1}, {"open": 3}, {}])
def test_numbers_that_no_ledger_can_have_are_refused(store, numbers):
    """Negative, of another name, or none at all."""
    imported(store, small(decided=10))
    with pytest.raises(UnusableNumberError):
        revise_ledger(store, "0301", numbers, BY)
    assert ledger(store).decided == 10


def test_who_is_not_in_the_store_is_told(store):
    """Households and municipalities by the errors that the library has for them."""
    imported(store, small())
    with pytest.raises(UnknownHouseholdError, match="household H9"):
        proposed(store, "H9")
    with pytest.raises(UnknownMunicipalityError, match="municipality 9999"):
        proposed(store, "H0", "9999")
    with pytest.raises(UnknownHouseholdError):
        get_household_state(store, "H9")
    with pytest.raises(UnknownMunicipalityError):
        get_municipality_state(store, "9999")


@pytest.mark.parametrize("change", [{"actor": " "}, {"reason": ""}])
def test_every_change_has_an_actor_and_a_reason(store, change):
    """An empty one is refused."""
    imported(store, small())
    with pytest.raises(ChangeError, match="needs an actor and a reason"):
        revise_ledger(store, "0301", {"decided": 1}, replace(BY, **change))


def test_every_change_has_a_time_zone(store):
    """A moment without one could be another day."""
    imported(store, small())
    with pytest.raises(ChangeError, match="no time zone"):
        revise_ledger(store, "0301", {"decided": 1}, replace(BY, at=BY.at.replace(tzinfo=None)))


def test_changes_of_one_block_are_all_recorded_or_none(store):
    """A block joins the one around it."""
    imported(store, small(decided=10))
    before = read_municipality_events(store, "0301")
    with pytest.raises(WrongStatusError), store.unit_of_work():
        promised(store, "H0")
        assert ledger(store).promised == 1
        promise(store, "H1", BY)
    assert read_municipality_events(store, "0301") == before
    with store.unit_of_work():
        promised(store, "H0")
        promised(store, "H1")
    assert ledger(store).promised == 2


def test_snapshots_that_are_wrong_are_noticed_and_written_anew(store):
    """Both tables, and a state that is gone."""
    imported(store, small(decided=10))
    promised(store, "H0")
    with store.engine.begin() as connection:
        for statement in (
            "UPDATE municipality SET state = replace(state, '\"promised\":1', '\"promised\":7')",
            "DELETE FROM household WHERE id = 'H1'",
        ):
            connection.exec_driver_sql(statement)
    assert find_differences(store) == ["households: H1", "municipalities: 0301"]
    rebuild_snapshots(store)
    assert find_differences(store) == []
    assert ledger(store).promised == 1
