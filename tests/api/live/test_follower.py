"""Many readers follow one store: each sees a whole state, and never an older one than before."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest

from api.live.notes import RankingNote
from api.live.snapshot_cache import SnapshotCache
from matcher.store import Stamp, UnusableInstanceError, import_instance, revise_ledger
from matcher.store.current import get_municipality_state
from matcher.store.instance_loading import load_instance_at
from matcher.store.runs import claim_run, complete_run, enqueue_run
from tests.api.live.nights import BY, MORNING, TODAY, night_of
from tests.random_instances import random_instance


@pytest.fixture
def instance(store):
    """A random queue, taken in."""
    made = random_instance(4, households=5, municipalities=4, bars=0.3)
    import_instance(store, made, Stamp(MORNING, "Importer", "import"))
    return made


def complete_night(store, hour):
    """A night that has come to its end; its identifier."""
    at = MORNING + timedelta(hours=hour)
    run = enqueue_run(store, "night", {}, day=TODAY, at=at, asked_by="test")
    claim_run(store, ["night"], worker="w", at=at, stalled_before=at, run=run.id)
    complete_run(store, run.id, worker="w", at=at)
    return run.id


def loader(store, identifier, standing):
    """A night made on the spot."""
    return replace(night_of(load_instance_at(store, TODAY), 4)[0], run=identifier)


@pytest.mark.slow
def test_before_anything_is_imported_it_says_so(store):
    """And once something is, it is read."""
    with SnapshotCache(store) as follower:
        with pytest.raises(UnusableInstanceError):
            follower.snapshot(TODAY)
        assert not follower.is_warming_up
        made = random_instance(4, households=5, municipalities=4)
        import_instance(store, made, Stamp(MORNING, "Importer", "import"))
        assert follower.snapshot(TODAY).notes("H1") == (RankingNote.NO_NIGHT,)


def test_it_reads_ahead_when_it_is_started(store, instance):
    """The first question finds all of it read; an empty store is nothing to wait for."""
    complete_night(store, 1)
    may_go_on = Event()

    def slow(store, identifier, standing):
        may_go_on.wait(30)
        return loader(store, identifier, standing)

    told = []
    with SnapshotCache(store, night_loader=slow, on_replaced=lambda: told.append(True)) as follower:
        follower.warm_up(TODAY)
        assert follower.is_warming_up and not told
        may_go_on.set()
        follower.wait_until_prepared()
        assert not follower.is_warming_up and told == [True]
        assert follower.snapshot(TODAY).night is not None


def test_every_question_is_answered_with_what_happened_before_it(store, instance):
    """A ledger that is revised between two questions; nothing in between is the same value."""
    number = instance.municipalities[0].number
    with SnapshotCache(store) as follower:
        first = follower.snapshot(TODAY)
        assert follower.snapshot(TODAY) is first
        revise_ledger(store, number, {"decided": 55}, BY)
        after = follower.snapshot(TODAY)
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

    with SnapshotCache(store, night_loader=slow) as follower:
        assert follower.snapshot(TODAY).night is None
        night = complete_night(store, 1)
        assert follower.snapshot(TODAY).night is None
        assert asked.wait(30)
        revise_ledger(store, instance.municipalities[0].number, {"decided": 55}, BY)
        meanwhile = follower.snapshot(TODAY)
        assert meanwhile.night is None
        assert meanwhile.problem.municipalities.decided[0] == 55
        may_go_on.set()
        follower.wait_until_prepared()
        after = follower.snapshot(TODAY)
        assert after.night is not None and after.night.run == night
        assert after.version == meanwhile.version
        assert after.problem.municipalities.decided[0] == 55


def test_a_newer_night_replaces_an_older_one_and_a_new_day_both(store, instance):
    """The night is not read again for a new day."""
    read = []

    def counted(store, identifier, standing):
        read.append(identifier)
        return loader(store, identifier, standing)

    with SnapshotCache(store, night_loader=counted) as follower:
        nights = [complete_night(store, 1)]
        first = follower.snapshot(TODAY)
        assert first.night is not None and first.night.run == nights[0]
        nights.append(complete_night(store, 2))
        follower.snapshot(TODAY)
        follower.wait_until_prepared()
        assert follower.snapshot(TODAY).night.run == nights[1]
        tomorrow = TODAY + timedelta(days=1)
        assert follower.snapshot(tomorrow).day == TODAY
        follower.wait_until_prepared()
        assert follower.snapshot(tomorrow).day == tomorrow
        assert RankingNote.OLD_NIGHT in follower.snapshot(tomorrow).notes("H1")
        assert read == nights


def test_a_night_that_cannot_be_read_leaves_the_one_before_in_force(store, instance, caplog):
    """It is tried again when something has happened, not at every question."""
    tries = []

    def damaged(store, identifier, standing):
        tries.append(identifier)
        if len(tries) > 1:
            raise ValueError("damaged")
        return loader(store, identifier, standing)

    with SnapshotCache(store, night_loader=damaged) as follower:
        first = complete_night(store, 1)
        assert follower.snapshot(TODAY).night.run == first
        second = complete_night(store, 2)
        for _ in range(3):
            assert follower.snapshot(TODAY).night.run == first
            with pytest.raises(ValueError, match="damaged"):
                follower.wait_until_prepared()
        assert tries == [first, second]
        assert "what was in force stays" in caplog.text
        revise_ledger(store, instance.municipalities[0].number, {"decided": 55}, BY)
        follower.snapshot(TODAY)
        with pytest.raises(ValueError, match="damaged"):
            follower.wait_until_prepared()
        assert tries == [first, second, second]


def test_without_another_a_night_that_cannot_be_read_means_no_prices(store, instance, caplog):
    """Answers without prices that say so; and with them as soon as it can be read."""
    tries = []

    def damaged(store, identifier, standing):
        tries.append(identifier)
        if len(tries) == 1:
            raise ValueError("damaged")
        return loader(store, identifier, standing)

    with SnapshotCache(store, night_loader=damaged) as follower:
        night = complete_night(store, 1)
        assert follower.snapshot(TODAY).notes("H1") == (RankingNote.NO_NIGHT,)
        assert "what was in force stays" in caplog.text
        revise_ledger(store, instance.municipalities[0].number, {"decided": 55}, BY)
        follower.snapshot(TODAY)
        follower.wait_until_prepared()
        assert follower.snapshot(TODAY).night.run == night


def test_many_readers_never_go_back_in_time(store, instance):
    """Eight threads ask while one revises: versions only grow, and each state is whole."""
    number = instance.municipalities[0].number

    def reads(follower):
        seen = [follower.snapshot(TODAY) for _ in range(30)]
        assert [live.version for live in seen] == sorted(live.version for live in seen)
        for live in seen:
            there = live.projection.instance.municipalities[0].ledger.decided
            assert live.problem.municipalities.decided[0] == there
            assert live.plan_usage.problem is live.problem

    with SnapshotCache(store, night_loader=loader) as follower, ThreadPoolExecutor(8) as pool:
        complete_night(store, 1)
        first = follower.snapshot(TODAY)
        asked = [pool.submit(reads, follower) for _ in range(8)]
        for decided in range(20, 35):
            revise_ledger(store, number, {"decided": decided}, BY)
        for future in asked:
            future.result()
        last = follower.snapshot(TODAY)
        assert last.version == first.version + 15
        assert (
            last.projection.instance.municipalities[0].ledger
            == get_municipality_state(store, number).ledger
        )
