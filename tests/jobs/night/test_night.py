"""A night from the store to the report: its steps, and going on where it was."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from matcher.domain import Answer
from matcher.jobs import JobOutput, Worker
from matcher.jobs.night import NightRun, needs_attention, run_night
from matcher.jobs.night.night import STEPS
from matcher.problem.problem import Problem
from matcher.solve import solve
from matcher.store import Stamp, pin, propose, revise_ledger
from matcher.store.runs import NIGHT_KIND, RunStatus, find_run_in_force, list_outputs
from matcher.store.runs import get_run as run_of
from matcher.store.unit_of_work import read_latest_event_id
from tests.jobs.night.conftest import QUESTION, SETTINGS, at_noon, now
from tests.ledgers import known


class Cut(BaseException):
    """The process ends here, without a word to anyone."""


@pytest.mark.slow
def test_a_night_places_ranks_and_reports(store, queue, taken_in, carried_out):
    """The plan is that of a solve of the files, verified; nothing is proposed to anyone."""
    taken_in(queue)
    events = store_events(store)
    done = carried_out()
    assert {found.name for found in list_outputs(store, done.run.id)} == {
        name for step in STEPS for name in step.outputs
    }
    alone = solve(Problem.of(queue), seed=QUESTION.seed, stop=QUESTION.solver_limits())
    assert done.saved_result.plan == alone.plan
    assert done.read_json_output("verification")["agrees"]
    report = done.read_json_output("report.json")
    assert report["counts"]["households"] == len(queue.households)
    assert report["counts"]["placed_households"] == len(alone.plan)
    assert [one["household"] for one in done.read_json_output("suggestions")] == [
        household.id for household in queue.households
    ]
    assert not needs_attention(report)
    assert store_events(store) == events
    assert find_run_in_force(store) == done.run


@pytest.mark.slow
def test_what_is_asked_for_is_kept_and_told(store, queue, taken_in, carried_out):
    """Nobody else is planned on places that await an answer, and the page has them."""
    place = max(queue.municipalities, key=lambda m: m.ledger.open)
    first = [h for h in queue.households if h.pinned_to is None and not h.bans][:4]
    persons = sum(h.size for h in first)
    tight = replace(place, ledger=known(decided=persons - 1), reports_dwellings=Answer.UNKNOWN)
    places = tuple(tight if m is place else m for m in queue.municipalities)
    taken_in(queue.replace(municipalities=places, links=()))
    by = Stamp(at_noon(queue), "Caseworker 7", "as agreed")
    for household in first:
        propose(store, household.id, place.number, by, answer_by=queue.today + timedelta(7))
    done = carried_out()
    report = done.read_json_output("report.json")
    assert report["asked_for"] == [
        {
            "municipality": place.number,
            "open": persons - 1,
            "asked_for": persons,
            "proposals": 4,
            "may_ask": persons - 1,
        }
    ]
    planned = {p.household for p in done.saved_result.plan if p.municipality == place.number}
    assert planned <= {household.id for household in first}
    stated = sum(len(h.wishes) for h in queue.households)
    assert sum(report["wishes"].values()) == stated > 0
    answered = [w for entry in done.read_json_output("suggestions") for w in entry["wishes"]]
    assert len(answered) == stated
    page = done.read_output("report.en.html").decode()
    assert f"is asked for {persons} persons but has {persons - 1} open places" in page


def store_events(store) -> int:
    """The number of the last event."""
    with store.read_transaction() as connection:
        return read_latest_event_id(connection)


@pytest.mark.slow
def test_each_step_reads_no_more_than_it_says(store, queue, taken_in, carried_out, monkeypatch):
    """What it needs is what goes before it, so that a night can go on at any step."""
    read: dict[str, set[str]] = {}
    at: list[str] = []
    real = NightRun.read_output

    def reading(self, name: str) -> bytes:
        if self.run.status is RunStatus.RUNNING:
            read.setdefault(at[-1], set()).add(name)
        return real(self, name)

    def noting(step):
        def do(n, context):
            at.append(step.name)
            return step.execute(n, context)

        return replace(step, execute=do)

    monkeypatch.setattr(NightRun, "read_output", reading)
    monkeypatch.setattr("matcher.jobs.night.night.STEPS", tuple(noting(step) for step in STEPS))
    taken_in(queue)
    carried_out()
    needs = {step.name: set(step.inputs) for step in STEPS}
    made: set[str] = set()
    for step in STEPS:
        assert needs[step.name] <= made, step.name
        assert read.get(step.name, set()) <= needs[step.name], step.name
        made |= set(step.outputs)
    assert read["report"] >= {"check", "changes", "verification"}


@pytest.mark.slow
def test_a_night_that_was_cut_goes_on_where_it_was(store, queue, taken_in, start, monkeypatch):
    """Cut in every step in turn, no step that was done is done again; the plan is the same."""
    done: list[str] = []
    cut: list[str] = []

    def cutting(step):
        def do(n, context):
            if step.name not in cut:
                cut.append(step.name)
                raise Cut
            done.append(step.name)
            return step.execute(n, context)

        return replace(step, execute=do)

    monkeypatch.setattr("matcher.jobs.night.night.STEPS", tuple(cutting(step) for step in STEPS))
    taken_in(queue)
    for k in range(len(STEPS)):
        taken = start(f"w{k}", worker_has_ended=lambda _: True)
        with pytest.raises(Cut):
            Worker(store, SETTINGS, {NIGHT_KIND: run_night}, f"w{k}", now).execute(taken.run)
        assert find_run_in_force(store) is None
    last = start("last", worker_has_ended=lambda _: True)
    assert last.run.attempts == len(STEPS) + 1
    assert (
        Worker(store, SETTINGS, {NIGHT_KIND: run_night}, "last", now).execute(last.run)
        == "complete"
    )
    assert done == [step.name for step in STEPS]
    alone = solve(Problem.of(queue), seed=QUESTION.seed, stop=QUESTION.solver_limits())
    assert NightRun(store, run_of(store, last.run.id)).saved_result.plan == alone.plan


def test_a_step_leaves_all_its_outputs_or_none(store, queue, taken_in, start, monkeypatch):
    """What cannot be kept takes the rest of the step with it."""

    def half(n, context):
        return {"instance": JobOutput.of_json({}), "policy": JobOutput("x" * 100, None)}

    broken = (replace(STEPS[0], execute=half), *STEPS[1:])
    monkeypatch.setattr("matcher.jobs.night.night.STEPS", broken)
    taken_in(queue)
    run = start("one").run
    Worker(store, SETTINGS, {NIGHT_KIND: run_night}, "one", now).execute(run)
    assert run_of(store, run.id).status is RunStatus.FAILED
    assert list_outputs(store, run.id) == []


@pytest.mark.slow
def test_someone_must_look_at_a_ledger_that_is_over_promised(store, queue, taken_in, carried_out):
    """The report says where and by how many, also when that came after the files."""
    taken_in(queue)
    number = queue.municipalities[0].number
    ledger = {"decided": 10, "settled": 9, "promised": 4}
    by = Stamp(at_noon(queue), "Council", "revised")
    revise_ledger(store, number, ledger, by)
    pin(store, queue.households[0].id, number, by)
    report = carried_out().read_json_output("report.json")
    assert [(a["municipality"], a["persons"]) for a in report["needs"]["alarms"]] == [(number, 3)]
    assert needs_attention(report)
    # Who was to come there cannot, and the report says why it is not possible there.
    (told,) = [u for u in report["unplaced"] if u["household"] == queue.households[0].id]
    assert told["pinned"]["municipality"] == number
    assert "places_this_year" in told["pinned"]["rules"]
    # The data say the same, and it is told once, also where they have errors.
    found = [w for w in report["needs"]["warnings"] if w["code"] == "ledger.over_decided"]
    assert (found, bool(report["needs"]["errors"])) == ([], True)


@pytest.mark.slow
def test_the_night_rests_on_what_was_known_when_it_was_begun(
    store, queue, taken_in, start, carried_out
):
    """What happens while it goes on is left for the next."""
    taken_in(queue)
    taken = start("one")
    number = queue.municipalities[0].number
    over = {"decided": 0, "settled": 9}
    revise_ledger(store, number, over, Stamp(at_noon(queue), "Council", "revised"))
    assert (
        Worker(store, SETTINGS, {NIGHT_KIND: run_night}, "one", now).execute(taken.run)
        == "complete"
    )
    first = NightRun(store, run_of(store, taken.run.id))
    assert first.instance == queue
    assert first.read_json_output("report.json")["needs"]["alarms"] == []
    assert json.loads(carried_out("two").read_output("report.json"))["needs"]["alarms"]
