"""Small cases that can be worked by hand: a day of waiting costs each person one point."""

from typing import Any

import numpy as np

from matcher.domain import Household, Instance, Municipality, Placement, Plan
from matcher.policy.policy import Policy
from matcher.problem.problem import Problem
from matcher.problem.program import UNPLACED, Choice
from matcher.solve.construction import place_in_order
from tests.ledgers import known
from tests.policy.rules.asked import TODAY, household, person, town
from tests.random_instances import random_instance

PLAIN = (
    Policy("plain")
    .with_rule("places_this_year")
    .with_rule("places_now")
    .with_rule("ban")
    .with_term("places_first")
    .with_term("speed", person_days_per_stayer=1000.0)
    .with_term("stability", threshold=5.0)
)
"""Places, bans, a point for each day of each grown person, five for the earlier proposal."""


def adults(name: str, count: int = 1, **facts: Any) -> Household:
    """So many grown persons."""
    members = (person(id=f"{name}-{k}") for k in range(count))
    return household(*members, id=name, **facts)


def place(number: str, places: int, days: int = 0, **facts: Any) -> Municipality:
    """A municipality with so many open places, ready in so many days."""
    ledger = known(decided=places)
    given = {"ledger": ledger, "next_ledger": ledger, "lead_days": days, **facts}
    return town(number, **given)


def night(queue: Any, towns: Any, earlier: Any = (), **facts: Any) -> Instance:
    """A queue and municipalities; earlier proposals as pairs."""
    plan = Plan(tuple(Placement(*pair) for pair in earlier))
    return Instance(TODAY, tuple(queue), tuple(towns), earlier_plan=plan, **facts)


def made(queue: Any, towns: Any, policy: Policy = PLAIN, **facts: Any) -> Problem:
    """The same under a policy, ready."""
    return Problem.of(night(queue, towns, **facts), policy)


def chosen(*rows: int | None) -> Choice:
    """A choice by rows of municipalities, None for unplaced."""
    return np.array([UNPLACED if r is None else r for r in rows], dtype=np.int64)


SHAPES = (
    {"households": 6, "municipalities": 5, "bars": 0.3},
    {"households": 8, "municipalities": 4, "bars": 0.4, "room": 0.6},
    {"households": 5, "municipalities": 6},
)


def random_case(seed: int, policy: Policy | None = None) -> tuple[Problem, Choice]:
    """A random problem with a plan that keeps all rules and leaves some unplaced."""
    problem = Problem.of(random_instance(seed, **SHAPES[seed % len(SHAPES)]), policy)
    random = np.random.default_rng(seed)
    choice = place_in_order(problem.program, random.permutation(len(problem.households)))
    choice[random.random(len(choice)) < 0.2] = UNPLACED
    return problem, choice
