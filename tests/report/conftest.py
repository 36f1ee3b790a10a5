"""A solved night that most reports here are about."""

from dataclasses import replace

import pytest

from matcher.domain import Plan
from matcher.policy.policy import Policy
from matcher.problem.problem import Problem
from matcher.solve import Result, solve
from tests.random_instances import random_instance

Night = tuple[Problem, Result]


def night(
    seed: int = 5, households: int = 40, municipalities: int = 6, policy: Policy | None = None
) -> Night:
    """Solve a random night."""
    problem = Problem.of(random_instance(seed, households, municipalities), policy)
    return problem, solve(problem, backend="greedy")


@pytest.fixture(scope="session")
def solved() -> Night:
    """A night in which some are placed and some are not."""
    return night()


@pytest.fixture
def without_plan(solved: Night) -> Night:
    """The same night when time ran out."""
    problem, result = solved
    return problem, replace(result, plan=None, choice=None, score=None, levels=())


@pytest.fixture
def empty_queue(solved: Night) -> Night:
    """The same night with no one in the queue."""
    nobody = solved[0].instance.replace(households=(), links=(), earlier_plan=Plan())
    problem = Problem.of(nobody)
    return problem, solve(problem, backend="greedy")
