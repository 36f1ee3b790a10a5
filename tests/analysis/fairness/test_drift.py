"""Alarms where the queue leaves what the stay model has seen."""

import numpy as np

from matcher import Instance, Policy, Problem
from matcher.analysis.fairness import build_person_outcomes, detect_drift
from matcher.domain import Answer, HouseholdType, ImmigrationGround, OutMigrationQuartile, Sex
from matcher.stay.coefficients import settled_shares_2010_2016
from tests.policy.rules.asked import TODAY, household, person
from tests.policy.terms.effects_asked import place

AGES = {"under 18": 9, "18-29": 25, "30-39": 35, "40-49": 45, "50-59": 55, "60+": 70}


TOWNS = (place(),)


def told(people, towns=TOWNS) -> dict:
    queue = tuple(
        household(person(id=f"P{k}", **facts), id=f"H{k}", type=kind)
        for k, (kind, facts) in enumerate(people)
    )
    problem = Problem.of(Instance(TODAY, queue, towns), Policy("x"))
    found = detect_drift(problem, build_person_outcomes(problem, np.full(len(queue), -1)))
    return {(a.kind, a.what): a.share for a in found}


def drawn(variable: str, number: int = 400) -> list[str]:
    """Levels of a variable, composed as in table 2."""
    shares = settled_shares_2010_2016(variable)
    counts = np.diff(np.round(np.cumsum([0, *shares.values()]) * number).astype(int))
    return [level for level, n in zip(shares, counts, strict=True) for _ in range(n)]


def test_a_queue_like_those_settled_gives_no_alarm():
    """Composed as table 2, with everything known, and quartiles too."""
    columns = {
        "sex": [Sex(w) for w in drawn("sex")],
        "age": [AGES[w] for w in drawn("age")],
        "origin": drawn("origin"),
        "ground": [ImmigrationGround(w) for w in drawn("immigration_ground")],
    }
    kinds = [HouseholdType(w) for w in drawn("household_type")]
    facts = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    assert told(list(zip(kinds, facts, strict=True))) == {}


def test_collective_protection_is_always_an_alarm():
    """One of them is enough: the model has seen no one like them."""
    people = [(None, {"collective_protection": Answer(k == 0)}) for k in range(10)]
    assert told(people)["protection", ""] == 0.1


def test_other_kinds_and_unknown_facts_are_alarms():
    """Everyone from one country; no one's ground known."""
    people = [(HouseholdType.ALONE, {"origin": "Iran", "sex": Sex.WOMAN})] * 10
    found = told([(kind, dict(facts)) for kind, facts in people])
    assert found["composition", "origin"] == 1 - settled_shares_2010_2016("origin")["Iran"]
    assert found["unknown", "ground"] == 1
    assert ("unknown", "sex") not in found


def test_expected_quartiles_are_told():
    """Half of the municipalities."""
    towns = place("0001"), place("0002", quartile=None)
    assert told([(None, {})], towns)["quartile", ""] == 0.5
    assert ("quartile", "") not in told([(None, {})], (place(quartile=OutMigrationQuartile.HIGH),))


def test_an_empty_queue_gives_none():
    """There is no one to be unlike others."""
    assert told([]) == {}
