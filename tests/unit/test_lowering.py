"""Values of pairs: the same block by block, as small as they fit, and never wrong by size."""

import math
from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher import Policy, Problem, StopCriteria, solve
from matcher.domain.errors import PolicyError
from matcher.domain.reason import Reason
from matcher.policy.rule_types import Term
from matcher.solve.unit_classes import UnitClasses
from tests.random_instances import random_instance
from tests.strategies import nights
from tests.unit.test_metamorphic import EVERYTHING

program = import_module("matcher.problem.program")


class Flat(Term):
    """A term of one value for every pair, or of one a municipality, that no policy knows."""

    id, source = "flat", "made up"

    def __init__(self, points):
        self.made = points

    def points(self, h, m):
        return np.asarray(self.made, dtype=float)

    def reason(self, h, m, i, j):
        return Reason("none")


def with_term(problem, points):
    selection = replace(problem.selection, terms=(*problem.selection.terms, Flat(points)))
    return replace(problem, selection=selection)


@pytest.mark.slow
@given(nights(), st.integers(1, 3))
def test_a_program_lowered_block_by_block_is_the_same_program(night, block):
    """Blocks of one, two or three units against all at once, under every rule and term."""
    whole = Problem.of(night, EVERYTHING).program
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(program, "BLOCK", block)
        other = Problem.of(night, EVERYTHING)
        pieces = other.program
        assert (pieces.allowed == whole.allowed).all() and (pieces.fits == whole.fits).all()
        assert (pieces.pair_values == whole.pair_values).all() and (
            pieces.weight == whole.weight
        ).all()
        for level, terms in whole.terms.items():
            assert all((pieces.terms[level][k] == v).all() for k, v in terms.items())
        found = solve(other, backend="greedy")
    assert found.plan == solve(Problem.of(night, EVERYTHING), backend="greedy").plan


@pytest.mark.parametrize("block", [1, 2, 100])
def test_a_term_of_one_row_or_one_value_counts_for_every_unit(monkeypatch, block):
    """However many units stand in a block, the last one alone as well."""
    monkeypatch.setattr(program, "BLOCK", block)
    problem = Problem.of(random_instance(1, 5, 3, bars=0.2))
    before = problem.program.pair_values
    assert (with_term(problem, [[7.0]]).program.pair_values == before + 7000).all()
    row = np.array([[1.0, 2.0, 4.0]])
    assert (with_term(problem, row).program.pair_values == before + 1000 * row).all()


@pytest.mark.parametrize("points", [2.0e6, 2.2e6, -2.2e6, 1e9])
def test_values_take_four_bytes_where_they_fit_and_eight_where_not(points):
    """Either way every sum is exact, as Python's whole numbers say."""
    problem = with_term(Problem.of(random_instance(1, 6, 3, bars=0.2, twins=2)), [[points]])
    made = problem.program
    assert made.terms[2]["flat"].dtype == (np.int32 if abs(points) < 2.1e6 else np.int64)
    assert made.terms[2]["speed"].dtype == np.int32
    values = [np.broadcast_to(v, made.shape).tolist() for v in made.terms[2].values()]
    units, places = range(made.shape[0]), range(made.shape[1])
    sums = [[sum(v[i][j] for v in values) for j in places] for i in units]
    assert made.pair_values.tolist() == sums


@pytest.mark.parametrize("points", [2.14e6, -2.14e6])
def test_plans_are_the_same_close_to_the_edge_of_four_bytes(points):
    """What a constant adds to every pair adds up and changes nothing else."""
    problem = Problem.of(random_instance(4, 6, 3, bars=0.2, twins=2))
    edge = with_term(problem, [[points]])
    assert edge.program.pair_values.dtype == np.int32
    must = edge.program.feasible_pairs.any(axis=1)
    one, other = UnitClasses.of(problem.program, must), UnitClasses.of(edge.program, must)
    assert one.class_of_unit.tolist() == other.class_of_unit.tolist()
    plain, moved = (
        solve(p, backend="priced", stop=StopCriteria(60, 0)).score for p in (problem, edge)
    )
    placed = np.count_nonzero(solve(edge, backend="priced", stop=StopCriteria(60, 0)).choice >= 0)
    assert moved.weight == plain.weight
    assert moved.value == plain.value + placed * round(1000 * points)


@pytest.mark.parametrize("points", [1e13, -1e13, math.inf, math.nan])
def test_a_value_that_cannot_be_counted_is_refused(points):
    """Beyond 2**53 thousandths, or no number: the term is named, with its value."""
    problem = with_term(Problem.of(random_instance(1, 3, 3)), [[points]])
    with pytest.raises(PolicyError, match=r"'flat' makes a pair worth (1e\+13|inf|nan) points"):
        _ = problem.program


def test_rates_that_fit_no_four_bytes_still_make_a_plan():
    """A thousandth of a person-day a stayer: a million points a day."""
    policy = Policy.default().with_term("speed", person_days_per_stayer=0.001)
    problem = Problem.of(random_instance(3, 5, 3, bars=0.2), policy)
    assert problem.program.pair_values.dtype == np.int64
    best = [
        solve(problem, backend=b, stop=StopCriteria(60, 0)).score.value for b in ("priced", "highs")
    ]
    assert best[0] == best[1]
