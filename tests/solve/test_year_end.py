"""Nights at the end of a year: who moves in in January takes places of the new decision."""

from dataclasses import replace
from datetime import date
from random import Random

import numpy as np
import pytest

from matcher import Problem, solve
from matcher.domain import Instance, Ledger
from matcher.policy.policy import Policy
from matcher.problem.score import score
from tests.independent import Night
from tests.ledgers import known
from tests.policy.rules.asked import household, person, town
from tests.random_instances import random_instance
from tests.solve.test_exhaustive import places_of

DECEMBER, JANUARY = date(2024, 12, 10), date(2025, 1, 20)


def in_december(seed: int) -> Instance:
    """A random night on which some cannot move, and some cannot be received, this year."""
    instance, random = random_instance(seed, 6, 4), Random(seed)
    households = tuple(
        replace(h, earliest_move=random.choice([None, JANUARY])) for h in instance.households
    )
    places = tuple(
        replace(
            m,
            lead_days=random.choice([None, 5, 15]),
            ledger=replace(m.ledger, settled=random.choice([0, 0, 1, None])),
            next_ledger=random.choice(
                [Ledger(), known(decided=0), known(decided=random.randint(2, 9), minors_decided=1)]
            ),
        )
        for m in instance.municipalities
    )
    return instance.replace(today=DECEMBER, households=households, municipalities=places)


def test_plans_over_the_years_end_are_valued_as_by_the_independent_evaluator() -> None:
    """Level 1, every term, which pairs fit, and whether a plan keeps both years' decisions."""
    kept = crossing = 0
    for seed in range(60):
        instance = in_december(seed)
        problem, night = Problem.of(instance), Night(instance, Policy.default())
        random = Random(seed)
        units, places = range(len(night.units)), range(len(night.places))
        fits = [[night.fits([u], p) for p in places] for u in units]
        assert problem.program.fits.tolist() == fits, seed
        (resource,) = (r for r in problem.resources if r.id == "places_this_year")
        crossing += resource.use.shape[1] > 1
        for _ in range(10):
            allowed = [[p for p in places if fits[u][p] and night.allowed(u, p)] for u in units]
            rows = [random.choice([-1, -1, *(own or [-1])]) for own in allowed]
            checked, plan = score(problem.program, np.array(rows)), places_of(rows)
            assert checked.weight == night.weight(plan), (seed, rows)
            assert dict(checked.terms) == night.points(plan), (seed, rows)
            assert (not checked.broken_rules) == night.keeps_all(plan), (seed, rows)
            kept += not checked.broken_rules
    assert crossing > 50
    assert kept > 15


def plain(queue: int, *, this_year: int, next_year: int | None, **facts: object) -> Instance:
    """Lone adults and one municipality that needs ten days."""
    place = town(
        ledger=known(decided=this_year), next_ledger=known(decided=next_year), lead_days=10
    )
    households = (household(person(id=f"P{k}"), id=f"H{k}", **facts) for k in range(queue))
    return Instance(DECEMBER, tuple(households), (place,))


PLACES = Policy("places").with_rule("places_this_year").with_term("places_first")


@pytest.mark.parametrize("next_year", [None, 0, 1, 3])
def test_who_moves_in_january_is_placed_on_the_new_decision(next_year: int | None) -> None:
    """However many places are left of the old one; without a new one nobody is placed."""
    instance = plain(2, this_year=9, next_year=next_year, earliest_move=JANUARY)
    plan = solve(Problem.of(instance, PLACES)).plan
    assert plan is not None
    assert len(plan) == min(2, next_year or 0)


def test_both_decisions_are_used_on_one_night() -> None:
    """Two move in December on the two places left, two in January on the new ones."""
    now = plain(3, this_year=2, next_year=2)
    later = plain(3, this_year=2, next_year=2, earliest_move=JANUARY)
    renamed = (replace(h, id=f"L{h.id}") for h in later.households)
    night = now.replace(households=(*now.households, *renamed))
    plan = solve(Problem.of(night, PLACES)).plan
    assert plan is not None
    assert sorted(p.household[0] for p in plan) == ["H", "H", "L", "L"]


def test_an_ordinary_night_has_one_layer() -> None:
    """Where everybody can move in this year, nothing is different."""
    instance = plain(3, this_year=2, next_year=1).replace(today=date(2024, 6, 1))
    (resource,) = Problem.of(instance, PLACES).resources
    assert resource.use.tolist() == [[1], [1], [1]]
    assert resource.limit.tolist() == [[2]]
