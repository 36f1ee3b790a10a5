"""An old night is repeated to the bit from what was stored; what was tampered with is found."""

from dataclasses import replace
from datetime import timedelta

import orjson
import pytest
from sqlalchemy import update

from matcher.jobs.night import replay as replaying
from matcher.jobs.night import replay_night
from matcher.jobs.night.night_run import MissingOutputError
from matcher.solve.result import versions
from matcher.solve.stopping import FORCED_CUTOFF
from matcher.store import Stamp, UnknownRunError, revise_ledger, tables
from tests.jobs.night.conftest import QUESTION, at_noon


@pytest.fixture
def store_url(sqlite_url) -> str:
    """One kind of database is enough here: what is asked is not of the store."""
    return sqlite_url


@pytest.fixture
def night(queue, taken_in, carried_out):
    """A complete night."""
    taken_in(queue)
    return carried_out()


def put(store, night, name: str, body: bytes) -> None:
    """Put other bytes in the place of an output."""
    columns = tables.outputs.c
    with store.unit_of_work() as work:
        work.connection.execute(
            update(tables.outputs)
            .where(columns.run == night.run.id, columns.name == name)
            .values(body=body)
        )


def put_result(store, night, **facts) -> None:
    """Put other facts in the place of those of the result."""
    kept = orjson.loads(night.read_output("result"))
    put(store, night, "result", orjson.dumps({**kept, **facts}))


def parts(found) -> set[str]:
    return {difference.part for difference in found.differences}


@pytest.mark.slow
def test_a_night_is_the_same_to_the_bit_also_after_the_world_has_changed(store, night, queue):
    """Whatever happened since is not known then."""
    number = queue.municipalities[0].number
    later = at_noon(queue) + timedelta(hours=1)
    revise_ledger(store, number, {"decided": 0}, Stamp(later, "Council", "revised"))
    found = replay_night(store, night.run.id)
    assert (found.identical, found.solve_repeated, dict(found.other_versions)) == (True, True, {})


@pytest.mark.slow
def test_a_night_that_the_clock_stopped_is_the_same_to_the_bit(store, queue, taken_in, carried_out):
    """Its searches stop where they did."""
    taken_in(queue)
    tight = replace(QUESTION, seconds=0.3, gap=0.0)
    night = carried_out(question=tight)
    found = replay_night(store, night.run.id)
    assert found.identical
    assert found.solve_repeated == (FORCED_CUTOFF not in night.saved_result.facts["stops"])


@pytest.mark.slow
def test_a_plan_that_was_tampered_with_is_found(store, night):
    """By the values, by the repetition, and by its first line that differs."""
    lines = night.read_output("plan").decode().splitlines(keepends=True)
    put(store, night, "plan", "".join(lines[:-1]).encode())
    found = replay_night(store, night.run.id)
    assert {"plan", "verification"} <= parts(found)
    (plan,) = [d for d in found.differences if d.part == "plan"]
    assert (plan.stored, plan.repeated) == ("", lines[-1].rstrip("\n"))


@pytest.mark.slow
def test_prices_and_values_that_were_tampered_with_are_found(store, night):
    """Each by its name."""
    header, *rows = night.read_output("prices").decode().splitlines(keepends=True)
    put(store, night, "prices", "".join([header, *rows[1:]]).encode())
    assert parts(replay_night(store, night.run.id)) == {"prices"}
    levels = night.saved_result.facts["levels"]
    higher = [levels[0], {**levels[1], "value": levels[1]["value"] + 1}]
    put_result(store, night, levels=higher)
    assert {"values", "verification"} <= parts(replay_night(store, night.run.id))


@pytest.mark.slow
def test_a_search_that_was_cut_off_is_not_repeated_but_checked(store, night):
    """It is said that it was not; the prices come of the stored plan and are the same."""
    put_result(store, night, stops=[FORCED_CUTOFF])
    found = replay_night(store, night.run.id)
    assert (found.solve_repeated, found.identical) == (False, True)


@pytest.mark.slow
def test_another_version_is_told(store, night, monkeypatch):
    """The same bits are then not to be expected."""
    now = versions()
    monkeypatch.setattr(replaying, "versions", lambda: {**now, "highspy": "9.9"})
    found = replay_night(store, night.run.id)
    assert found.other_versions == {"highspy": (now["highspy"], "9.9")}


def test_a_run_without_a_plan_cannot_be_replayed(store, start):
    """It is named; so is one that does not exist."""
    run = start("one").run
    with pytest.raises(MissingOutputError, match=run.id):
        replay_night(store, run.id)
    with pytest.raises(UnknownRunError, match="night-1"):
        replay_night(store, "night-1")
