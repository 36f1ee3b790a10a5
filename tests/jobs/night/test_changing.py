"""What changed since the night before, and why, household by household."""

from dataclasses import replace
from datetime import timedelta

import pytest

from matcher.domain import Plan
from matcher.jobs.night import NightRun
from tests.jobs.night.conftest import QUESTION


@pytest.fixture
def store_url(sqlite_url) -> str:
    """One kind of database is enough here: what is asked is not of the store."""
    return sqlite_url


def without(queue, *gone: str):
    """The queue a day later without some households."""
    kept = tuple(h for h in queue.households if h.id not in gone)
    names = {h.id for h in kept}
    return replace(
        queue,
        today=queue.today + timedelta(days=1),
        households=kept,
        links=tuple(pair for pair in queue.links if names.issuperset(pair)),
        earlier_plan=Plan(tuple(p for p in queue.earlier_plan if p.household in names)),
    )


def causes(night: NightRun, household: str) -> list[str]:
    """Codes of why a household's place changed."""
    (moved,) = [
        m for m in night.read_json_output("changes")["moved"] if m["household"] == household
    ]
    return [cause["code"] for cause in moved["why"]]


@pytest.mark.slow
def test_the_first_night_has_nothing_to_compare_with(queue, taken_in, carried_out):
    """It says so, rather than calling everyone new."""
    taken_in(queue)
    changes = carried_out().read_json_output("changes")
    assert (changes["previous"], changes["new"], changes["moved"]) == (None, [], [])


@pytest.mark.slow
def test_who_came_and_who_went_is_told(queue, taken_in, carried_out):
    """With what became of those who went; who stayed in the queue is counted."""
    first, last = queue.households[0].id, queue.households[-1].id
    taken_in(without(queue, last))
    before = carried_out(day=queue.today + timedelta(days=1))
    after = without(queue, first)
    taken_in(replace(after, today=after.today + timedelta(days=1)))
    changes = carried_out("two", day=queue.today + timedelta(days=2)).read_json_output("changes")
    assert changes["previous"] == before.run.id
    assert [one["household"] for one in changes["new"]] == [last]
    assert [(one["household"], one["status"]) for one in changes["gone"]] == [(first, "withdrawn")]
    assert changes["same"] + len(changes["moved"]) == len(queue.households) - 2


@pytest.mark.slow
def test_a_place_that_is_no_longer_possible_is_the_cause_that_is_told(
    store, queue, taken_in, carried_out
):
    """Capacity that is gone, and the rule that now bars it, come before prices."""
    taken_in(queue)
    before = carried_out()
    household = next(h for h in queue.households if not h.pinned_to)
    number = before.saved_result.plan.municipality_of[household.id]
    closed = tuple(
        replace(m, ledger=replace(m.ledger, decided=m.ledger.settled + m.ledger.promised))
        if m.number == number
        else m
        for m in queue.municipalities
    )
    later = replace(without(queue), municipalities=closed)
    taken_in(later)
    night = carried_out("two", day=later.today)
    assert causes(night, household.id)[:2] == ["barred", "municipality"]


@pytest.mark.slow
def test_a_household_of_which_more_is_known_is_told_first(queue, taken_in, carried_out):
    """Its own change is the likeliest cause of another place."""
    taken_in(queue)
    before = carried_out()
    one = next(h for h in queue.households if not h.pinned_to)
    there = before.saved_result.plan.municipality_of[one.id]
    other = next(m.number for m in queue.municipalities if m.number != there and m.ledger.open > 8)
    later = without(queue)
    changed = tuple(
        replace(h, pinned_to=other, bans=()) if h.id == one.id else h for h in later.households
    )
    taken_in(replace(later, households=changed))
    night = carried_out("two", day=later.today)
    assert causes(night, one.id)[0] == "household"


@pytest.mark.slow
def test_another_policy_is_told(queue, taken_in, carried_out):
    """As such, and as a cause where a place changed."""
    taken_in(queue)
    carried_out()
    other = replace(QUESTION, policy=QUESTION.policy.without("stay"))
    changes = carried_out("two", other).read_json_output("changes")
    assert changes["policy"]
    assert changes["moved"]
    assert all("policy" in [c["code"] for c in moved["why"]] for moved in changes["moved"])
