"""Every exact backend against every plan there is, valued by the independent evaluator."""

from typing import Any

import pytest

from matcher import Policy, Problem, StopCriteria, solve
from tests.independent import Night
from tests.random_instances import random_instance

pytestmark = pytest.mark.slow
EXACT = ("priced", "highs", "cpsat", "pulp", "scip")
BLOCKS = [range(first, first + 10) for first in range(0, 50, 10)]
KINDS: dict[str, dict[str, Any]] = {
    "as they come": {"households": 5, "municipalities": 3},
    "few bars": {"households": 6, "municipalities": 4, "bars": 0.3},
    "few places": {"households": 6, "municipalities": 3, "bars": 0.2, "room": 0.5},
    "one place": {"households": 7, "municipalities": 1, "bars": 0.3},
    "one household": {"households": 1, "municipalities": 4},
    "ten households": {"households": 10, "municipalities": 2, "bars": 0.3},
    "twins": {"households": 2, "municipalities": 3, "bars": 0.2, "room": 0.7, "twins": 3},
}
POLICIES = {
    "default": Policy.default(),
    "stay-first": Policy.named("stay-first"),
    "everything on": Policy.named("speed-first")
    .with_rule("interpreter")
    .with_term("concentration", per_cent=1.0, persons=3, stayers_per_person=0.05)
    .with_term("alone_in_language", persons=5, stayers_per_person=0.03)
    .with_term("immigrant_share", per_cent=20.0, stayers_per_person=0.05)
    .with_term("fair_shares", large=3)
    .with_term("language_community", size=0.08, persons=50)
    .with_term("wishes", stayers_per_wish=0.07, owner="the test")
    .with_rule("places_asked_for", share=1.25),
}
CASES = [
    *((kind, "default", block) for kind in KINDS for block in BLOCKS if kind != "ten households"),
    ("ten households", "default", range(3)),
    ("few bars", "stay-first", BLOCKS[0]),
    ("twins", "everything on", BLOCKS[0]),
    *(("few bars", "everything on", block) for block in BLOCKS[:3]),
    *(("few places", "everything on", block) for block in BLOCKS[:2]),
]


@pytest.mark.parametrize(
    ("kind", "policy", "seeds"), CASES, ids=[f"{k}-{p}-{b.start}" for k, p, b in CASES]
)
def test_every_exact_backend_reaches_the_best_of_all_plans(kind, policy, seeds):
    """Both levels equal the exhaustive optimum to the thousandth, and the bound says so."""
    for seed in seeds:
        instance = random_instance(seed, **KINDS[kind])
        problem = Problem.of(instance, POLICIES[policy])
        night = Night(instance, POLICIES[policy])
        best = night.best()
        for backend in EXACT:
            result = solve(problem, backend=backend, stop=StopCriteria(60, 0))
            assert (result.score.weight, result.score.value) == best, (seed, backend)
            assert result.levels[1].bound * 1000 >= best[1] - 1, (seed, backend)
            assert result.outcome == "proved", (seed, backend)
            plan = places_of(result.choice)
            assert night.keeps_all(plan), (seed, backend)
            assert night.points(plan) == dict(result.score.terms), (seed, backend)


def places_of(choice):
    """A choice in the independent evaluator's words."""
    return [None if row < 0 else int(row) for row in choice]


def test_the_instances_are_worth_solving():
    """Level 1 binds in a good part of them: not all that could be placed alone fit together."""
    binding = 0
    for seed in range(50):
        instance = random_instance(seed, **KINDS["few places"])
        night = Night(instance, POLICIES["default"])
        alone = sum(
            weight
            for u, weight in enumerate(night.weights)
            if any(night.allowed(u, p) and night.fits([u], p) for p in range(3))
        )
        binding += night.best()[0] < alone
    assert binding >= 15
