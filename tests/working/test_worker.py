"""Workers do each run once, whole or not at all, and stop when they are told to."""

from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest

from instances import Profile, generate
from matcher.batch import Question, ask_night
from matcher.errors import TreffsikkerError
from matcher.policy import Policy
from matcher.solve import Progress
from matcher.store.database import import_instance
from matcher.store.database.errors import LostRunError
from matcher.store.database.runs import (
    NIGHT,
    RunStatus,
    ask_cancel,
    beat,
    claim,
    output,
    outputs,
    run,
    runs,
)
from matcher.working import Errand
from matcher.working.kinds import KINDS
from tests.working.conftest import now

LONG = 60.0
"""Seconds after which a test that waits in vain fails."""


def made(errand: Errand) -> None:
    """Make two outputs."""
    errand.make("one", "text/plain", b"1")
    errand.make("two", "text/plain", b"2")


def until_stopped(begun: Event):
    """Work that goes on until it is told to stop."""

    def work(errand: Errand) -> None:
        begun.set()
        while True:
            errand.at("waiting", waited=True)

    return work


def test_a_run_is_done_and_its_outputs_are_there(store, worker, asked):
    """From queued to complete, by the worker that took it."""
    one = asked()
    assert worker({"count": made}).work_off() == 1
    ended = run(store, one.id)
    assert (ended.status, ended.worker, ended.attempts) == (RunStatus.COMPLETE, "one", 1)
    assert [o.name for o in outputs(store, one.id)] == ["one", "two"]
    assert output(store, one.id, "two").body == b"2"


def test_runs_are_done_in_the_order_they_were_asked_for(worker, asked):
    """First come, first served."""
    wanted, done = [asked(), asked(), asked()], []
    worker({"count": lambda errand: done.append(errand.run.id)}).work_off()
    assert done == [one.id for one in wanted]


def test_a_worker_leaves_what_it_does_not_know(store, worker, asked):
    """Another kind waits for another worker."""
    one = asked("unheard of")
    assert worker({"count": made}).work_off() == 0
    assert run(store, one.id).status is RunStatus.QUEUED


@pytest.mark.parametrize("error", [TreffsikkerError("no such place"), RuntimeError("oops")])
def test_a_run_that_cannot_be_done_fails_once_and_says_why(store, worker, asked, error):
    """It is not tried again, and leaves nothing."""

    def work(errand: Errand) -> None:
        made(errand)
        raise error

    one = asked()
    assert worker({"count": work}).work_off() == 1
    ended = run(store, one.id)
    assert (ended.status, ended.attempts) == (RunStatus.FAILED, 1)
    assert str(error) in ended.error
    assert outputs(store, one.id) == []


def test_a_cancelled_run_stops_and_leaves_nothing(store, worker, asked):
    """The heart hears of it while the work goes on."""
    one, begun = asked(), Event()

    def work(errand: Errand) -> None:
        made(errand)
        until_stopped(begun)(errand)

    thread = Thread(target=worker({"count": work}).work_off)
    thread.start()
    assert begun.wait(LONG)
    ask_cancel(store, one.id, at=now())
    thread.join(LONG)
    assert run(store, one.id).status is RunStatus.CANCELLED
    assert outputs(store, one.id) == []


def test_a_solver_that_ends_without_a_plan_when_stopped_has_not_failed(store, worker, asked):
    """What it says of it is not why the run ended."""
    one, begun = asked(), Event()

    def work(errand: Errand) -> None:
        begun.set()
        while not errand.stopped():
            errand.follow(Progress(1, None, None, 0.5))
        raise TreffsikkerError("no plan in time")

    thread = Thread(target=worker({"count": work}).work_off)
    thread.start()
    assert begun.wait(LONG)
    ask_cancel(store, one.id, at=now())
    thread.join(LONG)
    ended = run(store, one.id)
    assert (ended.status, ended.error) == (RunStatus.CANCELLED, None)
    assert ended.progress["step"] == "solving"


def test_a_run_cancelled_before_it_was_taken_over_is_not_begun_again(store, worker, asked):
    """Its worker died, and no one wants it any more."""
    one, long_ago = asked(), now() - timedelta(hours=1)
    claim(store, ("count",), worker="dead", at=long_ago, stale_before=long_ago)
    ask_cancel(store, one.id, at=now())
    assert worker({"count": pytest.fail}).work_off() == 1
    assert run(store, one.id).status is RunStatus.CANCELLED


def test_a_worker_that_leaves_gives_its_run_back(store, worker, asked):
    """It counts as if it had not been begun, and the next worker does it."""
    one, begun = asked(), Event()
    leaving = worker({"count": until_stopped(begun)})
    thread = Thread(target=leaving.work)
    thread.start()
    assert begun.wait(LONG)
    leaving.leave()
    thread.join(LONG)
    given_back = run(store, one.id)
    assert (given_back.status, given_back.attempts) == (RunStatus.QUEUED, 0)
    assert worker({"count": made}, "two").work_off() == 1
    assert run(store, one.id).worker == "two"


def test_followers_hear_how_far_a_run_is(store, worker, asked):
    """What the work tells goes out with the next heartbeat."""
    one, heard = asked(), Event()

    def work(errand: Errand) -> None:
        errand.at("halfway", done=5)
        assert heard.wait(LONG)

    thread = Thread(target=worker({"count": work}).work_off)
    thread.start()
    while run(store, one.id).progress != {"step": "halfway", "done": 5}:
        assert thread.is_alive()
    heard.set()
    thread.join(LONG)


def test_a_silent_workers_run_is_done_by_another_and_counted_once(store, worker, asked):
    """The first worker comes back too late: what it made is not kept."""
    one, begun, taken = asked(), Event(), Event()

    def late(errand: Errand) -> None:
        errand.make("one", "text/plain", b"late")
        begun.set()
        assert taken.wait(LONG)

    first = Thread(target=worker({"count": late}, heartbeat_seconds=LONG).work_off)
    first.start()
    assert begun.wait(LONG)
    assert worker({"count": made}, "two", silent_seconds=-1).work_off() == 1
    taken.set()
    first.join(LONG)
    ended = run(store, one.id)
    assert (ended.status, ended.worker, ended.attempts) == (RunStatus.COMPLETE, "two", 2)
    assert output(store, one.id, "one").body == b"1"


def test_a_worker_that_lost_its_run_stops_working_on_it(store, worker, asked):
    """Its own heart tells it."""
    one, begun = asked(), Event()
    thread = Thread(target=worker({"count": until_stopped(begun)}).work_off)
    thread.start()
    assert begun.wait(LONG)
    claim(store, ("count",), worker="two", at=now(), stale_before=now() + timedelta(hours=1))
    thread.join(LONG)
    assert not thread.is_alive()
    assert run(store, one.id).worker == "two"
    with pytest.raises(LostRunError):
        beat(store, one.id, worker="one", at=now())


def test_a_run_that_kills_its_workers_is_given_up(store, worker, asked):
    """After as many attempts as the settings say it fails, with the reason."""
    one, long_ago = asked(), now() - timedelta(hours=1)
    for name in ("first", "second"):
        claim(store, ("count",), worker=name, at=long_ago, stale_before=now())
    assert worker({"count": pytest.fail}).work_off() == 1
    ended = run(store, one.id)
    assert ended.status is RunStatus.FAILED
    assert "2 workers fell silent" in ended.error


def test_many_workers_share_many_runs(store, worker, asked):
    """Each run is done by exactly one."""
    wanted, done = [asked().id for _ in range(12)], []
    threads = [
        Thread(target=worker({"count": lambda e: done.append(e.run.id)}, f"w{k}").work_off)
        for k in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert sorted(done) == sorted(wanted)
    assert {one.status for one in runs(store)} == {RunStatus.COMPLETE}


def test_a_real_solve_stops_when_cancelled(store, worker):
    """The heart beats while the solver works, and the solver hears of it."""
    queue, begun = generate(Profile.read("night"), seed=7, households=150), Event()
    at = datetime(queue.today.year, queue.today.month, queue.today.day, 12, tzinfo=UTC)
    import_instance(store, queue, at=at, actor="test")
    question = Question(Policy.default(), seconds=600, gap=0.0)
    one = ask_night(store, question, day=queue.today, at=at, asked_by="test")

    def watched(errand: Errand) -> None:
        follow = errand.follow
        errand.follow = lambda progress: (begun.set(), follow(progress))
        KINDS[NIGHT](errand)

    thread = Thread(target=worker({NIGHT: watched}).work_off)
    thread.start()
    assert begun.wait(LONG)
    before = run(store, one.id).heartbeat_at
    ask_cancel(store, one.id, at=now())
    thread.join(LONG)
    ended = run(store, one.id)
    assert (ended.status, ended.heartbeat_at > before) == (RunStatus.CANCELLED, True)
    assert output(store, one.id, "plan") is None
