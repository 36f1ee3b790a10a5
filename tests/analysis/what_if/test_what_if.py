"""What would be different is what planning again under other circumstances gives."""

from itertools import product
from typing import Any

import pytest

from matcher.analysis.compare import compare, list_changes, measure
from matcher.analysis.what_if import (
    QUESTIONS,
    WhatIfAnswer,
    WhatIfChanges,
    WhatIfPlan,
    WhatIfQuestion,
    solve_what_if,
)
from matcher.domain import Instance, Plan
from matcher.policy.policy import Policy
from matcher.problem.problem import Problem
from matcher.solve import StopCriteria, solve
from tests.random_instances import random_instance

pytestmark = pytest.mark.slow
EXACT = StopCriteria(20, 0.0)
POLICY = Policy.default()
SEEDS = range(6)
CASES = list(product(SEEDS, QUESTIONS))


def night(seed: int) -> tuple[Instance, Plan]:
    """A small queue and its best plan."""
    instance = random_instance(seed, households=8, municipalities=4, bars=0.3, room=2.0)
    plan = solve(Problem.of(instance, POLICY), stop=EXACT).plan
    return instance, plan or Plan()


def ask(instance: Instance, plan: Plan, *questions: WhatIfQuestion, **different: Any) -> Any:
    """The answer to a what-if."""
    changes = WhatIfChanges(**different)
    return solve_what_if(
        instance, POLICY, plan, changes, questions=questions or QUESTIONS, stop=EXACT
    )


def ask_one(
    instance: Instance, plan: Plan, question: WhatIfQuestion, **different: Any
) -> tuple[WhatIfAnswer, WhatIfPlan]:
    """The answer to one question alone, and its plan."""
    answer = ask(instance, plan, question, **different)
    (only,) = answer.plans
    return answer, only


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_different_changes_nothing_in_tonights_plan(seed):
    """No household moves for a tie, and no target moves."""
    answer, steady = ask_one(*night(seed), WhatIfQuestion.STEADY)
    assert steady.changes == ()
    assert steady.shifts == ()
    assert answer.tonight == answer.tonight_after_change == steady.measures
    assert set(answer.target_shift.terms.values()) == {0.0}
    assert answer.plan_difference(steady).points == 0.0


@pytest.mark.parametrize(("seed", "question"), CASES)
def test_each_plan_is_what_planning_gives_after_the_change_is_made(seed, question):
    """Steady with tonight's plan as last night's suggestions; afresh with none."""
    instance, plan = night(seed)
    numbers = {instance.municipalities[0].number: {"decided": 40, "receive_now": 40}}
    _, answered = ask_one(instance, plan, question, ledgers=numbers)
    known = plan if question is WhatIfQuestion.STEADY else Plan()
    changed = WhatIfChanges(ledgers=numbers).apply_to_instance(instance)
    made = solve(Problem.of(changed.replace(suggestions=known), POLICY), stop=EXACT)
    assert made.plan is not None
    assert answered.result.plan == made.plan
    assert answered.changes == list_changes(plan, made.plan)
    assert [level.gap for level in answered.result.levels] == [0.0, 0.0]


def test_both_questions_are_answered_in_order_unless_one_is_asked_alone():
    """And the answers are the same either way."""
    instance, plan = night(2)
    different: dict[str, Any] = {"off": ("fair_shares",)}
    both = ask(instance, plan, **different).plans
    assert [answered.question for answered in both] == ["steady", "afresh"]
    for answered in both:
        _, alone = ask_one(instance, plan, answered.question, **different)
        assert alone.result.plan == answered.result.plan
        assert alone.measures == answered.measures


@pytest.mark.parametrize("seed", SEEDS)
def test_afresh_forgets_suggestions_and_keeps_open_proposals(seed):
    """Whatever was suggested, the plan is the same; an open proposal has its points."""
    instance, plan = night(seed)
    _, first = ask_one(instance, plan, WhatIfQuestion.AFRESH)
    _, second = ask_one(instance.replace(suggestions=Plan()), plan, WhatIfQuestion.AFRESH)
    assert first.result.plan == second.result.plan
    assert first.problem.instance.earlier_plan == instance.earlier_plan
    assert first.problem.instance.suggestions == Plan()


@pytest.mark.parametrize(("seed", "question"), CASES)
def test_a_municipality_without_places_gets_no_one(seed, question):
    """Whoever was to come there is placed elsewhere or left out; the ledger tells."""
    instance, plan = night(seed)
    number = next(iter(plan)).municipality
    numbers = {number: {"decided": 0, "settled": 0, "promised": 0}}
    answer, answered = ask_one(instance, plan, question, ledgers=numbers)
    assert number not in answered.result.plan.municipality_of.values()
    shift = next(s for s in answered.shifts if s.number == number)
    there = [h for h in instance.households if plan.municipality_of.get(h.id) == number]
    assert (shift.first, shift.second) == (sum(h.size for h in there), 0)
    assert answered.measures.placed <= answer.tonight.placed
    assert {h.id for h in there} <= {c.household for c in answered.changes}


@pytest.mark.parametrize(("seed", "question"), CASES)
def test_a_pin_and_a_ban_hold(seed, question):
    """A household comes where it must, or nowhere; and not where it must not."""
    instance, plan = night(seed)
    first, second = list(plan)[:2]
    other = next(m.number for m in instance.municipalities if m.number != first.municipality)
    _, answered = ask_one(
        instance,
        plan,
        question,
        pins={first.household: other},
        bans=((second.household, second.municipality),),
    )
    now = answered.result.plan.municipality_of
    assert now.get(first.household) in (other, None)
    assert now.get(second.household) != second.municipality


@pytest.mark.parametrize("seed", SEEDS)
def test_with_other_weights_both_plans_are_measured_by_the_policy_in_force(seed):
    """So that points mean the same on both sides; the plan is the other policy's own."""
    instance, plan = night(seed)
    different: dict[str, Any] = {"parameters": {"terms.speed.person_days_per_stayer": 5.0}}
    answer, steady = ask_one(instance, plan, WhatIfQuestion.STEADY, **different)
    yardstick = Problem.of(instance.replace(suggestions=Plan()), POLICY)
    wanted = compare(yardstick, plan, steady.result.plan)
    assert (answer.tonight, steady.measures) == (wanted.first, wanted.second)
    assert answer.tonight_after_change == answer.tonight
    assert steady.changes == wanted.changes
    own = steady.problem
    mine = measure(own, own.to_choice(steady.result.plan))
    assert mine.points >= measure(own, own.to_choice(plan)).points - 1e-9


def test_each_plan_is_measured_on_its_own_circumstances():
    """A plan that fills new places breaks nothing there."""
    instance, plan = night(2)
    numbers = {m.number: {"decided": 500, "receive_now": 500} for m in instance.municipalities}
    answer = ask(instance, plan, ledgers=numbers)
    for answered in answer.plans:
        assert answered.measures.broken == 0
        assert answered.measures.placed >= answer.tonight.placed


def test_rules_of_the_policy_in_force_that_are_switched_off_are_counted_where_broken():
    """What the plan of another policy breaks is measured by the policy in force."""
    for seed in range(40):
        instance = random_instance(seed, households=8, municipalities=4, bars=1.0, room=0.4)
        plan = solve(Problem.of(instance, POLICY), stop=EXACT).plan or Plan()
        off = ("places_this_year", "places_now")
        _, steady = ask_one(instance, plan, WhatIfQuestion.STEADY, off=off)
        if steady.measures.broken:
            return
    pytest.fail("no such night among forty")
