"""A night from the store to the report: its steps, and going on where it was."""

import json
from dataclasses import replace

import pytest

from matcher.batch import Night, do_night, must_look
from matcher.batch.night import Made
from matcher.batch.steps import STEPS
from matcher.problem import Problem
from matcher.solve import solve
from matcher.store.database import pin, revise
from matcher.store.database.runs import NIGHT, RunStatus, latest_complete, outputs
from matcher.store.database.runs import run as run_of
from matcher.store.database.work import latest_event
from matcher.working import Worker
from tests.batch.conftest import QUESTION, SETTINGS, at_noon, now


class Cut(BaseException):
    """The process ends here, without a word to anyone."""


def test_a_night_places_ranks_and_reports(store, queue, taken_in, carried_out):
    """The plan is that of a solve of the files, verified; nothing is proposed to anyone."""
    taken_in(queue)
    events = store_events(store)
    done = carried_out()
    assert {found.name for found in outputs(store, done.run.id)} == {
        name for step in STEPS for name in step.makes
    }
    alone = solve(Problem.of(queue), seed=QUESTION.seed, stop=QUESTION.stop())
    assert done.saved.plan == alone.plan
    assert done.read_json("verification")["agrees"]
    report = done.read_json("report.json")
    assert report["counts"]["households"] == len(queue.households)
    assert report["counts"]["placed_households"] == len(alone.plan)
    assert [one["household"] for one in done.read_json("suggestions")] == [
        household.id for household in queue.households
    ]
    assert not must_look(report)
    assert store_events(store) == events
    assert latest_complete(store) == done.run


def store_events(store) -> int:
    """The number of the last event."""
    with store.reading() as connection:
        return latest_event(connection)


def test_each_step_reads_no_more_than_it_says(store, queue, taken_in, carried_out, monkeypatch):
    """What it needs is what goes before it, so that a night can go on at any step."""
    read: dict[str, set[str]] = {}
    real, at = Night.read, []

    def reading(self, name: str) -> bytes:
        if self.run.status is RunStatus.RUNNING:
            read.setdefault(at[-1], set()).add(name)
        return real(self, name)

    def noting(step):
        def do(n, hands):
            at.append(step.name)
            return step.do(n, hands)

        return replace(step, do=do)

    monkeypatch.setattr(Night, "read", reading)
    monkeypatch.setattr("matcher.batch.nightly.STEPS", tuple(noting(step) for step in STEPS))
    taken_in(queue)
    carried_out()
    needs = {step.name: set(step.needs) for step in STEPS}
    made: set[str] = set()
    for step in STEPS:
        assert needs[step.name] <= made, step.name
        assert read.get(step.name, set()) <= needs[step.name], step.name
        made |= set(step.makes)
    assert read["report"] >= {"check", "changes", "verification"}


def test_a_night_that_was_cut_goes_on_where_it_was(store, queue, taken_in, start, monkeypatch):
    """Cut in every step in turn, no step that was done is done again; the plan is the same."""
    done: list[str] = []
    cut: list[str] = []

    def cutting(step):
        def do(n, hands):
            if step.name not in cut:
                cut.append(step.name)
                raise Cut
            done.append(step.name)
            return step.do(n, hands)

        return replace(step, do=do)

    monkeypatch.setattr("matcher.batch.nightly.STEPS", tuple(cutting(step) for step in STEPS))
    taken_in(queue)
    for k in range(len(STEPS)):
        taken = start(f"w{k}", gone=lambda _: True)
        with pytest.raises(Cut):
            Worker(store, SETTINGS, {NIGHT: do_night}, f"w{k}", now).carry_out(taken.run)
        assert latest_complete(store) is None
    last = start("last", gone=lambda _: True)
    assert last.run.attempts == len(STEPS) + 1
    assert Worker(store, SETTINGS, {NIGHT: do_night}, "last", now).carry_out(last.run) == "complete"
    assert done == [step.name for step in STEPS]
    alone = solve(Problem.of(queue), seed=QUESTION.seed, stop=QUESTION.stop())
    assert Night(store, run_of(store, last.run.id)).saved.plan == alone.plan


def test_a_step_leaves_all_its_outputs_or_none(store, queue, taken_in, start, monkeypatch):
    """What cannot be kept takes the rest of the step with it."""

    def half(n, hands):
        return {"instance": Made.of_json({}), "policy": Made("x" * 100, None)}

    broken = (replace(STEPS[0], do=half), *STEPS[1:])
    monkeypatch.setattr("matcher.batch.nightly.STEPS", broken)
    taken_in(queue)
    run = start("one").run
    Worker(store, SETTINGS, {NIGHT: do_night}, "one", now).carry_out(run)
    assert run_of(store, run.id).status is RunStatus.FAILED
    assert outputs(store, run.id) == []


def test_someone_must_look_at_a_ledger_that_is_over_promised(store, queue, taken_in, carried_out):
    """The report says where and by how many, also when that came after the files."""
    taken_in(queue)
    number = queue.municipalities[0].number
    ledger = {"decided": 10, "settled": 9, "promised": 4}
    by = {"at": at_noon(queue), "actor": "Council", "reason": "revised"}
    revise(store, number, ledger, **by)
    pin(store, queue.households[0].id, number, **by)
    report = carried_out().read_json("report.json")
    assert [(a["municipality"], a["persons"]) for a in report["needs"]["alarms"]] == [(number, 3)]
    assert must_look(report)
    # Who was to come there cannot, and the report says why it is not possible there.
    (told,) = [u for u in report["unplaced"] if u["household"] == queue.households[0].id]
    assert told["pinned"]["municipality"] == number
    assert "places_this_year" in told["pinned"]["rules"]
    # The data say the same, and it is told once, also where they have errors.
    found = [w for w in report["needs"]["warnings"] if w["code"] == "ledger.over_decided"]
    assert (found, bool(report["needs"]["errors"])) == ([], True)


def test_the_night_rests_on_what_was_known_when_it_was_begun(
    store, queue, taken_in, start, carried_out
):
    """What happens while it goes on is left for the next."""
    taken_in(queue)
    taken = start("one")
    number = queue.municipalities[0].number
    over = {"decided": 0, "settled": 9}
    revise(store, number, over, at=at_noon(queue), actor="Council", reason="revised")
    assert Worker(store, SETTINGS, {NIGHT: do_night}, "one", now).carry_out(taken.run) == "complete"
    first = Night(store, run_of(store, taken.run.id))
    assert first.instance == queue
    assert first.read_json("report.json")["needs"]["alarms"] == []
    assert json.loads(carried_out("two").read("report.json"))["needs"]["alarms"]
