"""What can be undone and what cannot, since something rests on it."""

from dataclasses import replace

import pytest

from matcher.domain import BanReason
from matcher.store import (
    EventKind,
    NoCapacityError,
    NothingToUndoError,
    Status,
    TakenDwellingError,
    ban,
    begin_ledger_year,
    decline,
    get_household_state,
    get_municipality_state,
    pin,
    promise,
    propose,
    read_household_events,
    revise_household,
    revise_ledger,
    settle,
    undo,
    unpin,
    withdraw,
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


def test_both_stay_on_the_record(store):
    """The undoing names what it undoes, and turns its numbers round."""
    imported(store, small(persons=3, decided=5))
    promised(store, "H0")
    (event,) = undo(store, "H0", later(1))
    made = read_household_events(store, "H0")[-2]
    assert (event.kind, event.facts["undone"]) == (EventKind.UNDONE, made.id)
    assert (event.facts["promised"], made.facts["promised"]) == (-3, 3)
    state = get_household_state(store, "H0")
    assert (state.status, state.municipality, state.held_persons) == (Status.PROPOSED, "0301", 0)
    assert state.answer_by is not None


def test_only_the_latest_change_of_a_person_is_undone(store):
    """Not an undoing, and not what files said."""
    imported(store, small())
    with pytest.raises(NothingToUndoError, match=r"cannot be undone: .* listed H0"):
        undo(store, "H0", BY)
    pin(store, "H0", "0301", BY)
    undo(store, "H0", BY)
    with pytest.raises(NothingToUndoError, match=r"cannot be undone: .* undone H0"):
        undo(store, "H0", BY)


def test_a_promise_does_not_come_back_to_places_that_are_taken(store):
    """Nor to a home that is."""
    imported(store, small(persons=3, decided=3))
    promised(store, "H0", dwelling="0301/0")
    withdraw(store, "H0", BY)
    promised(store, "H1", dwelling="0301/0")
    with pytest.raises(NoCapacityError, match="0 open places, 3 needed"):
        undo(store, "H0", BY)
    revise_ledger(store, "0301", {"decided": 6}, BY)
    with pytest.raises(TakenDwellingError, match="promised to household H1"):
        undo(store, "H0", BY)
    settle(store, "H1", BY)
    with pytest.raises(TakenDwellingError, match="promised to household H1"):
        undo(store, "H0", BY)


@pytest.mark.parametrize("restated", [{"promised": 3}, {"receive_now": 9}])
def test_what_a_count_of_the_ledger_rests_on_stays(store, restated):
    """What happened is then recorded as what it is; a new decision alone is no count."""
    imported(store, small(persons=3, decided=9))
    promised(store, "H0")
    revise_ledger(store, "0301", {"decided": 8}, BY)
    revise_ledger(store, "0301", restated, BY)
    with pytest.raises(NothingToUndoError, match=r"has been counted since: .* revised"):
        undo(store, "H0", BY)
    decline(store, "H0", BY)
    assert get_municipality_state(store, "0301").ledger.open == 8


def test_what_was_settled_is_undone_in_the_year_it_was_settled_in(store):
    """Also when the next year has begun in the ledger meanwhile."""
    imported(store, small(persons=3, decided=9))
    promised(store, "H0")
    settle(store, "H0", BY)
    begin_ledger_year(store, 2025, BY)
    undo(store, "H0", BY)
    state = get_municipality_state(store, "0301")
    assert (state.ledger.settled, state.ledger.promised, state.ledger.open) == (0, 3, 6)
    assert state.ledger_of(2025, DAY).promised == 0


def test_a_change_of_linked_households_is_undone_for_all_or_none(store):
    """None when one of them has changed since."""
    imported(store, small(decided=9).replace(links=(("H0", "H1"),)))
    proposed(store, "H0")
    pin(store, "H1", "0301", BY)
    with pytest.raises(NothingToUndoError, match="linked household H1 has changed since"):
        undo(store, "H0", BY)
    undo(store, "H1", BY)
    promise(store, "H1", BY)
    assert {event.household for event in undo(store, "H0", BY)} == {"H0", "H1"}
    assert get_municipality_state(store, "0301").ledger.promised == 0


def test_a_household_is_pinned_and_freed_by_people_whatever_files_say(store):
    """A pin of the files is lifted by a person, and stays lifted when the files come again."""
    one = replace(household("H0"), pinned_to="4601")
    instance = small().replace(households=(one, household("H1")))
    imported(store, instance)
    unpin(store, "H0", BY)
    imported(store, instance)
    state = get_household_state(store, "H0")
    assert state.with_pins_and_bans(one).pinned_to is None
    undo(store, "H0", BY)
    assert get_household_state(store, "H0").with_pins_and_bans(one).pinned_to == "4601"


def test_new_facts_are_undone_with_the_size_they_brought(store):
    """And what the files say later goes before what a person said."""
    imported(store, small(1, decided=9))
    revise_household(store, household("H0", 4), BY)
    assert get_household_state(store, "H0").persons == 4
    undo(store, "H0", BY)
    assert get_household_state(store, "H0").persons == 1
    revise_household(store, household("H0", 4), BY)
    imported(store, small(1, persons=2, decided=9))
    assert get_household_state(store, "H0").persons == 2


@pytest.mark.slow
def test_a_ban_can_be_undone_before_the_proposal_that_it_bars(store):
    """After it, nothing is barred."""
    imported(store, small(decided=9))
    ban(store, "H0", "0301", BanReason.SECURITY, BY)
    undo(store, "H0", BY)
    propose(store, "H0", "0301", BY, answer_by=DAY)
    assert get_household_state(store, "H0").status is Status.PROPOSED
