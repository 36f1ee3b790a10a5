"""Someone of unknown age may be a child or an adult: no rule is passed that either would break."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from matcher.domain import Answer, Dwelling, Household, Instance
from matcher.policy.policy import Policy
from matcher.problem.problem import Problem
from matcher.problem.score import score
from tests.independent import Night
from tests.ledgers import known
from tests.policy.rules.asked import TODAY, ask, household, person, town

RULES = ("minors_setup", "minors", "dwellings", "places_this_year", "places_now")
POLICY = Policy("ages", rules={rule: {} for rule in RULES})
AGES = (None, None, 10, 16, 30)


def random_night(seed: int) -> Instance:
    """Two or three households, most of them linked, and two municipalities with few homes."""
    random = Random(seed)
    queue = tuple(
        household(*(_person(random, f"{k}{p}") for p in range(random.randint(1, 3))), id=f"H{k}")
        for k in range(random.randint(2, 3))
    )
    towns = tuple(
        town(
            number,
            minors_setup=random.choice([Answer.YES, Answer.YES, Answer.UNKNOWN, Answer.NO]),
            reports_dwellings=random.choice([Answer.YES, Answer.YES, Answer.UNKNOWN]),
            ledger=known(decided=random.randint(2, 9), minors_decided=random.randint(0, 3)),
            dwellings=tuple(
                Dwelling(f"{number}{d}", random.randint(1, 4)) for d in range(random.randint(0, 3))
            ),
        )
        for number in ("0001", "0002")
    )
    links = tuple((f"H{k}", f"H{k + 1}") for k in range(len(queue) - 1) if random.random() < 0.7)
    return Instance(TODAY, queue, towns, links=links)


def _person(random: Random, name: str):
    age = random.choice(AGES)
    alone = (age is None or age < 18) and random.random() < 0.4
    return person(id=name, age=age, unaccompanied=alone)


def worlds(instance: Instance) -> Iterator[Instance]:
    """Every way in which those of unknown age could be children or adults."""
    unknown = [
        p.id
        for h in instance.households
        for p in h.members
        if p.age is None and not p.unaccompanied
    ]
    for ages in itertools.product((10, 30), repeat=len(unknown)):
        age_of = dict(zip(unknown, ages, strict=True))
        yield instance.replace(
            households=tuple(_of_known_age(h, age_of) for h in instance.households)
        )


def _of_known_age(h: Household, age_of: dict[str, int]) -> Household:
    return replace(h, members=tuple(replace(p, age=age_of.get(p.id, p.age)) for p in h.members))


@pytest.mark.parametrize("block", range(4))
def test_a_plan_is_allowed_exactly_where_it_is_in_every_world(block):
    """All plans of two hundred queues: by the rules, by the second evaluator, by all worlds."""
    allowed = refused = 0
    for seed in range(50 * block, 50 * (block + 1)):
        instance = random_night(seed)
        problem, night = Problem.of(instance, POLICY), Night(instance, POLICY)
        possible = [Night(world, POLICY) for world in worlds(instance)]
        for plan in itertools.product((None, 0, 1), repeat=len(night.units)):
            choice = np.array([-1 if p is None else p for p in plan])
            kept = not score(problem.program, choice).broken_rules
            assert kept == night.keeps_all(plan), (seed, plan)
            assert kept == all(world.keeps_all(plan) for world in possible), (seed, plan)
            allowed += kept
            refused += not kept
    assert min(allowed, refused) > 100


def test_a_minor_linked_to_six_of_unknown_age_needs_all_that_either_would():
    """A place for minors, a set-up, a home for the six and one for the minor: seven persons."""
    minor = household(person(id="m", age=16, unaccompanied=True), id="MINOR")
    others = household(*(person(id=f"c{k}", age=None) for k in range(6)), id="SIX")
    links = (("MINOR", "SIX"),)
    homes = (Dwelling("large", 6), Dwelling("small", 1))
    for free, fits in ((homes, True), (homes[:1], False), (homes[1:], False), ((), False)):
        place = town(reports_dwellings=Answer.YES, dwellings=free)
        asked = ask("dwellings", [minor, others], place, links=links)
        assert asked.one("fits") == fits
    full = town(ledger=known(decided=100, minors_decided=0))
    assert not ask("minors", [minor, others], full, links=links).one("fits")
    without = town(minors_setup=Answer.UNKNOWN)
    assert not ask("minors_setup", [minor, others], without, links=links).one("allowed")
