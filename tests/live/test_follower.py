"""Many readers follow one store: each sees a whole state, and never an older one than before."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest

from matcher.live.follower import Follower
from matcher.live.notes import Note
from matcher.store.database import UnusableInstanceError, import_instance, revise
from matcher.store.database.planning import instance_at
from matcher.store.database.runs import ask, claim, complete
from matcher.store.database.states import municipality_state
from tests.live.nights import BY, MORNING, TODAY, night_of
from tests.random_instances import random_instance


@pytest.fixture
def instance(store):
    """A random queue, taken in."""
    made = random_instance(4, households=5, municipalities=4, bars=0.3)
    import_instance(store, made, at=MORNING, actor="Importer")
    return made


def complete_night(store, hour):
    """A night that has come to its end; its identifier."""
    at = MORNING + timedelta(hours=hour)
    run = ask(store, "night", {}, day=TODAY, at=at, asked_by="test")
    claim(store, ["night"], worker="w", at=at, stale_before=at, run=run.id)
    complete(store, run.id, worker="w", at=at)
    return run.id


def loader(store, identifier, standing):
    """A night made on the spot."""
    return replace(night_of(instance_at(store, TODAY), 4)[0], run=identifier)


def test_before_anything_is_imported_it_says_so(store):
    """And once something is, it is read."""
    with Follower(store) as follower:
        with pytest.raises(UnusableInstanceError):
            follower.live(TODAY)
        assert not follower.starting
        made = random_instance(4, households=5, municipalities=4)
        import_instance(store, made, at=MORNING, actor="Importer")
        assert follower.live(TODAY).notes("H1") == (Note.NO_NIGHT,)


def test_it_reads_ahead_when_it_is_started(store, instance):
    """The first question finds all of it read; an empty store is nothing to wait for."""
    complete_night(store, 1)
    may_go_on = Event()

    def slow(store, identifier, standing):
        may_go_on.wait(30)
        return loader(store, identifier, standing)

    told = []
    with Follower(store, load=slow, in_place=lambda: told.append(True)) as follower:
        follower.start(TODAY)
        assert follower.starting and not told
        may_go_on.set()
        follower.settled()
        assert not follower.starting and told == [True]
        assert follower.live(TODAY).night is not None


def test_every_question_is_answered_with_what_happened_before_it(store, instance):
    """A ledger that is revised between two questions; nothing in between is the same value."""
    number = instance.municipalities[0].number
    with Follower(store) as follower:
        first = follower.live(TODAY)
        assert follower.live(TODAY) is first
        revise(store, number, {"decided": 55}, **BY)
        after = follower.live(TODAY)
        assert after.version == first.version + 1
        assert after.problem.municipalities.decided[0] == 55
        assert first.problem.municipalities.decided[0] == instance.municipalities[0].ledger.decided


def test_a_new_night_takes_over_when_it_is_whole(store, instance):
    """While it is being read, answers rest on what was there before, with the newest ledger."""
    may_go_on, asked = Event(), Event()

    def slow(store, identifier, standing):
        asked.set()
        may_go_on.wait(30)
        return loader(store, identifier, standing)

    with Follower(store, load=slow) as follower:
        assert follower.live(TODAY).night is None
        night = complete_night(store, 1)
        assert follower.live(TODAY).night is None
        assert asked.wait(30)
        revise(store, instance.municipalities[0].number, {"decided": 55}, **BY)
        meanwhile = follower.live(TODAY)
        assert meanwhile.night is None
        assert meanwhile.problem.municipalities.decided[0] == 55
        may_go_on.set()
        follower.settled()
        after = follower.live(TODAY)
        assert after.night is not None and after.night.run == night
        assert after.version == meanwhile.version
        assert after.problem.municipalities.decided[0] == 55


def test_a_newer_night_replaces_an_older_one_and_a_new_day_both(store, instance):
    """The night is not read again for a new day."""
    read = []

    def counted(store, identifier, standing):
        read.append(identifier)
        return loader(store, identifier, standing)

    with Follower(store, load=counted) as follower:
        nights = [complete_night(store, 1)]
        first = follower.live(TODAY)
        assert first.night is not None and first.night.run == nights[0]
        nights.append(complete_night(store, 2))
        follower.live(TODAY)
        follower.settled()
        assert follower.live(TODAY).night.run == nights[1]
        tomorrow = TODAY + timedelta(days=1)
        assert follower.live(tomorrow).day == TODAY
        follower.settled()
        assert follower.live(tomorrow).day == tomorrow
        assert Note.OLD_NIGHT in follower.live(tomorrow).notes("H1")
        assert read == nights


def test_a_night_that_cannot_be_read_leaves_the_one_before_in_force(store, instance, caplog):
    """It is tried again when something has happened, not at every question."""
    tries = []

    def damaged(store, identifier, standing):
        tries.append(identifier)
        if len(tries) > 1:
            raise ValueError("damaged")
        return loader(store, identifier, standing)

    with Follower(store, load=damaged) as follower:
        first = complete_night(store, 1)
        assert follower.live(TODAY).night.run == first
        second = complete_night(store, 2)
        for _ in range(3):
            assert follower.live(TODAY).night.run == first
            with pytest.raises(ValueError, match="damaged"):
                follower.settled()
        assert tries == [first, second]
        assert "what was in force stays" in caplog.text
        revise(store, instance.municipalities[0].number, {"decided": 55}, **BY)
        follower.live(TODAY)
        with pytest.raises(ValueError, match="damaged"):
            follower.settled()
        assert tries == [first, second, second]


def test_without_another_a_night_that_cannot_be_read_means_no_prices(store, instance, caplog):
    """Answers without prices that say so; and with them as soon as it can be read."""
    tries = []

    def damaged(store, identifier, standing):
        tries.append(identifier)
        if len(tries) == 1:
            raise ValueError("damaged")
        return loader(store, identifier, standing)

    with Follower(store, load=damaged) as follower:
        night = complete_night(store, 1)
        assert follower.live(TODAY).notes("H1") == (Note.NO_NIGHT,)
        assert "what was in force stays" in caplog.text
        revise(store, instance.municipalities[0].number, {"decided": 55}, **BY)
        follower.live(TODAY)
        follower.settled()
        assert follower.live(TODAY).night.run == night


def test_many_readers_never_go_back_in_time(store, instance):
    """Eight threads ask while one revises: versions only grow, and each state is whole."""
    number = instance.municipalities[0].number

    def reads(follower):
        seen = [follower.live(TODAY) for _ in range(30)]
        assert [live.version for live in seen] == sorted(live.version for live in seen)
        for live in seen:
            there = live.standing.instance.municipalities[0].ledger.decided
            assert live.problem.municipalities.decided[0] == there
            assert live.plan.problem is live.problem

    with Follower(store, load=loader) as follower, ThreadPoolExecutor(8) as pool:
        complete_night(store, 1)
        first = follower.live(TODAY)
        asked = [pool.submit(reads, follower) for _ in range(8)]
        for decided in range(20, 35):
            revise(store, number, {"decided": decided}, **BY)
        for future in asked:
            future.result()
        last = follower.live(TODAY)
        assert last.version == first.version + 15
        assert (
            last.standing.instance.municipalities[0].ledger
            == municipality_state(store, number).ledger
        )
