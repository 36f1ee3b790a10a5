"""Workers do each run once, whole or not at all, and stop when they are told to."""

from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest

from instances import Profile, generate
from matcher.domain.errors import TreffsikkerError
from matcher.jobs import JobContext, JobOutput
from matcher.jobs.handlers import JOB_HANDLERS
from matcher.jobs.night import NightParameters, enqueue_night
from matcher.policy.policy import Policy
from matcher.solve import Progress
from matcher.store import Stamp, import_instance
from matcher.store.errors import LostRunError
from matcher.store.runs import (
    NIGHT_KIND,
    RunStatus,
    claim_run,
    find_output,
    get_run,
    list_outputs,
    list_runs,
    renew_lease,
    request_cancellation,
)
from tests.jobs.conftest import now

LONG = 60.0
"""Seconds after which a test that waits in vain fails."""


def made(context: JobContext) -> None:
    """Make two outputs."""
    context.add_output("one", JobOutput("text/plain", b"1"))
    context.add_output("two", JobOutput("text/plain", b"2"))


def until_stopped(begun: Event):
    """Work that goes on until it is told to stop."""

    def work(context: JobContext) -> None:
        begun.set()
        while True:
            context.enter_step("waiting", waited=True)

    return work


def test_a_run_is_done_and_its_outputs_are_there(store, worker, asked):
    """From queued to complete, by the worker that took it."""
    one = asked()
    assert worker({"count": made}).drain() == 1
    ended = get_run(store, one.id)
    assert (ended.status, ended.worker, ended.attempts) == (RunStatus.COMPLETE, "one", 1)
    assert [o.name for o in list_outputs(store, one.id)] == ["one", "two"]
    assert find_output(store, one.id, "two").body == b"2"


def test_runs_are_done_in_the_order_they_were_asked_for(worker, asked):
    """First come, first served."""
    wanted, done = [asked(), asked(), asked()], []
    worker({"count": lambda context: done.append(context.run.id)}).drain()
    assert done == [one.id for one in wanted]


def test_a_worker_leaves_what_it_does_not_know(store, worker, asked):
    """Another kind waits for another worker."""
    one = asked("unheard of")
    assert worker({"count": made}).drain() == 0
    assert get_run(store, one.id).status is RunStatus.QUEUED


@pytest.mark.parametrize("error", [TreffsikkerError("no such place"), RuntimeError("oops")])
def test_a_run_that_cannot_be_done_fails_once_and_says_why(store, worker, asked, error):
    """It is not tried again, and leaves nothing."""

    def work(context: JobContext) -> None:
        made(context)
        raise error

    one = asked()
    assert worker({"count": work}).drain() == 1
    ended = get_run(store, one.id)
    assert (ended.status, ended.attempts) == (RunStatus.FAILED, 1)
    assert str(error) in ended.error
    assert list_outputs(store, one.id) == []


def test_a_cancelled_run_stops_and_leaves_nothing(store, worker, asked):
    """The heart hears of it while the work goes on."""
    one, begun = asked(), Event()

    def work(context: JobContext) -> None:
        made(context)
        until_stopped(begun)(context)

    thread = Thread(target=worker({"count": work}).drain)
    thread.start()
    assert begun.wait(LONG)
    request_cancellation(store, one.id, at=now())
    thread.join(LONG)
    assert get_run(store, one.id).status is RunStatus.CANCELLED
    assert list_outputs(store, one.id) == []


def test_a_solver_that_ends_without_a_plan_when_stopped_has_not_failed(store, worker, asked):
    """What it says of it is not why the run ended."""
    one, begun = asked(), Event()

    def work(context: JobContext) -> None:
        begun.set()
        while not context.should_stop():
            context.report_solve(Progress(1, None, None, 0.5))
        raise TreffsikkerError("no plan in time")

    thread = Thread(target=worker({"count": work}).drain)
    thread.start()
    assert begun.wait(LONG)
    request_cancellation(store, one.id, at=now())
    thread.join(LONG)
    ended = get_run(store, one.id)
    assert (ended.status, ended.error) == (RunStatus.CANCELLED, None)
    assert ended.progress["step"] == "solving"


def test_a_run_cancelled_before_it_was_taken_over_is_not_begun_again(store, worker, asked):
    """Its worker died, and no one wants it any more."""
    one, long_ago = asked(), now() - timedelta(hours=1)
    claim_run(store, ("count",), worker="dead", at=long_ago, stalled_before=long_ago)
    request_cancellation(store, one.id, at=now())
    assert worker({"count": pytest.fail}).drain() == 1
    assert get_run(store, one.id).status is RunStatus.CANCELLED


def test_a_worker_that_leaves_gives_its_run_back(store, worker, asked):
    """It counts as if it had not been begun, and the next worker does it."""
    one, begun = asked(), Event()
    leaving = worker({"count": until_stopped(begun)})
    thread = Thread(target=leaving.run)
    thread.start()
    assert begun.wait(LONG)
    leaving.stop()
    thread.join(LONG)
    given_back = get_run(store, one.id)
    assert (given_back.status, given_back.attempts) == (RunStatus.QUEUED, 0)
    assert worker({"count": made}, "two").drain() == 1
    assert get_run(store, one.id).worker == "two"


def test_followers_hear_how_far_a_run_is(store, worker, asked):
    """What the work tells goes out with the next heartbeat."""
    one, heard = asked(), Event()

    def work(context: JobContext) -> None:
        context.enter_step("halfway", done=5)
        assert heard.wait(LONG)

    thread = Thread(target=worker({"count": work}).drain)
    thread.start()
    while get_run(store, one.id).progress != {"step": "halfway", "done": 5}:
        assert thread.is_alive()
    heard.set()
    thread.join(LONG)


def test_a_silent_workers_run_is_done_by_another_and_counted_once(store, worker, asked):
    """The first worker comes back too late: what it made is not kept."""
    one, begun, taken = asked(), Event(), Event()

    def late(context: JobContext) -> None:
        context.add_output("one", JobOutput("text/plain", b"late"))
        begun.set()
        assert taken.wait(LONG)

    first = Thread(target=worker({"count": late}, heartbeat_seconds=LONG).drain)
    first.start()
    assert begun.wait(LONG)
    assert worker({"count": made}, "two", silent_seconds=-1).drain() == 1
    taken.set()
    first.join(LONG)
    ended = get_run(store, one.id)
    assert (ended.status, ended.worker, ended.attempts) == (RunStatus.COMPLETE, "two", 2)
    assert find_output(store, one.id, "one").body == b"1"


def test_a_worker_that_lost_its_run_stops_working_on_it(store, worker, asked):
    """Its own heart tells it."""
    one, begun = asked(), Event()
    thread = Thread(target=worker({"count": until_stopped(begun)}).drain)
    thread.start()
    assert begun.wait(LONG)
    claim_run(store, ("count",), worker="two", at=now(), stalled_before=now() + timedelta(hours=1))
    thread.join(LONG)
    assert not thread.is_alive()
    assert get_run(store, one.id).worker == "two"
    with pytest.raises(LostRunError):
        renew_lease(store, one.id, worker="one", at=now())


def test_a_run_that_kills_its_workers_is_given_up(store, worker, asked):
    """After as many attempts as the settings say it fails, with the reason."""
    one, long_ago = asked(), now() - timedelta(hours=1)
    for name in ("first", "second"):
        claim_run(store, ("count",), worker=name, at=long_ago, stalled_before=now())
    assert worker({"count": pytest.fail}).drain() == 1
    ended = get_run(store, one.id)
    assert ended.status is RunStatus.FAILED
    assert "2 workers fell silent" in ended.error


def test_many_workers_share_many_runs(store, worker, asked):
    """Each run is done by exactly one."""
    wanted, done = [asked().id for _ in range(12)], []
    threads = [
        Thread(target=worker({"count": lambda e: done.append(e.run.id)}, f"w{k}").drain)
        for k in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert sorted(done) == sorted(wanted)
    assert {one.status for one in list_runs(store)} == {RunStatus.COMPLETE}


@pytest.mark.slow
def test_a_real_solve_stops_when_cancelled(store, worker):
    """The heart beats while the solver works, and the solver hears of it."""
    queue, begun = generate(Profile.read("night"), seed=7, households=150), Event()
    at = datetime(queue.today.year, queue.today.month, queue.today.day, 12, tzinfo=UTC)
    import_instance(store, queue, Stamp(at, "test", "import"))
    question = NightParameters(Policy.default(), seconds=600, gap=0.0)
    one = enqueue_night(store, question, day=queue.today, at=at, asked_by="test")

    def watched(context: JobContext) -> None:
        follow = context.report_solve

        def report(progress: Progress) -> None:
            begun.set()
            follow(progress)

        setattr(context, "report_solve", report)  # noqa: B010  # A method, which a test replaces.
        JOB_HANDLERS[NIGHT_KIND](context)

    thread = Thread(target=worker({NIGHT_KIND: watched}).drain)
    thread.start()
    assert begun.wait(LONG)
    before = get_run(store, one.id).heartbeat_at
    request_cancellation(store, one.id, at=now())
    thread.join(LONG)
    ended = get_run(store, one.id)
    assert (ended.status, ended.heartbeat_at > before) == (RunStatus.CANCELLED, True)
    assert find_output(store, one.id, "plan") is None
