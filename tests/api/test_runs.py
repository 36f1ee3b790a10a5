"""Runs over HTTP: asked for, done by a worker, followed, cancelled, compared."""

from hashlib import sha256
from threading import Event, Thread

import pytest

from matcher.domain.roles import Role
from matcher.store.runs import NIGHT_KIND, get_run
from tests.api.queue import fill
from tests.api.working import QUICK, RUNS, WHAT_IF, a_night, first_night, work

pytestmark = pytest.mark.slow
LONG = 60.0


@pytest.fixture
def operator(client_as):
    return client_as(Role.OPERATOR)


@pytest.fixture
def owner(client_as):
    return client_as(Role.POLICY_OWNER)


@pytest.fixture
def caseworker(client_as):
    return client_as(Role.CASEWORKER)


def test_a_night_is_asked_for_and_waits_for_a_worker(operator, app):
    """The process that answers solves nothing."""
    fill(app)
    answer = operator.post(RUNS, json={"policy": "stay-first", **QUICK})
    assert answer.status_code == 202
    asked = answer.json()
    assert (asked["status"], asked["kind"], asked["day"]) == ("queued", "night", "2026-11-22")
    assert asked["asked"]["policy"]["name"] == "stay-first"
    assert operator.get(RUNS).json()["items"] == [asked]


def test_asked_twice_with_one_key_it_is_one_run(operator, app):
    """And the second answer is the first."""
    fill(app)
    answers = [
        operator.post(RUNS, json=QUICK, headers={"Idempotency-Key": "tonight"}) for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert len(operator.get(RUNS).json()["items"]) == 1


def test_a_worker_does_it_and_what_it_left_can_be_read(app, client_as, caseworker):
    """Each output byte for byte, with its hash."""
    night = first_night(app, client_as)
    whole = caseworker.get(f"{RUNS}/{night}").json()
    assert {"plan", "result", "prices", "policy"} <= {o["name"] for o in whole["outputs"]}
    for output in whole["outputs"]:
        answer = caseworker.get(f"{RUNS}/{night}/outputs/{output['name']}")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(output["media_type"])
        assert sha256(answer.content).hexdigest() == output["hash"]
        assert answer.headers["etag"] == f'"{output["hash"]}"'


def test_plans_are_not_for_those_who_see_no_households(app, client_as, owner, operator):
    """What is counted together is."""
    night = first_night(app, client_as)
    for client in (owner, operator):
        assert client.get(f"{RUNS}/{night}/outputs/result").status_code == 200
        for name in ("plan", "suggestions", "report.html"):
            answer = client.get(f"{RUNS}/{night}/outputs/{name}")
            assert answer.status_code == 403
            assert "takes the role caseworker" in answer.json()["detail"]


def test_why_a_run_failed_is_told_to_those_who_may_see_households(app, client_as, owner):
    """An error may name one."""
    asked = client_as(Role.OPERATOR).post(RUNS, json=QUICK).json()["id"]
    work(app)  # Nothing has been taken in.
    told = client_as(Role.CASEWORKER).get(f"{RUNS}/{asked}").json()
    assert told["status"] == "failed"
    assert "nothing was imported" in told["error"]
    hidden = owner.get(f"{RUNS}/{asked}").json()
    assert (hidden["asked"], "imported" in hidden["error"]) == (None, False)


def test_what_is_not_there_is_named(app, client_as, caseworker):
    """A run, an output of it, a policy, a page."""
    night = first_night(app, client_as)
    assert caseworker.get(f"{RUNS}/night-1999-01-01-1").status_code == 404
    missing = caseworker.get(f"{RUNS}/{night}/outputs/photograph")
    assert missing.status_code == 404
    assert "it left" in missing.json()["detail"]
    operator = client_as(Role.OPERATOR)
    assert operator.post(RUNS, json={"policy": "nobody's"}).status_code == 422
    assert operator.get(RUNS, params={"after": "somewhere"}).status_code == 422


def test_a_run_that_waits_is_cancelled_at_once(app, owner, operator):
    """And only once."""
    asked = operator.post(RUNS, json=QUICK).json()["id"]
    answer = owner.post(f"{RUNS}/{asked}/cancel")
    assert (answer.status_code, answer.json()["status"]) == (202, "cancelled")
    again = operator.post(f"{RUNS}/{asked}/cancel")
    assert again.status_code == 409
    assert "nothing to cancel" in again.json()["detail"]
    assert work(app) == 0


def test_a_run_that_goes_on_stops_when_cancelled(app, operator):
    """Its worker hears of it."""
    begun = Event()

    def endless(errand):
        begun.set()
        while True:
            errand.enter_step("waiting")

    asked = operator.post(RUNS, json=QUICK).json()["id"]
    thread = Thread(target=work, args=(app, {NIGHT_KIND: endless}))
    thread.start()
    assert begun.wait(LONG)
    assert operator.post(f"{RUNS}/{asked}/cancel").json()["cancel_asked"] is True
    thread.join(LONG)
    assert get_run(app.state.store, asked).status == "cancelled"


def test_only_operators_and_policy_owners_cancel_what_others_asked_for(operator, caseworker):
    """Everyone their own."""
    asked = operator.post(RUNS, json=QUICK).json()["id"]
    assert caseworker.post(f"{RUNS}/{asked}/cancel").status_code == 403


def test_runs_are_listed_a_page_at_a_time_the_last_first(operator):
    """By kind, if one is named."""
    asked = [operator.post(RUNS, json=QUICK).json()["id"] for _ in range(5)]
    seen, after = [], None
    while True:
        page = operator.get(RUNS, params={"limit": 2} | ({"after": after} if after else {})).json()
        seen += [run["id"] for run in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert seen == asked[::-1]
    assert operator.get(RUNS, params={"kind": "what-if"}).json()["items"] == []


def events(text: str) -> list[dict[str, str]]:
    """Events of a stream, by field."""
    blocks = [b for b in text.replace("\r\n", "\n").split("\n\n") if "data: " in b]
    return [dict(line.split(": ", 1) for line in block.splitlines()) for block in blocks]


def test_a_run_is_followed_until_it_is_over(app, client_as, owner):
    """An event for each state, the last one when it has ended; then the stream is closed."""
    fill(app)
    asked = client_as(Role.OPERATOR).post(RUNS, json=QUICK).json()["id"]
    thread = Thread(target=work, args=(app,))
    thread.start()
    answer = owner.get(f"{RUNS}/{asked}/progress")
    thread.join(LONG)
    assert answer.headers["content-type"].startswith("text/event-stream")
    told = events(answer.text)
    assert told[-1]["event"] == "complete"
    assert all(f'"run": "{asked}"' in event["data"] for event in told)
    assert len({event["id"] for event in told}) == len(told)


def test_a_follower_that_comes_back_gets_what_is_new(app, client_as, owner):
    """With the number of the last event it saw: nothing twice, and an end to asking."""
    night = first_night(app, client_as)
    (last,) = events(owner.get(f"{RUNS}/{night}/progress").text)
    headers = {"Last-Event-ID": last["id"]}
    assert owner.get(f"{RUNS}/{night}/progress", headers=headers).status_code == 204
    (again,) = events(
        owner.get(f"{RUNS}/{night}/progress", headers={"Last-Event-ID": "older"}).text
    )
    assert again == last
    assert owner.get(f"{RUNS}/night-1999-01-01-1/progress").status_code == 404


def test_two_nights_are_compared(app, client_as, caseworker, owner):
    """The same queue under two policies; households for those who may see them."""
    one = first_night(app, client_as)
    other = a_night(app, client_as, policy="speed-first")
    told = caseworker.get(f"{RUNS}/{one}/compare/{other}").json()
    assert (told["same_instance"], told["same_policy"]) == (True, False)
    assert told["moved"] + told["placed"] + told["left_out"] == len(told["changes"])
    assert told["first"]["placed"] == told["second"]["placed"] == 4
    assert told["target_shift"] is None
    same = owner.get(f"{RUNS}/{one}/compare/{one}").json()
    assert (same["moved"], same["same_policy"], same["changes"]) == (0, True, None)
    assert set(same["target_shift"].values()) == {0.0}


def test_what_has_no_plan_is_not_compared(app, client_as, operator):
    """It is said which run has left none."""
    night = first_night(app, client_as)
    waiting = operator.post(RUNS, json=QUICK).json()["id"]
    answer = operator.get(f"{RUNS}/{night}/compare/{waiting}")
    assert answer.status_code == 404
    assert f"run {waiting} has left no result" in answer.json()["detail"]


def test_before_the_first_night_there_is_no_what_if(app, client_as, caseworker):
    """There is nothing to compare with: a conflict, not an error."""
    fill(app)
    assert caseworker.post(WHAT_IF, json={}).status_code == 409
