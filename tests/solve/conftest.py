"""Fixtures that the tests of cuts share."""

from dataclasses import replace

import pytest

from matcher import Problem, StopCriteria
from matcher.solve.construction import build_start_plan
from matcher.solve.params.lp_params import CutParams
from tests.random_instances import random_instance
from tests.solve.level_questions import build_question


@pytest.fixture
def all_cuts() -> CutParams:
    """Every cut is returned, however dense, shallow or alike."""
    return CutParams(max_density=1.0, min_depth=-1e9, max_cosine=2.0)


@pytest.fixture
def dense_cuts() -> CutParams:
    """Cuts may touch all columns, of which small programs have few."""
    return CutParams(max_density=1.0)


@pytest.fixture
def small_level():
    """A function that builds level 2 of a small program, with any limits."""

    def build(**limits):
        program = Problem.of(random_instance(2, 6, 3, bars=0.2)).program
        question = build_question(program, build_start_plan(program), 2)
        return replace(question, stop=StopCriteria(60, 0, **limits))

    return build
