"""Points of targets that move are told apart from what a plan brings."""

from dataclasses import replace

import numpy as np
import pytest

from matcher.analysis.compare import measure_target_shift
from matcher.analysis.what_if import (
    WhatIfAnswer,
    WhatIfChanges,
    WhatIfQuestion,
    solve_what_if,
)
from matcher.domain import Instance, Plan
from matcher.policy.policy import Policy
from matcher.problem.problem import Problem
from matcher.solve import price_places, solve
from tests.analysis.what_if.test_what_if import EXACT, POLICY, night
from tests.independent import Night
from tests.random_instances import random_instance

pytestmark = pytest.mark.slow
SEEDS = range(8)
PLACES_NOW = ("places_now", "places_asked_for")
STAYERS_ONLY = POLICY.without("plan_adherence", "landsdel_share", "centrality_share", "fair_shares")


def one_more_decided(instance: Instance, plan: Plan, row: int) -> WhatIfAnswer:
    """The answer to one more decided place in a municipality."""
    m = instance.municipalities[row]
    changes = WhatIfChanges(ledgers={m.number: {"decided": m.ledger.decided + 1}})
    return solve_what_if(instance, POLICY, plan, changes, stop=EXACT)


def points_by_hand(instance: Instance, plan: Plan) -> dict[str, float]:
    """Points by term from the independent evaluator, without memory of suggestions."""
    evaluator = Night(instance.replace(suggestions=Plan()), POLICY)
    row_of = {m.number: row for row, m in enumerate(evaluator.places)}
    there = [plan.municipality_of.get(unit[0].id) for unit in evaluator.units]
    points = evaluator.points(tuple(None if n is None else row_of[n] for n in there))
    return {term: value / 1000 for term, value in points.items()}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_shift_is_the_same_plan_by_two_yardsticks_and_the_rest_two_plans_by_one(seed):
    """Term by term as the independent evaluator counts them; together they are the difference."""
    instance, plan = night(seed)
    m = instance.municipalities[0]
    changes = WhatIfChanges(ledgers={m.number: {"decided": m.ledger.decided + 5}})
    answer = solve_what_if(instance, POLICY, plan, changes, stop=EXACT)
    changed = changes.apply_to_instance(instance)
    here, there = points_by_hand(instance, plan), points_by_hand(changed, plan)
    shift = {term: there[term] - points for term, points in here.items()}
    assert dict(answer.target_shift.terms) == pytest.approx(shift)
    for answered in answer.plans:
        other = points_by_hand(changed, answered.result.plan or Plan())
        difference = {term: other[term] - points for term, points in there.items()}
        told = answer.plan_difference(answered)
        assert dict(told.terms) == pytest.approx(difference)
        whole = answered.measures.points - answer.tonight.points
        assert told.points + answer.target_shift.points == pytest.approx(whole)


@pytest.mark.parametrize("seed", SEEDS)
def test_targets_alone_can_be_measured_without_any_pair(seed):
    """The same shift, from the terms with targets only."""
    instance, plan = night(seed)
    answer = one_more_decided(instance, plan, 0)
    m = instance.municipalities[0]
    numbers = {m.number: {"decided": m.ledger.decided + 1}}
    changed = WhatIfChanges(ledgers=numbers).apply_to_instance(instance)
    before, after = Problem.of(instance, POLICY), Problem.of(changed, POLICY)
    shift = measure_target_shift(before, after, plan)
    assert shift.points == pytest.approx(answer.target_shift.points)
    assert all(answer.target_shift.terms[term] == v for term, v in shift.terms.items())


def test_one_more_decided_place_that_lowers_the_points_is_no_loss_to_anyone():
    """Where nobody moves, all of the loss is the shift of targets."""
    lowered = 0
    for seed in SEEDS:
        instance, plan = night(seed)
        for row in range(len(instance.municipalities)):
            answer = one_more_decided(instance, plan, row)
            steady = answer.plans[0]
            if answer.target_shift.points < 0 and not steady.changes:
                lowered += 1
                assert steady.measures.points < answer.tonight.points
                assert answer.plan_difference(steady).points == 0.0
    assert lowered


@pytest.mark.parametrize("seed", SEEDS)
def test_one_more_place_never_takes_anything_from_anyone(seed):
    """As its price, which is never below 0: at one yardstick, more places are no worse."""
    instance, plan = night(seed)
    for row in range(len(instance.municipalities)):
        answer = one_more_decided(instance, plan, row)
        for answered in answer.plans:
            assert answered.result.levels[0].value >= weight_of(instance, plan) - 1e-9
            if answered.result.levels[0].value == pytest.approx(weight_of(instance, plan)):
                assert answer.plan_difference(answered).points >= -1e-6


def weight_of(instance: Instance, plan: Plan) -> float:
    """Level 1 of a plan."""
    problem = Problem.of(instance, POLICY)
    return float(problem.program.weight[problem.to_choice(plan) >= 0].sum()) / 1000


@pytest.mark.parametrize("policy", [POLICY, STAYERS_ONLY], ids=["default", "no targets"])
def test_one_more_place_now_is_worth_its_price_at_most(policy):
    """Places now have no target: where nobody new fits, at most the price and the gap is gained."""
    gains = [gain for seed in range(40) for gain in gains_of_one_more_place_now(seed, policy)]
    assert len([gain for gain in gains if gain > 1]) >= 2


def gains_of_one_more_place_now(seed: int, policy: Policy) -> list[float]:
    """Points of one more place in each municipality, where as many are placed with and without."""
    instance = random_instance(seed, households=8, municipalities=4, bars=0.3, room=3.0)
    instance = with_places_now(instance, 2).replace(suggestions=Plan())
    problem = Problem.of(instance, policy)
    best = solve(problem, stop=EXACT)
    assert best.choice is not None
    assert best.plan is not None
    prices = price_places(problem, best.choice, seconds=20)
    assert prices.bound is not None
    # What may be asked for grows with the places.
    priced = [k for k, r in enumerate(problem.resources) if r.id in PLACES_NOW]
    gains = []
    for row, m in enumerate(instance.municipalities):
        changes = WhatIfChanges(ledgers={m.number: {"receive_now": 3}})
        answer = solve_what_if(
            instance, policy, best.plan, changes, questions=[WhatIfQuestion.AFRESH], stop=EXACT
        )
        (afresh,) = answer.plans
        assert set(answer.target_shift.terms.values()) == {0.0}
        changed = Problem.of(changes.apply_to_instance(instance), policy)
        # A household that fits for the first time has no part in the price.
        nobody_new = np.array_equal(problem.program.feasible_pairs, changed.program.feasible_pairs)
        if nobody_new and afresh.result.levels[0].value == best.levels[0].value:
            gains.append(answer.plan_difference(afresh).points)
            most = sum(float(prices.resources[k][row].sum()) for k in priced)
            most += prices.bound - best.levels[1].value
            assert -1e-6 <= gains[-1] <= most + 1e-6
    return gains


def with_places_now(instance: Instance, places: int) -> Instance:
    """So many places now in every municipality."""
    return instance.replace(
        municipalities=tuple(
            replace(m, ledger=replace(m.ledger, receive_now=places))
            for m in instance.municipalities
        )
    )
