"""A night is one at a time whoever starts it, gone on with where it was, and never done twice."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from matcher.jobs.night import NightAlreadyRunning, NightClaimed, NightUpToDate, enqueue_night
from matcher.store import Stamp, revise_ledger
from matcher.store.runs import RunStatus, complete_run, list_outputs, list_runs
from matcher.store.runs import get_run as run_of
from tests.jobs.night.conftest import QUESTION, at_noon, now
from tests.store.small import imported, small


def test_a_second_start_is_told_who_is_at_it(store, start):
    """And since when; no second run is made."""
    first, second = start("one"), start("two")
    assert isinstance(first, NightClaimed)
    assert isinstance(second, NightAlreadyRunning)
    assert (second.run.id, second.run.worker) == (first.run.id, "one")
    assert second.run.started_at is not None
    assert len(list_runs(store)) == 1


def test_of_starts_at_the_same_moment_one_gets_the_night(store, start):
    """The others are told that it is going on."""
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda k: start(f"w{k}"), range(8)))
    assert sorted(type(one).__name__ for one in found) == [
        *["NightAlreadyRunning"] * 7,
        "NightClaimed",
    ]
    assert len(list_runs(store)) == 1


def test_a_night_whose_worker_has_gone_is_taken_over(store, start):
    """At once where it is known that the process has ended, else after a silence."""
    first = start("one")
    gone = start("two", worker_has_ended=lambda name: name == "one")
    assert isinstance(gone, NightClaimed)
    assert (gone.run.id, gone.run.attempts) == (first.run.id, 2)
    assert isinstance(start("three", at=now() + timedelta(seconds=50)), NightAlreadyRunning)
    late = start("three", at=now() + timedelta(seconds=70))
    assert (late.run.id, late.run.worker) == (first.run.id, "three")


def test_a_night_of_another_day_or_question_is_not_gone_on_with(store, start, queue):
    """It is cancelled, and a new one is begun; one that is alive is never disturbed."""
    first = start("one")
    other = replace(QUESTION, seed=9)
    assert isinstance(start("two", other), NightAlreadyRunning)
    second = start("two", other, worker_has_ended=lambda _: True)
    assert second.run.id != first.run.id
    assert run_of(store, first.run.id).status is RunStatus.CANCELLED
    tomorrow = queue.today + timedelta(days=1)
    third = start("three", day=tomorrow, worker_has_ended=lambda _: True)
    assert third.run.day == tomorrow
    assert run_of(store, second.run.id).status is RunStatus.CANCELLED


def test_a_night_that_someone_asked_for_is_taken(store, start, queue):
    """Where it is the same question; another one goes on waiting."""
    other = enqueue_night(
        store, replace(QUESTION, seed=9), day=queue.today, at=now(), asked_by="person:1"
    )
    asked = enqueue_night(store, QUESTION, day=queue.today, at=now(), asked_by="person:1")
    assert start("one").run.id == asked.id
    assert run_of(store, other.id).status is RunStatus.QUEUED


def test_a_complete_night_is_not_done_again_until_something_happens(store, start, queue):
    """The second start is given the first one's run; after an event there is a new night."""
    imported(store, small(2, decided=4))
    first = start("one").run
    complete_run(store, first.id, worker="one", at=now())
    assert start("two") == NightUpToDate(run_of(store, first.id))
    at = at_noon(queue)
    revise_ledger(store, "0301", {"decided": 5}, Stamp(at, "Council", "new decision"))
    again = start("two")
    assert isinstance(again, NightClaimed)
    assert again.run.id != first.id
    assert again.run.based_on == first.based_on + 1
    assert list_outputs(store, again.run.id) == []
