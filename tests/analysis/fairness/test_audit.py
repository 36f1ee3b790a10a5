"""Barred facts that decide are found out; needs that go with them, and chance, are not blamed."""

from dataclasses import replace

import numpy as np
import pytest

from matcher import Instance, Policy, Problem
from matcher.analysis.fairness import audit_proxies, build_person_outcomes
from matcher.domain import Answer, Sex
from tests.policy.rules.asked import TODAY, household, person
from tests.policy.terms.effects_asked import place

NUMBER = 60
TOWNS = place("0001", centrality=1), place("0002", centrality=6)


def queue(**facts) -> Problem:
    """Sixty persons who live alone; each fact a function of the number in the queue."""
    people = (
        household(person(id=f"P{k}", **{name: of(k) for name, of in facts.items()}), id=f"H{k}")
        for k in range(NUMBER)
    )
    return Problem.of(Instance(TODAY, tuple(people), TOWNS), Policy("x"))


def found(problem: Problem, choice, seed: int = 1) -> dict:
    findings = audit_proxies(
        problem, np.array(choice), build_person_outcomes(problem, np.array(choice)), seed
    )
    return {(f.fact, f.outcome): f for f in findings}


def woman(k: int) -> Sex:
    return Sex.WOMAN if k % 2 else Sex.MAN


def test_a_plan_that_sends_women_far_away_is_found_out():
    """Sex explains all that is left, which random sexes hardly ever do."""
    finding = found(queue(sex=woman), [k % 2 for k in range(NUMBER)])["sex", "remote"]
    assert finding.explained == pytest.approx(1)
    assert finding.by_chance < 0.1
    assert finding.is_alarm


def test_a_need_that_goes_with_it_is_not_blamed_on_it():
    """Women here are those in follow-up, and patients go to the centre: nothing is left."""
    problem = queue(sex=woman, hospital=lambda k: Answer(k % 2))
    finding = found(problem, [1 - k % 2 for k in range(NUMBER)])["sex", "remote"]
    assert finding.explained == 0
    assert not finding.is_alarm


@pytest.mark.slow
def test_chance_is_seldom_taken_for_more():
    """Of a hundred plans drawn at random a few at the most give an alarm."""
    problem, random = queue(sex=woman, origin=lambda k: ("Syria", "Iran")[k // 2 % 2]), 0
    for seed in range(20):
        choice = np.random.default_rng(seed).integers(0, 2, NUMBER)
        random += sum(f.is_alarm for f in found(problem, choice, seed).values())
    assert random <= 4


def test_the_same_seed_gives_the_same_answer():
    """And who is not placed is left out."""
    problem, choice = queue(sex=woman), [0, 1, 1, -1] * (NUMBER // 4)
    first, again = found(problem, choice), found(problem, choice)
    assert first == again
    assert first["sex", "remote"].households == 45


def test_unknown_places_and_no_placements_are_nothing_to_compare():
    """No division by no one."""
    assert not found(queue(sex=woman), [-1] * NUMBER)["origin", "stay"].is_alarm
    blank = queue(sex=woman)
    places = tuple(replace(m, centrality=None) for m in blank.instance.municipalities)
    lost = Problem.of(blank.instance.replace(municipalities=places), Policy("x"))
    assert found(lost, [0] * NUMBER)["sex", "remote"].households == 0
