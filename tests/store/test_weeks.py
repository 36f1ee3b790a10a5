"""Plans by weeks in the store: stated by files and persons, used by promises, same on replay."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from matcher.domain import Answer, Dwelling, PlannedWeek
from matcher.domain.tables import build_tables
from matcher.store import load_instance_at, revise_dwellings, revise_weeks, undo
from matcher.store.consistency import find_differences
from matcher.store.errors import UnusableInstanceError
from matcher.store.events import EventKind
from matcher.store.transitions import decline, settle
from tests.store.small import BY, DAY, imported, later, promised, small

MONDAY = date(2024, 4, 15)
WEEK = timedelta(weeks=1)


def plan(*persons: int, start: date = MONDAY) -> tuple[PlannedWeek, ...]:
    """A plan from a Monday on."""
    return tuple(PlannedWeek(start + k * WEEK, count) for k, count in enumerate(persons))


def queue(*persons: int):
    """Four households of two, and a plan by weeks in the first municipality."""
    instance = small(4, 2, decided=50)
    first, *others = instance.municipalities
    return instance.replace(municipalities=(replace(first, weeks=plan(*persons)), *others))


def left(store, day: date = DAY) -> list[int]:
    """The places that are left, week by week."""
    return [w.persons for w in load_instance_at(store, day).municipalities[0].weeks]


def test_files_state_a_plan_and_the_same_files_record_nothing(store):
    """Until the files have another plan, what a person has stated stands."""
    kinds = [event.kind for event in imported(store, queue(3, 0, 5))]
    assert kinds.count(EventKind.WEEKS) == 1
    assert left(store) == [3, 0, 5]
    assert imported(store, queue(3, 0, 5)) == []
    revise_weeks(store, "0301", plan(1, 1), BY)
    assert imported(store, queue(3, 0, 5)) == []
    assert left(store) == [1, 1]
    assert [event.kind for event in imported(store, queue(2))] == [EventKind.WEEKS]
    assert left(store) == [2]
    assert [event.kind for event in imported(store, queue())] == [EventKind.WEEKS]
    assert left(store) == []
    assert find_differences(store) == []


def test_promises_since_the_plan_take_its_first_places(store):
    """A no gives them back, as does undoing; a plan that is stated anew counts them already."""
    imported(store, queue(1, 3, 5))
    promised(store, "H0")
    assert left(store) == [0, 2, 5]
    promised(store, "H1")
    assert left(store) == [0, 0, 5]
    undo(store, "H1", BY)
    assert left(store) == [0, 2, 5]
    decline(store, "H0", BY)
    assert left(store) == [1, 3, 5]
    promised(store, "H2")
    revise_weeks(store, "0301", plan(4, 4), BY)
    assert left(store) == [4, 4]
    settle(store, "H2", BY)
    assert left(store) == [4, 4]
    assert find_differences(store) == []


def test_weeks_that_have_passed_are_left_out_and_every_day_can_be_shown(store):
    """On the day before the plan was changed it is the plan of then."""
    imported(store, queue(3, 4, 5))
    revise_weeks(store, "0301", plan(7, 8, 9), later(9))
    assert left(store) == [3, 4, 5]
    assert left(store, DAY + timedelta(days=8)) == [4, 5]
    assert left(store, DAY + timedelta(days=9)) == [8, 9]


def test_a_week_stands_once_in_a_plan(store):
    """The refusal names the week."""
    imported(store, queue(3))
    with pytest.raises(UnusableInstanceError, match="2024-W16"):
        revise_weeks(store, "0301", (*plan(1), *plan(2)), BY)


@pytest.mark.parametrize("described", list(Answer))
def test_a_list_of_homes_is_complete_only_where_that_is_said(store, described):
    """By the files, or by whoever states the list; not because there is a home on it."""
    instance = small(1)
    first, *others = instance.municipalities
    first = replace(first, reports_dwellings=described)
    imported(store, instance.replace(municipalities=(first, *others)))

    def answer() -> Answer:
        return load_instance_at(store, DAY).municipalities[0].reports_dwellings

    homes = (Dwelling("0301/0", 4), Dwelling("0301/9", 4))
    told = []
    for complete in (None, True, None, False):
        revise_dwellings(store, "0301", homes, BY, complete=complete)
        told.append(answer())
    assert told == [described, Answer.YES, Answer.YES, Answer.NO]
    files = replace(first, dwellings=homes)
    imported(store, instance.replace(municipalities=(files, *others)))
    assert answer() is described
    assert find_differences(store) == []


def test_weeks_of_the_past_are_no_columns(store):
    """The week that has begun still counts."""
    instance = queue(3, 4).replace(today=DAY + timedelta(days=2))
    weeks = build_tables(instance).municipalities.weeks
    assert (weeks.monday.tolist(), weeks.persons.tolist()) == ([-2, 5], [3, 4])
