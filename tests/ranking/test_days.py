"""The days of plan, ranking and checker: the same, and all can hold together."""

from collections import defaultdict

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from instances import Profile, generate
from matcher import Problem, rank, solve
from matcher.domain import Answer
from matcher.domain.tables import earliest_days
from matcher.problem.verify.move_in_days import find_wrong_days
from tests.independent.facts import minors, suits
from tests.random_instances import random_instance


@pytest.fixture(scope="module")
def night():
    """A night like that of the demo, its plan, and the problem."""
    problem = Problem.of(generate(Profile.read("night"), seed=1, households=150))
    return problem, solve(problem, backend="greedy")


def test_no_day_of_a_night_is_too_early(night):
    """Where homes are reported, everyone has a home of their own by their day."""
    problem, result = night
    queue = {h.id: h for h in problem.instance.households}
    coming = defaultdict(list)
    for placement in result.plan:
        if not minors([queue[placement.household]]):
            coming[placement.municipality].append(placement)
    together = 0
    for m in problem.instance.municipalities:
        if m.reports_dwellings is Answer.YES and coming[m.number]:
            late = np.array(
                [
                    [
                        not suits(queue[p.household], home)
                        or (home.available_from or p.earliest) > p.earliest
                        for home in m.dwellings
                    ]
                    for p in coming[m.number]
                ]
            )
            assert not late[linear_sum_assignment(late)].any(), m.name
            together += len(coming[m.number]) > 1
    assert together >= 3


def test_no_week_of_a_night_takes_more_than_its_places(night):
    """In each municipality with a plan by weeks, from this week to its last."""
    problem, result = night
    queue = {h.id: h for h in problem.instance.households}
    coming: dict[tuple, int] = defaultdict(int)
    for p in result.plan:
        coming[p.municipality, p.earliest.isocalendar()[:2]] += queue[p.household].size
    weeks = {
        (m.number, w.week.isocalendar()[:2]): w.persons
        for m in problem.instance.municipalities
        for w in m.weeks
    }
    assert any(coming[week] for week in weeks)
    assert all(coming[week] <= persons for week, persons in weeks.items())


def test_the_checker_agrees_and_pair_by_pair_days_are_too_early(night):
    """So that it is the calendar that makes them right."""
    problem, result = night
    assert find_wrong_days(problem, result.plan) == {}
    assert problem.uncounted_person_days(result.choice) > 0
    placed = np.flatnonzero(result.choice >= 0)
    alone = earliest_days(problem.households, problem.municipalities)
    days = problem.calendar(result.choice).days[placed]
    assert (days >= alone[placed, result.choice[placed]]).all()


@pytest.mark.parametrize("seed", range(20))
def test_a_ranking_shows_the_day_of_the_plan(seed):
    """Of each placed household, in the municipality where the plan has it."""
    problem = Problem.of(random_instance(seed, 6, 3, bars=0.3, room=2))
    result = solve(problem, backend="greedy")
    for placement in result.plan:
        option = rank(problem, placement.household, None, result.choice).option(
            placement.municipality
        )
        assert option.earliest == placement.earliest
    assert find_wrong_days(problem, result.plan) == {}
