"""A what-if in words: what it means for people first, points last."""

import pytest

from matcher.analysis.what_if import WhatIfChanges, WhatIfQuestion, solve_what_if
from matcher.analysis.what_if.description import describe_answer
from matcher.analysis.what_if.sentences import plan_sentences, shift_sentences
from matcher.domain import Plan
from tests.analysis.what_if.test_what_if import EXACT, POLICY, night

pytestmark = pytest.mark.slow
STEADY, AFRESH = WhatIfQuestion.STEADY, WhatIfQuestion.AFRESH


def ask(seed: int = 3):
    """A municipality's decision is taken back; what a policy owner is told."""
    instance, plan = night(seed)
    number = next(iter(plan)).municipality
    changes = WhatIfChanges(ledgers={number: {"decided": 0}})
    return solve_what_if(instance, POLICY, plan, changes, stop=EXACT)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_people_come_before_points(language):
    """Stayers, days, persons, households, municipalities; then points and the proof."""
    answer = ask()
    opening = {"nb": "Ventet å bli boende", "en": "Expected stayers"}[language]
    points = {"nb": "Poeng etter", "en": "Points under"}[language]
    for plan in answer.plans:
        lines = plan_sentences(answer, plan, language)
        assert "{" not in "".join(lines)
        assert lines[1].startswith(opening)
        assert any(plan.shifts[0].name in line for line in lines)
        (row,) = (row for row, line in enumerate(lines) if line.startswith(points))
        assert row >= 5
        assert row < len(lines) - 2


@pytest.mark.parametrize("language", ["nb", "en"])
def test_each_question_is_named(language):
    """So that nobody takes the one for the other."""
    answer = ask()
    headings = [plan_sentences(answer, plan, language)[0] for plan in answer.plans]
    assert len(set(headings)) == 2
    assert {"nb": "neste natt", "en": "next night"}[language] in headings[0]
    assert {"nb": "på nytt", "en": "afresh"}[language] in headings[1]


def test_targets_that_move_are_told_once_and_as_nobodys_gain():
    """With the terms; and not at all where none moves."""
    (told,) = shift_sentences(ask(), "en")
    assert "changes nothing for anyone" in told
    instance, plan = night(3)
    assert shift_sentences(solve_what_if(instance, POLICY, plan, WhatIfChanges(), stop=EXACT)) == []


def test_where_nobody_moves_that_is_all_that_is_said_of_households():
    """No row of zeros."""
    instance, plan = night(3)
    answer = solve_what_if(instance, POLICY, plan, WhatIfChanges(), questions=[STEADY], stop=EXACT)
    lines = plan_sentences(answer, answer.plans[0], "en")
    assert "No household gets another place than in tonight's plan." in lines
    assert not any(line.startswith("Households") for line in lines)


def test_where_not_as_many_are_placed_it_is_said_that_places_come_first():
    """Points of plans that place others are not better or worse alone."""
    instance, _ = night(3)
    answer = solve_what_if(instance, POLICY, Plan(), WhatIfChanges(), stop=EXACT)
    for plan in answer.plans:
        assert any("Places come before points" in s for s in plan_sentences(answer, plan, "en"))


def test_machines_get_everything_but_names_of_households():
    """Measures and points of each plan, what targets do, limits, and the sentences."""
    instance, _ = night(3)
    told = describe_answer(ask())
    assert set(told) == {"tonight", "tonight_after_change", "target_shift", "plans", "sentences"}
    assert list(told["plans"]) == ["steady", "afresh"]
    for plan in told["plans"].values():
        assert set(plan) == {
            "outcome",
            "levels",
            "measures",
            "plan_difference",
            "households",
            "municipalities",
            "limits",
            "sentences",
        }
        whole = plan["measures"]["points"] - told["tonight"]["points"]
        parts = plan["plan_difference"]["points"] + told["target_shift"]["points"]
        assert parts == pytest.approx(whole)
    assert not any(f"'{h.id}'" in str(told) for h in instance.households)
