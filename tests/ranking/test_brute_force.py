"""Rooms, requirements and who makes way, against counting case by case on random queues."""

import numpy as np
import pytest

from matcher.problem.problem import Problem
from matcher.problem.program import UNPLACED
from matcher.problem.remaining_capacity import RemainingCapacity
from matcher.problem.score import score
from matcher.ranking.explain import explain
from matcher.ranking.rank import rank
from tests.ranking.cases import random_case

SEEDS = range(21)


def keeps_rules(problem, choice, unit, j):
    """Whether the unit can be put there with no rule broken, by the score alone."""
    with_it = choice.copy()
    with_it[unit] = j
    return not score(problem.program, with_it).broken_rules


def beside(choice, unit):
    """The others of a plan."""
    others = choice.copy()
    others[unit] = UNPLACED
    return others


def units(problem):
    """Rows and a name to ask by."""
    return [(u, str(name).split("+")[0]) for u, name in enumerate(problem.households.id)]


@pytest.mark.slow
def test_a_requirement_opens_what_planning_without_it_would_leave_open():
    """Rule by rule: problems made without the rule, each pair tried with the score."""
    opened_by: dict[str, int] = {}
    for seed in SEEDS:
        problem, choice = random_case(seed)
        rules = [*problem.policy.rules]
        without = {r: Problem.of(problem.instance, problem.policy.without(r)) for r in rules}
        for unit, name in units(problem):
            others = beside(choice, unit)
            found = {r.rule: r for r in explain(problem, name, choice).requirements}
            allowed_by_rule = rank(problem, name).allowed_by_rule
            for rule, relaxed in without.items():
                verdict = allowed_by_rule[rule]
                opened = [
                    j
                    for j in range(len(problem.municipalities))
                    if not problem.program.feasible_pairs[unit, j]
                    and keeps_rules(relaxed, others, unit, j)
                ]
                assert (rule in found) == bool(opened or not verdict.all()), (seed, name, rule)
                if rule in found:
                    assert found[rule].barred_count == int((~verdict).sum()), (seed, name, rule)
                    assert found[rule].opened_count == len(opened), (seed, name, rule)
                    opened_by[rule] = opened_by.get(rule, 0) + len(opened)
    assert {"ban", "places_this_year", "places_now", "dwellings", "minors", "hospital"} <= {
        rule for rule, count in opened_by.items() if count
    }


@pytest.mark.slow
def test_taken_are_the_possible_where_the_others_leave_too_little():
    """Every possible municipality tried beside the others of the plan."""
    taken = 0
    for seed in SEEDS:
        problem, choice = random_case(seed)
        for unit, name in units(problem):
            others = beside(choice, unit)
            possible = np.flatnonzero(problem.program.feasible_pairs[unit])
            full = [j for j in possible if not keeps_rules(problem, others, unit, j)]
            found = explain(problem, name, choice)
            assert (found.allowed_count, found.full_count) == (len(possible), len(full)), (
                seed,
                name,
            )
            taken += len(full)
    assert taken


@pytest.mark.slow
def test_one_of_are_those_without_whom_the_plan_would_keep_all_rules():
    """Every household of the plan there is taken out alone."""
    some = several = 0
    for seed in SEEDS:
        problem, choice = random_case(seed)
        for unit, name in units(problem):
            others, ranking = beside(choice, unit), rank(problem, name, choice=choice)
            for j in np.flatnonzero(problem.program.feasible_pairs[unit]):
                number = str(problem.municipalities.number[j])
                found = ranking.displaced(ranking.option(number))
                if keeps_rules(problem, others, unit, j):
                    assert found is None
                    continue
                expected = [
                    str(problem.households.id[i])
                    for i in np.flatnonzero(others == j)
                    if keeps_rules(problem, beside(others, i), unit, j)
                ]
                assert list(found.one_of) == expected, (seed, name, number)
                some, several = some + bool(expected), several + (not expected)
    assert some
    assert several


@pytest.mark.parametrize("seed", SEEDS)
def test_room_beside_a_plan_is_room_after_its_units_one_by_one(seed):
    """Both ways leave the same of everything; giving all back leaves what there was."""
    problem, choice = random_case(seed)
    program = problem.program
    slow = RemainingCapacity.of(program)
    placed = np.flatnonzero(choice != UNPLACED)
    for unit in placed:
        slow.use(int(unit), int(choice[unit]))
    fast = RemainingCapacity.after_placing(program, choice)
    for one, other in zip(fast.remaining, slow.remaining, strict=True):
        assert one.tolist() == other.tolist()
    for unit in placed:
        slow.free(int(unit), int(choice[unit]))
    for one, r in zip(slow.remaining, program.resources, strict=True):
        assert one.tolist() == r.limit.tolist()


@pytest.mark.parametrize("seed", SEEDS)
def test_using_room_does_not_change_the_program(seed):
    """Limits are the same after a whole plan has been taken from them."""
    problem, choice = random_case(seed)
    limits = [r.limit.copy() for r in problem.program.resources]
    room = RemainingCapacity.of(problem.program)
    for unit in np.flatnonzero(choice != UNPLACED):
        room.use(int(unit), int(choice[unit]))
    for before, r in zip(limits, problem.program.resources, strict=True):
        assert before.tolist() == r.limit.tolist()


def test_fits_says_where_the_limits_hold_with_the_unit():
    """Every unit and municipality, by the score, pair rules aside; a rule left out as well."""
    refused = 0
    for seed in SEEDS:
        problem, choice = random_case(seed)
        ids = [r.id for r in problem.program.resources]
        for unit, _ in units(problem):
            others = beside(choice, unit)
            room = RemainingCapacity.after_placing(problem.program, others)
            for j in range(len(problem.municipalities)):
                with_it = others.copy()
                with_it[unit] = j
                over = {b.rule for b in score(problem.program, with_it).broken_rules} - {"pair"}
                assert room.fits(unit)[j] == (not over)
                for rule in ids:
                    assert room.without({rule}).fits(unit)[j] == (not over - {rule})
                refused += bool(over)
    assert refused
