"""A night knows what the night before suggested, and so does whoever repeats or reads it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from api.live.night_loader import load_night
from matcher.jobs.night import NightRun
from matcher.jobs.night.replay import replay_night
from matcher.store import Stamp, propose
from matcher.store.instance_projection import InstanceProjection
from tests.jobs.night.conftest import QUESTION, at_noon, now


@pytest.fixture
def store_url(sqlite_url) -> str:
    """One kind of database is enough here: what is asked is not of the store."""
    return sqlite_url


@pytest.mark.slow
def test_second_night_counts_what_the_first_suggested(store, queue, taken_in, carried_out):
    """Read back, loaded by the service and repeated, it is the same problem to the bit."""
    taken_in(queue)
    first = carried_out()
    assert not first.instance.suggestions.placements
    second = carried_out("two", replace(QUESTION, seconds=21.0))
    suggested = dict(second.instance.suggestions.municipality_of)
    assert suggested == dict(first.saved_result.plan.municipality_of)
    with store.read_transaction() as connection:
        standing = InstanceProjection.load(connection, queue.today)
    stored_hash = second.read_json_output("instance")["hash"]
    assert load_night(store, second.run.id, standing).problem.tables.hash == stored_hash
    assert NightRun(store, second.run).problem.tables.hash == stored_hash
    assert replay_night(store, second.run.id).identical


@pytest.mark.slow
def test_open_proposal_counts_instead_of_a_suggestion(store, queue, taken_in, carried_out):
    """As what was proposed is known outside, and a suggestion is not."""
    taken_in(queue)
    first = carried_out()
    household, number = next(iter(first.saved_result.plan.municipality_of.items()))
    stamp = Stamp(at_noon(queue) + timedelta(hours=1), "Caseworker", "as suggested")
    propose(store, household, number, stamp, answer_by=queue.today + timedelta(days=7))
    problem = carried_out("two").problem
    unit, row = problem.unit_row(household), problem.municipality_row(number)
    assert (problem.households.earlier[unit], problem.households.suggested[unit]) == (row, -1)


@pytest.mark.slow
def test_night_of_an_earlier_day_follows_no_later_night(queue, taken_in, carried_out):
    """What was suggested after its day was not known on its day."""
    taken_in(queue)
    carried_out(day=queue.today + timedelta(days=1))
    earlier = carried_out("two", day=queue.today, at=now())
    assert earlier.previous is None
    assert not earlier.instance.suggestions.placements
