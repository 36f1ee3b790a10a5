"""The calendar against every way there is to hand out homes: days that can all hold, none late."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from matcher.domain import Answer, Dwelling, Household, Instance, Municipality
from matcher.domain.tables import earliest_days
from matcher.policy.policy import Policy
from matcher.problem.problem import Problem
from matcher.problem.verify.move_in_days import find_wrong_days
from tests.unit.calendar_cases import TODAY, WITHIN, Links, calendar, home, town, waiting

small_homes = st.builds(
    lambda beds, days, steps: (beds, days, steps),
    st.integers(1, 3),
    st.sampled_from([-4, 0, 6, 7, 15, 30, 70]),
    st.booleans(),
)
small_households = st.tuples(
    st.integers(1, 3), st.integers(0, 3), st.sampled_from([-2, 0, 9, 20]), st.booleans()
)


@st.composite
def small_nights(
    draw: st.DrawFn,
) -> tuple[list[Household], Municipality, Links]:
    """A few households and homes, and perhaps a plan by weeks."""
    homes = draw(st.lists(small_homes, max_size=5))
    drawn = draw(st.lists(small_households, min_size=1, max_size=4))
    weeks = draw(st.dictionaries(st.integers(-1, 4), st.integers(0, 5), max_size=4))
    queue = [waiting(f"H{k}", *facts) for k, facts in enumerate(drawn)]
    links = (("H0", "H1"),) if len(queue) > 1 and draw(st.booleans()) else ()
    place = town(
        *(home(f"D{k}", *facts) for k, facts in enumerate(homes)),
        weeks=list(weeks.items()),
        lead_days=draw(st.sampled_from([0, 10])),
        reports_dwellings=draw(st.sampled_from([Answer.YES, Answer.YES, Answer.UNKNOWN])),
    )
    return queue, place, links


def units_of(queue: list[Household], links: Links) -> list[list[Household]]:
    """The units in the order of the queue."""
    return [queue[:2], *([h] for h in queue[2:])] if links else [[h] for h in queue]


def order(units: list[list[Household]]) -> list[int]:
    """The units in the order of waiting, the longest first."""
    return sorted(range(len(units)), key=lambda u: (min(h.ready_since for h in units[u]), u))


def fits(household: Household, dwelling: Dwelling) -> bool:
    """Whether a home fits a household."""
    steps = household.members[0].step_free is Answer.YES
    return dwelling.beds >= household.size and (not steps or dwelling.step_free is Answer.YES)


def free_after(dwelling: Dwelling) -> int:
    """Days until a home is free."""
    return max(0, (dwelling.available_from - TODAY).days) if dwelling.available_from else 0


def every_way(queue: list[Household], place: Municipality, links: Links) -> Iterator[list[int]]:
    """The days of the units in the order of waiting, for every way to hand out the homes."""
    units, usable = units_of(queue, links), [d for d in place.dwellings if free_after(d) <= WITHIN]
    if place.reports_dwellings is not Answer.YES:
        usable = [Dwelling(f"any {k}", 9, Answer.YES) for k in range(len(queue))]
    for homes in itertools.permutations(usable, len(queue)):
        given_to = {h.id: d for h, d in zip(queue, homes, strict=True)}
        if all(fits(h, given_to[h.id]) for h in queue):
            yield days_of_units(units, given_to, place)


def days_of_units(
    units: list[list[Household]], given_to: dict[str, Dwelling], place: Municipality
) -> list[int]:
    """The days in the order of waiting, when it is said who gets which home."""
    room = {(w.week - TODAY).days: w.persons for w in place.weeks if (w.week - TODAY).days > -7}
    days = []
    for u in order(units):
        ready = max(
            place.lead_days or 0,
            *(free_after(given_to[h.id]) for h in units[u]),
            *((h.earliest_move - TODAY).days for h in units[u] if h.earliest_move),
        )
        size = sum(h.size for h in units[u])
        last = max(room, default=-7) + 7
        fitting = (m for m in sorted(room) if m + 7 > ready and room[m] >= size)
        monday = next(fitting, last)
        if monday in room:
            room[monday] -= size
        days.append(max(ready, monday))
    return days


@settings(max_examples=300)
@given(small_nights())
def test_the_days_are_the_first_of_every_way_there_is(night):
    """Of all ways to hand out homes and weeks, the one with the first day for whoever is first."""
    queue, place, links = night
    ways = list(every_way(*night))
    days = calendar(queue, place, links=links).days
    if ways:
        in_order = days[order(units_of(queue, links))].tolist()
        assert in_order == min(ways)


@settings(max_examples=300)
@given(small_nights())
def test_the_days_can_all_hold_together(night):
    """Everyone has a home of their own by their day, and no week more persons than it takes."""
    queue, place, links = night
    days, units = calendar(queue, place, links=links).days, units_of(queue, links)
    day_of = {h.id: int(day) for unit, day in zip(units, days, strict=True) for h in unit}
    if place.reports_dwellings is Answer.YES and list(every_way(*night)):
        late = [
            [not fits(h, d) or free_after(d) > day_of[h.id] for d in place.dwellings] for h in queue
        ]
        rows, columns = linear_sum_assignment(np.array(late, dtype=np.int64))
        assert not np.array(late)[rows, columns].any()
    for week in place.weeks:
        monday = (week.week - TODAY).days
        come = sum(h.size for h in queue if monday <= day_of[h.id] < monday + 7)
        assert come <= week.persons or monday <= -7


@settings(max_examples=300)
@given(small_nights())
def test_no_day_is_sooner_than_that_of_a_unit_that_comes_alone(night):
    """So the objective, which counts pair by pair, never counts too much waiting."""
    queue, place, links = night
    found = calendar(queue, place, links=links)
    alone = earliest_days(found.households, found.municipalities)[:, 0]
    assert (found.days >= alone).all()


@settings(max_examples=300)
@given(small_nights(), st.data())
def test_the_checker_works_the_same_days_out_by_itself(night, data):
    """And names whoever has another day, with the right one."""
    queue, place, links = night
    problem = Problem.of(
        Instance(TODAY, tuple(queue), (place,), links=links),
        Policy.default().with_rule("dwellings", within_days=WITHIN),
    )
    plan = problem.to_plan(np.zeros(len(problem.households), dtype=np.int64))
    assert find_wrong_days(problem, plan) == {}
    wrong = data.draw(st.sampled_from(plan.placements))
    moved = replace(wrong, earliest=wrong.earliest - timedelta(days=1))
    changed = replace(plan, placements=tuple(moved if p is wrong else p for p in plan))
    assert find_wrong_days(problem, changed) == {wrong.household: wrong.earliest}


@settings(max_examples=200)
@given(small_nights(), st.integers(1, 2))
def test_a_ranking_shows_the_day_that_leaves_everyone_elses_day_alone(night, count):
    """For one more, or two linked ones: the first day with homes when all others keep theirs."""
    queue, place, _ = night
    if place.reports_dwellings is not Answer.YES:
        return
    place, newcomers = replace(place, weeks=()), [waiting(f"N{k}", 2, 5) for k in range(count)]
    links = (("N0", "N1"),) if count > 1 else ()
    choice = [*([0] * len(queue)), -1]
    found = calendar([*queue, *newcomers], place, links=links, choice=choice)
    beside = found.days_beside(np.arange(len(choice)))[:, 0]
    assert beside[:-1].tolist() == found.days[:-1].tolist()
    first = first_day_beside(queue, found.days.tolist(), newcomers, place)
    if first is not None:
        assert beside[-1] == first


def first_day_beside(
    queue: list[Household], days: list[int], newcomers: list[Household], place: Municipality
) -> int | None:
    """By trying every way to hand out the homes to the others by their days."""
    usable = [d for d in place.dwellings if free_after(d) <= WITHIN]
    everyone = [*queue, *newcomers]
    ready = place.lead_days or 0
    firsts = [
        max(ready, *(free_after(d) for d in homes[len(queue) :]))
        for homes in itertools.permutations(usable, len(everyone))
        if all(map(fits, everyone, homes))
        and all(free_after(d) <= day for d, day in zip(homes, days[:-1], strict=False))
    ]
    return min(firsts, default=None)
