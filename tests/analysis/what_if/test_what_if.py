"""What would be different is what planning again under other circumstances gives."""

from dataclasses import replace
from typing import Any

import pytest

from matcher.analysis.compare import compare, measure
from matcher.analysis.what_if import WhatIfChanges, parse_parameter, solve_what_if
from matcher.analysis.what_if.changes import UnusableChangeError
from matcher.analysis.what_if.sentences import what_if_sentences
from matcher.domain import Plan
from matcher.domain.errors import PolicyError, UnknownHouseholdError, UnknownMunicipalityError
from matcher.policy.policy import Policy
from matcher.problem.problem import Problem
from matcher.solve import StopCriteria, solve
from tests.random_instances import random_instance

pytestmark = pytest.mark.slow
EXACT = StopCriteria(20, 0.0)
POLICY = Policy.default()
SEEDS = range(6)


def night(seed: int):
    """A small queue and its best plan."""
    instance = random_instance(seed, households=8, municipalities=4, bars=0.3, room=2.0)
    plan = solve(Problem.of(instance, POLICY), stop=EXACT).plan
    return instance, plan or Plan()


def asked(instance, plan, **different):
    """The answer to a what-if."""
    return solve_what_if(instance, POLICY, plan, WhatIfChanges(**different), stop=EXACT)


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_different_changes_nothing(seed):
    """No household moves for a tie."""
    answer = asked(*night(seed))
    assert answer.comparison.changes == ()
    assert answer.shifts == ()
    assert answer.comparison.first == answer.comparison.second


@pytest.mark.parametrize("seed", SEEDS)
def test_a_municipality_without_places_gets_no_one(seed):
    """Whoever was to come there is placed elsewhere or left out; the ledger tells."""
    instance, plan = night(seed)
    number = next(iter(plan)).municipality
    answer = asked(instance, plan, ledgers={number: {"decided": 0, "settled": 0, "promised": 0}})
    assert number not in answer.result.plan.municipality_of.values()
    shift = next(s for s in answer.shifts if s.number == number)
    there = [h for h in instance.households if plan.municipality_of.get(h.id) == number]
    assert (shift.first, shift.second) == (sum(h.size for h in there), 0)
    assert answer.comparison.second.placed <= answer.comparison.first.placed
    assert {h.id for h in there} <= {c.household for c in answer.comparison.changes}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_pin_and_a_ban_hold(seed):
    """A household comes where it must, or nowhere; and not where it must not."""
    instance, plan = night(seed)
    first, second = list(plan)[:2]
    other = next(m.number for m in instance.municipalities if m.number != first.municipality)
    answer = asked(
        instance,
        plan,
        pins={first.household: other},
        bans=((second.household, second.municipality),),
    )
    now = answer.result.plan.municipality_of
    assert now.get(first.household) in (other, None)
    assert now.get(second.household) != second.municipality


@pytest.mark.parametrize("seed", SEEDS)
def test_with_other_weights_both_plans_are_measured_by_the_policy_in_force(seed):
    """So that points mean the same on both sides; the plan is the other policy's own."""
    instance, plan = night(seed)
    different: dict[str, Any] = {"parameters": {"terms.speed.person_days_per_stayer": 5.0}}
    answer = asked(instance, plan, **different)
    tonight = Problem.of(instance, POLICY)
    wanted = compare(tonight, plan, answer.result.plan)
    assert answer.comparison.first == wanted.first
    assert answer.comparison.second == wanted.second
    assert answer.comparison.changes == wanted.changes
    other = WhatIfChanges(**different).apply_to_policy(POLICY)
    again = Problem.of(instance.replace(earlier_plan=plan), other)
    mine = measure(again, again.to_choice(answer.result.plan))
    assert mine.points >= measure(again, again.to_choice(plan)).points - 1e-9


def test_each_plan_is_measured_on_its_own_circumstances():
    """A plan that fills new places breaks nothing there."""
    instance, plan = night(2)
    numbers = {m.number: {"decided": 500, "receive_now": 500} for m in instance.municipalities}
    answer = asked(instance, plan, ledgers=numbers)
    assert answer.comparison.second.broken == 0
    assert answer.comparison.second.placed >= answer.comparison.first.placed


def test_a_rule_of_the_policy_in_force_that_is_switched_off_is_told_of():
    """How often the other plan breaks it stands in the answer, and in its sentences."""
    for seed in range(40):
        instance = random_instance(seed, households=8, municipalities=4, bars=1.0, room=0.4)
        plan = solve(Problem.of(instance, POLICY), stop=EXACT).plan or Plan()
        answer = asked(instance, plan, off=("places_this_year", "places_now"))
        if answer.comparison.second.broken:
            assert (
                f"breaks {answer.comparison.second.broken} rules"
                in what_if_sentences(answer, "en")[3]
            )
            return
    pytest.fail("no such night among forty")


def test_what_cannot_be_different_is_refused():
    """Each by its name, before anything is solved."""
    instance, plan = night(0)
    for error, different in (
        (UnknownMunicipalityError, {"ledgers": {"9999": {"decided": 1}}}),
        (UnknownMunicipalityError, {"pins": {instance.households[0].id: "9999"}}),
        (UnknownHouseholdError, {"pins": {"nobody": "0301"}}),
        (UnknownHouseholdError, {"bans": (("nobody", "0301"),)}),
        (UnusableChangeError, {"ledgers": {instance.municipalities[0].number: {"open": 1}}}),
        (UnusableChangeError, {"ledgers": {instance.municipalities[0].number: {"decided": -1}}}),
        (UnusableChangeError, {"ledgers": {instance.municipalities[0].number: {"decided": None}}}),
        (UnusableChangeError, {"parameters": {"speed.child": 2}}),
        (PolicyError, {"parameters": {"terms.sped.child": 2}}),
        (PolicyError, {"parameters": {"terms.speed.child": "much"}}),
        (PolicyError, {"off": ("interpreter",)}),
        (PolicyError, {"policy": "nobody's"}),
    ):
        with pytest.raises(error):
            asked(instance, plan, **different)


def test_changes_of_the_policy_follow_one_another():
    """Another policy first, then its parameters, then what is off."""
    changed = WhatIfChanges(
        policy="stay-first", parameters={"terms.speed.child": 3.0}, off=("fair_shares",)
    ).apply_to_policy(POLICY)
    wanted = Policy.named("stay-first").with_term("speed", child=3.0).without("fair_shares")
    assert changed.hash == wanted.hash


def test_what_is_not_named_stays_as_it_is():
    """Of a ledger, and of a household with bans of its own."""
    instance, _ = night(1)
    one, household = instance.municipalities[0], instance.households[0]
    changed = WhatIfChanges(
        ledgers={one.number: {"decided": 77}}, bans=((household.id, one.number),)
    ).apply_to_instance(instance)
    assert changed.municipalities[0] == replace(one, ledger=replace(one.ledger, decided=77))
    assert changed.municipalities[1:] == instance.municipalities[1:]
    assert changed.households[0].bans[:-1] == household.bans
    assert changed.households[1:] == instance.households[1:]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("terms.speed.child=2", ("terms.speed.child", 2)),
        (" 0301.decided = 60", ("0301.decided", 60)),
        ("rules.hospital.minutes=45.5", ("rules.hospital.minutes", 45.5)),
        ("terms.x.y=true", ("terms.x.y", True)),
    ],
)
def test_values_are_read_as_in_a_policy_file(text, wanted):
    """Numbers, words, switches."""
    assert parse_parameter(text) == wanted


@pytest.mark.parametrize("text", ["terms.speed.child", "terms.speed.child=", "a=b c"])
def test_what_has_no_value_is_refused(text):
    """With an example of what can be written."""
    with pytest.raises(UnusableChangeError, match=r"write terms\.speed\.child=2"):
        parse_parameter(text)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_sentences_name_what_changes_most(language):
    """Persons, households, terms by their titles, municipalities by name."""
    instance, plan = night(3)
    number = next(iter(plan)).municipality
    answer = asked(instance, plan, ledgers={number: {"decided": 0}})
    told = "\n".join(what_if_sentences(answer, language))
    assert answer.shifts[0].name in told
    assert "{" not in told
