"""What a what-if says of the next night is what the next night does."""

from dataclasses import replace
from datetime import UTC, datetime

import orjson
import pytest

from matcher.analysis.what_if import WhatIfChanges
from matcher.domain import Plan
from matcher.jobs import Worker
from matcher.jobs.handlers import JOB_HANDLERS
from matcher.jobs.night import NightRun
from matcher.jobs.what_if import WhatIfParameters, enqueue_what_if, load_run_problem
from matcher.problem.problem import Problem
from matcher.solve import StopCriteria, solve
from matcher.store.runs import find_output
from tests.jobs.night.conftest import SETTINGS, now

pytestmark = pytest.mark.slow


@pytest.fixture
def store_url(sqlite_url) -> str:
    """One kind of database is enough here: what is asked is not of the store."""
    return sqlite_url


def ask(store, night: NightRun, changes: WhatIfChanges) -> str:
    """Have a what-if answered by a worker; its run."""
    asked = WhatIfParameters(night.run.id, changes, seconds=20.0)
    run = enqueue_what_if(store, asked, night, at=datetime.now(UTC), asked_by="test").id
    Worker(store, SETTINGS, JOB_HANDLERS, "what-if", now).drain()
    return run


def moves(store, run: str, question: str) -> dict[str, str | None]:
    """Where a what-if places those whom it places elsewhere."""
    output = find_output(store, run, "moves")
    assert output is not None
    return {c["household"]: c["second"] for c in orjson.loads(output.body or b"")[question]}


def test_the_next_night_does_what_was_said_of_it(store, queue, taken_in, carried_out):
    """To the last household: a ledger is changed, and the night is run again on the same day."""
    taken_in(queue)
    night = carried_out()
    before = night.saved_result.plan.municipality_of
    number = next(iter(before.values()))
    run = ask(store, night, WhatIfChanges(ledgers={number: {"receive_now": 0}}))
    changed = tuple(
        replace(m, ledger=replace(m.ledger, receive_now=0)) if m.number == number else m
        for m in queue.municipalities
    )
    taken_in(replace(queue, municipalities=changed))
    after = carried_out("two").saved_result.plan.municipality_of
    differing = {h: after.get(h) for h in {*before, *after} if before.get(h) != after.get(h)}
    assert differing
    assert differing == moves(store, run, "steady")


def test_afresh_is_what_planning_the_changed_queue_gives(store, queue, taken_in, carried_out):
    """With the night's own seed and gap, and no suggestions."""
    taken_in(queue)
    night = carried_out()
    before = night.saved_result.plan.municipality_of
    changes = WhatIfChanges(ledgers={next(iter(before.values())): {"receive_now": 0}})
    run = ask(store, night, changes)
    instance = changes.apply_to_instance(night.instance).replace(suggestions=Plan())
    stop = StopCriteria(20.0, night.parameters.gap)
    fresh = solve(Problem.of(instance, night.parameters.policy), seed=1, stop=stop).plan
    after = (fresh or Plan()).municipality_of
    differing = {h: after.get(h) for h in {*before, *after} if before.get(h) != after.get(h)}
    assert differing == moves(store, run, "afresh")


def test_the_problem_of_a_what_if_has_its_changes(store, queue, taken_in, carried_out):
    """So that its targets can be measured; without changes it is that of the night."""
    taken_in(queue)
    night = carried_out()
    number = queue.municipalities[0].number
    changes = WhatIfChanges(ledgers={number: {"decided": 77}}, off=("fair_shares",))
    problem = load_run_problem(store, ask(store, night, changes))
    assert problem.instance.municipalities[0].ledger.decided == 77
    assert "fair_shares" not in problem.policy.terms
    unchanged = load_run_problem(store, ask(store, night, WhatIfChanges()))
    assert unchanged.tables.hash == load_run_problem(store, night.run.id).tables.hash
