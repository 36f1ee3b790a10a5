"""Exact backends against each other, and the baselines, where no exhaustive search reaches."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from matcher import Policy, Problem, StopCriteria, solve
from matcher.domain import Answer
from matcher.problem.program import UNPLACED
from matcher.problem.score import score
from tests.independent import Night
from tests.random_instances import random_instance
from tests.solve.test_exhaustive import EXACT, places_of

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("room", [1.0, 0.5], ids=["room", "few places"])
@pytest.mark.parametrize("seed", range(6))
def test_exact_backends_agree_on_twelve_households_and_six_municipalities(seed, room):
    """Asked for no gap, they reach the same value of both levels, which the evaluator confirms."""
    instance = random_instance(seed, 12, 6, bars=0.3, room=room)
    problem = Problem.of(instance)
    night = Night(instance, problem.policy)
    values = set()
    for backend in EXACT:
        result = solve(problem, backend=backend, stop=StopCriteria(60, 0))
        assert result.outcome == "proved", backend
        plan = places_of(result.choice)
        assert night.keeps_all(plan)
        assert (night.weight(plan), night.value(plan)) == (
            result.score.weight,
            result.score.value,
        )
        values.add((result.score.weight, result.score.value))
    assert len(values) == 1


@pytest.mark.parametrize("room", [1.0, 0.5], ids=["room", "few places"])
@pytest.mark.parametrize("seed", [0])
def test_exact_backends_agree_within_the_gap_on_forty_households(seed, room):
    """No backend's value passes another's bound, and level 1 is the same in all."""
    problem = Problem.of(random_instance(seed, 40, 20, bars=0.2, room=room))
    results = {b: solve(problem, backend=b, stop=StopCriteria(60, 0.02)) for b in EXACT}
    assert len({r.score.weight for r in results.values()}) == 1
    best = max(r.levels[1].value for r in results.values())
    for backend, result in results.items():
        assert result.levels[1].bound >= best - 1e-3, backend
    for backend in ("priced", "highs", "cpsat"):
        level = results[backend].levels[1]
        assert level.gap <= 0.02 + 1e-9, backend


@pytest.mark.parametrize("backend", ["greedy", "random"])
@pytest.mark.parametrize("kind", [{}, {"bars": 0.2}, {"bars": 0.2, "room": 0.4}])
def test_baselines_keep_every_rule_and_leave_no_room_unused(backend, kind):
    """Their plans keep all rules, claim no proof, and no unplaced unit would still fit."""
    for seed in range(25):
        instance = random_instance(seed, 10, 5, **kind)
        problem = Problem.of(instance)
        night = Night(instance, problem.policy)
        result = solve(problem, backend=backend, seed=seed)
        assert night.keeps_all(places_of(result.choice))
        assert result.outcome == "unproved"
        for unit in np.flatnonzero(result.choice == UNPLACED):
            for place in range(5):
                more = result.choice.copy()
                more[unit] = place
                assert score(problem.program, more).broken_rules


def test_baselines_never_beat_the_optimum():
    """Levels in order: greedy and random are at most what the exact backend proves."""
    worse = 0
    for seed in range(20):
        problem = Problem.of(random_instance(seed, 8, 4, bars=0.3, room=0.6))
        best = solve(problem, stop=StopCriteria(60, 0)).score
        for backend in ("greedy", "random"):
            other = solve(problem, backend=backend).score
            assert other <= best
            worse += other < best
    assert worse > 20


def test_greedy_serves_the_longest_waiting_first():
    """With one place for one of two alike, the one who has waited longer gets it."""
    instance = random_instance(4, 2, 1, bars=0.0)
    base = instance.households[0]
    alone = replace(base, members=base.members[:1], deadline=None)
    members = (replace(alone.members[0], unaccompanied=False, age=30, hospital=Answer.NO),)
    queue = tuple(
        replace(alone, id=name, members=members, ready_since=instance.today - timedelta(days=d))
        for name, d in (("short", 10), ("long", 50))
    )
    town = instance.municipalities[0]
    ledger = replace(town.ledger, decided=1, settled=0, promised=0, receive_now=None)
    town = replace(town, ledger=ledger, reports_dwellings=Answer.NO)
    instance = instance.replace(households=queue, municipalities=(town,), links=())
    placed = solve(Problem.of(instance), backend="greedy").plan.municipality_of
    assert set(placed) == {"long"}


@pytest.mark.parametrize("backend", EXACT)
def test_same_seed_gives_the_same_plan(backend):
    """Two solves of one problem with one seed choose alike."""
    problem = Problem.of(random_instance(1, 15, 6, bars=0.3, room=0.7))
    one, other = (solve(problem, backend=backend, seed=3) for _ in range(2))
    assert one.plan == other.plan
    assert one.hashes == other.hashes


@pytest.mark.parametrize("backend", [*EXACT, "greedy", "random"])
def test_nothing_to_place_is_no_difficulty(backend):
    """An empty queue, a queue without municipalities and a queue that fits nowhere."""
    full = random_instance(2, 5, 3)
    nowhere = random_instance(2, 5, 3, room=0.0)
    for instance in (
        full.replace(households=(), links=()),
        nowhere,
        full.replace(households=(), links=(), municipalities=()),
    ):
        result = solve(Problem.of(instance), backend=backend)
        assert len(result.plan) == 0
        assert (result.score.placed, result.score.weight) == (0, 0)


@pytest.mark.parametrize("backend", EXACT)
def test_a_policy_without_levels_or_terms_still_places_within_the_rules(backend):
    """With only rules chosen every plan that keeps them is as good as any other."""
    policy = Policy("rules only", rules=Policy.default().rules)
    for seed in range(5):
        instance = random_instance(seed, 5, 3, bars=0.3)
        result = solve(Problem.of(instance, policy), backend=backend, stop=StopCriteria(60, 0))
        assert (result.score.weight, result.score.value) == (0, 0)
        assert not result.score.broken_rules


@pytest.mark.parametrize("backend", EXACT)
def test_without_time_there_is_still_a_plan_that_keeps_the_rules(backend):
    """Whoever finds nothing in time falls back on the plan it started from."""
    problem = Problem.of(random_instance(5, 60, 20, bars=0.2, room=0.5))
    result = solve(problem, backend=backend, stop=StopCriteria(1e-3, 0))
    assert result.plan is not None
    assert not result.score.broken_rules
    greedy = solve(problem, backend="greedy").score
    assert result.score.weight >= greedy.weight
