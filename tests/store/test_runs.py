"""Runs: asked for, taken by one worker at a time, taken over from a silent one, ended once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from matcher.store import ChangeError, LostRunError, UnknownRunError, runs
from matcher.store.runs import NIGHT_KIND, RunStatus
from tests.store.small import DAY, NOON, imported, small

PATIENCE = timedelta(seconds=30)


def asked(store, kind: str = NIGHT_KIND, minutes: int = 0) -> runs.Run:
    """A run asked for some minutes after noon."""
    at = NOON + timedelta(minutes=minutes)
    return runs.enqueue_run(store, kind, {"seed": 7}, day=DAY, at=at, asked_by="person:1")


def claimed(store, worker: str, seconds: int = 0, kinds=(NIGHT_KIND,), **more) -> runs.Run | None:
    """What a worker gets some seconds after noon."""
    at = NOON + timedelta(seconds=seconds)
    return runs.claim_run(store, kinds, worker=worker, at=at, stalled_before=at - PATIENCE, **more)


def kept(store, run: str, worker: str, name: str = "plan", body: bytes = b"a,b") -> None:
    """An output, kept at noon."""
    runs.store_output(
        store, run, worker=worker, at=NOON, name=name, media_type="text/csv", body=body
    )


def test_a_run_waits_is_taken_and_ends(store):
    """Each step shows in the run, and it is based on the events there were when it was taken."""
    imported(store, small(2, decided=4))
    waiting = asked(store)
    assert (waiting.id, waiting.status, waiting.based_on) == (
        f"night-{DAY}-1",
        RunStatus.QUEUED,
        None,
    )
    assert runs.get_run(store, waiting.id) == waiting
    taken = claimed(store, "one", 5)
    assert (taken.status, taken.worker, taken.attempts) == (RunStatus.RUNNING, "one", 1)
    assert taken.based_on > 0
    assert taken.question == {"seed": 7}
    runs.complete_run(store, taken.id, worker="one", at=NOON + timedelta(seconds=9))
    ended = runs.get_run(store, taken.id)
    assert (ended.status, ended.ended_at) == (RunStatus.COMPLETE, NOON + timedelta(seconds=9))
    assert claimed(store, "two", 500) is None


def test_the_run_that_has_waited_longest_goes_first(store):
    """And only those of the kinds that the worker can do, or the one it asks for."""
    first, second, other = asked(store, "what-if", 1), asked(store, "what-if", 2), asked(store, "x")
    assert claimed(store, "one", kinds=("what-if",), run=second.id).id == second.id
    assert claimed(store, "two", kinds=("what-if", "x")).id == other.id
    assert claimed(store, "three", kinds=("what-if", "x")).id == first.id
    assert claimed(store, "four", kinds=("what-if", "x")) is None


def test_of_workers_who_race_for_a_run_one_gets_it(store):
    """The others get nothing, and there was one attempt."""
    run = asked(store, "what-if")
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda k: claimed(store, f"w{k}", kinds=("what-if",)), range(8)))
    (winner,) = [taken for taken in found if taken is not None]
    assert runs.get_run(store, run.id) == winner
    assert winner.attempts == 1


def test_two_nights_never_go_on_at_once(store):
    """Two are asked for and raced for; one goes on, the other when the first is over."""
    asked(store), asked(store)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda k: claimed(store, f"w{k}"), range(8)))
    (winner,) = [taken for taken in found if taken is not None]
    assert claimed(store, "late", 20) is None
    runs.complete_run(store, winner.id, worker=winner.worker, at=NOON)
    assert claimed(store, "late", 20).id != winner.id


def test_a_run_is_taken_over_from_a_silent_worker(store):
    """Not while its heart beats; and once lost, the first worker can do nothing to it any more."""
    run = asked(store).id
    first = claimed(store, "one")
    kept(store, run, "one", "policy")
    runs.renew_lease(store, run, worker="one", at=NOON + timedelta(seconds=20))
    assert claimed(store, "two", 45) is None
    second = claimed(store, "two", 51)
    assert (second.id, second.worker, second.attempts) == (run, "two", 2)
    assert (second.started_at, second.based_on) == (first.started_at, first.based_on)
    for attempt in (
        lambda: runs.renew_lease(store, run, worker="one", at=NOON),
        lambda: kept(store, run, "one"),
        lambda: runs.complete_run(store, run, worker="one", at=NOON),
        lambda: runs.fail_run(store, run, worker="one", at=NOON, error="x"),
        lambda: runs.mark_cancelled(store, run, worker="one", at=NOON),
    ):
        with pytest.raises(LostRunError, match=r"one has run .* no longer"):
            attempt()
    assert runs.get_run(store, run) == second
    assert [found.name for found in runs.list_outputs(store, run)] == ["policy"]
    kept(store, run, "two")


def test_a_run_that_is_over_takes_nothing_more(store):
    """Not even from the worker who had it."""
    run = asked(store).id
    claimed(store, "one")
    runs.fail_run(store, run, worker="one", at=NOON, error="no policy of this name")
    assert runs.get_run(store, run).error == "no policy of this name"
    with pytest.raises(LostRunError, match="it is failed"):
        kept(store, run, "one")


def test_outputs_are_kept_once_and_come_back_to_the_byte(store):
    """With a hash of what was kept; lists come without the bodies."""
    run = asked(store).id
    claimed(store, "one")
    body = bytes(range(256)) * 4000
    kept(store, run, "one", body=body)
    with pytest.raises(ChangeError, match="never replaced"):
        kept(store, run, "one", body=b"another")
    found = runs.find_output(store, run, "plan")
    assert (found.body, found.media_type) == (body, "text/csv")
    (listed,) = runs.list_outputs(store, run)
    assert (listed.hash, listed.body) == (found.hash, None)
    assert runs.find_output(store, run, "prices") is None


def test_outputs_kept_in_one_block_are_all_there_or_none(store):
    """An error in the block takes back those before it."""
    run = asked(store).id
    claimed(store, "one")
    with pytest.raises(ChangeError), store.unit_of_work():
        kept(store, run, "one")
        kept(store, run, "one")
    assert runs.list_outputs(store, run) == []


def test_progress_is_told_with_heartbeats_and_stays(store):
    """A heartbeat without progress leaves the last one."""
    run = asked(store).id
    claimed(store, "one")
    assert not runs.renew_lease(store, run, worker="one", at=NOON, progress={"step": "solve"})
    assert not runs.renew_lease(store, run, worker="one", at=NOON + timedelta(seconds=4))
    found = runs.get_run(store, run)
    assert (found.progress, found.heartbeat_at) == (
        {"step": "solve"},
        NOON + timedelta(seconds=4),
    )


def test_a_worker_hears_that_its_run_is_to_be_cancelled(store):
    """At its next heartbeat; a run that no one has taken is over at once."""
    run, waiting = asked(store).id, asked(store, "what-if").id
    claimed(store, "one")
    assert runs.request_cancellation(store, run, at=NOON).status is RunStatus.RUNNING
    assert runs.renew_lease(store, run, worker="one", at=NOON)
    runs.mark_cancelled(store, run, worker="one", at=NOON)
    assert runs.get_run(store, run).status is RunStatus.CANCELLED
    assert runs.request_cancellation(store, waiting, at=NOON).status is RunStatus.CANCELLED
    assert claimed(store, "two", kinds=("what-if",)) is None
    with pytest.raises(ChangeError, match="is cancelled"):
        runs.request_cancellation(store, run, at=NOON)


def test_runs_are_listed_from_the_newest_and_page_by_page(store):
    """Each once, also those asked for at the same moment."""
    ids = [asked(store, "what-if", minutes=k // 2).id for k in range(5)]
    asked(store)
    page, seen = runs.list_runs(store, "what-if", limit=2), []
    while page:
        seen += [run.id for run in page]
        page = runs.list_runs(store, "what-if", limit=2, before=seen[-1])
    assert seen == ids[::-1]
    assert len(runs.list_runs(store)) == 6


def test_the_night_in_force_is_the_complete_one_of_the_latest_day(store):
    """Neither one that is still going on, nor one made later for an earlier day."""
    assert runs.find_run_in_force(store) is None
    for days in (1, 0, 2):
        runs.enqueue_run(
            store,
            NIGHT_KIND,
            {},
            day=DAY + timedelta(days=days),
            at=NOON + timedelta(days=days),
            asked_by="system:night",
        )
    ended = [claimed(store, "one", run=f"night-{DAY + timedelta(days=d)}-1") for d in (1,)]
    runs.complete_run(store, ended[0].id, worker="one", at=NOON)
    earlier = claimed(store, "one", run=f"night-{DAY}-1")
    runs.complete_run(store, earlier.id, worker="one", at=NOON + timedelta(hours=1))
    claimed(store, "one")
    assert runs.find_run_in_force(store).id == ended[0].id


def test_a_run_that_does_not_exist_is_told(store):
    """By its name."""
    for attempt in (
        lambda: runs.get_run(store, "night-1"),
        lambda: runs.request_cancellation(store, "night-1", at=NOON),
        lambda: runs.list_runs(store, before="night-1"),
        lambda: kept(store, "night-1", "one"),
    ):
        with pytest.raises(UnknownRunError, match="no run night-1"):
            attempt()
