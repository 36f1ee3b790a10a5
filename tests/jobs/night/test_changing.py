"""What changed since the night before, and why, household by household."""

from dataclasses import replace
from datetime import timedelta

import pytest

from matcher.domain import Plan
from matcher.jobs.night import NightRun
from matcher.store import Stamp, decline, propose
from tests.jobs.night.conftest import QUESTION, at_noon


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
    night = carried_out("two", day=queue.today + timedelta(days=2))
    changes = night.read_json_output("changes")
    assert f"Nye i køen, med forslaget: {last} (" in night.read_output("report.html").decode()
    assert changes["previous"] == before.run.id
    assert [one["household"] for one in changes["new"]] == [last]
    assert [(one["household"], one["status"]) for one in changes["gone"]] == [(first, "withdrawn")]
    assert changes["same"] + len(changes["moved"]) == len(queue.households) - 2


@pytest.mark.slow
def test_a_place_that_is_no_longer_possible_is_the_cause_that_is_told(
    store, queue, taken_in, carried_out
):
    """With the numbers of the ledger that changed."""
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
    assert causes(night, household.id)[0] == "shrunk"
    assert not {"others", "dearer", "cheaper"} & set(causes(night, household.id))


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


@pytest.mark.slow
def test_same_night_again_changes_nobody(queue, taken_in, carried_out):
    """With another time limit, and the day after."""
    taken_in(queue)
    first = carried_out()
    again = carried_out("two", replace(QUESTION, seconds=7.0))
    assert again.previous.run.id == first.run.id
    assert again.read_json_output("changes")["moved"] == []
    tomorrow = carried_out("three", day=queue.today + timedelta(days=1))
    assert tomorrow.previous.run.id == again.run.id
    moved = tomorrow.read_json_output("changes")["moved"]
    assert all(m["why"][0]["code"] in ("days", "term", "weighs_more") for m in moved)


@pytest.mark.slow
def test_who_comes_to_a_freed_place_is_told_who_left_it(queue, taken_in, carried_out):
    """Whoever left the queue, nobody has moved without an event or a day as the first cause."""
    taken_in(queue)
    before = carried_out()
    placed = [h.id for h in queue.households if h.id in before.saved_result.plan.municipality_of]
    taken_in(without(queue, *placed[:4]))
    night = carried_out("two", day=queue.today + timedelta(days=1))
    changes = night.read_json_output("changes")
    assert len(changes["gone"]) == 4
    happened = {"left", "days", "term", "weighs_more", "household", "balance"}
    for moved in changes["moved"]:
        first, *_, last = moved["why"]
        assert first["code"] in happened
        if first["code"] == "left":
            assert first["facts"]["household"] in placed[:4]
            assert last["code"] in ("moves", "makes_way")
    report = night.read_json_output("report.json")
    for moved in report["changes"]["moved"]:
        assert all(moved["text"][language] for language in ("nb", "en"))


@pytest.mark.slow
def test_a_no_is_told_with_the_municipality(store, queue, taken_in, carried_out):
    """To the household itself, and to whoever got the place that it freed."""
    taken_in(queue)
    plan = carried_out().saved_result.plan.municipality_of
    linked = {h for pair in queue.links for h in pair}
    proposed = {p.household for p in queue.earlier_plan}
    household = next(
        h.id for h in queue.households if h.id in plan and h.id not in linked | proposed
    )
    stamp = Stamp(at_noon(queue) + timedelta(hours=1), "Caseworker", "no room")
    propose(store, household, plan[household], stamp, answer_by=queue.today, overriding=True)
    decline(store, household, stamp)
    night = carried_out("two")
    assert causes(night, household)[0] == "declined"
    text = night.read_output("report.en.html").decode()
    assert f"said no to {household}." in text
