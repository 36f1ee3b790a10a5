"""Known answers are the best there is, and the readers of public formats meet bad files well."""

import shutil
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import instances.known
from instances.known import load_known_optima
from instances.public_formats import (
    PublicFormatError,
    read_generalized_assignments,
    read_score_matrix,
)
from matcher.problem.score import score
from matcher.problem.verify.price_bound import price_bound
from matcher.solve import BACKENDS, StopCriteria

ANSWERS = load_known_optima()
SMALL = [a for a in ANSWERS if a.proved_by == "brute force"]
EXACT = ("priced", "highs", "cpsat", "pulp", "scip")
FOLDER = Path(instances.known.__file__).parent


def name(answer):
    return answer.name


@pytest.mark.slow
@pytest.mark.parametrize("answer", SMALL, ids=name)
def test_no_plan_of_a_small_problem_beats_its_answer(answer):
    """Every plan there is gets scored."""
    units, places = answer.program.shape
    plans = np.array(list(product(range(-1, places), repeat=units)))
    scores = (score(answer.program, plan) for plan in plans)
    best = max((s.weight, s.value) for s in scores if not s.broken_rules)
    assert best == (answer.weight, answer.value)


@pytest.mark.slow
@pytest.mark.parametrize("backend", EXACT)
@pytest.mark.parametrize("answer", ANSWERS, ids=name)
def test_every_exact_backend_reaches_every_known_answer_and_proves_it(answer, backend):
    """Both levels, with bounds that leave no room for a whole thousandth."""
    attempt = BACKENDS[backend](answer.program, StopCriteria(120, 0.0), 1, lambda _: None)
    found = score(answer.program, attempt.choice)
    assert not found.broken_rules
    assert (found.weight, found.value) == (answer.weight, answer.value)
    assert attempt.bounds == pytest.approx((answer.weight, answer.value), rel=1e-9, abs=0.5)


@given(st.sampled_from(ANSWERS), st.integers(0, 2**32), st.floats(0, 60), st.floats(0, 0.1))
def test_a_bound_from_any_prices_is_not_below_the_best_plan(answer, seed, scale, placed):
    """Weak duality, on problems whose best plan is known."""
    (resource,) = answer.program.resources
    limited = np.argwhere(resource.limit < 10**9)
    prices = np.random.default_rng(seed).random(len(limited)) * scale
    rows = [
        ("capacity", int(g), int(k), float(p)) for (g, k), p in zip(limited, prices, strict=True)
    ]
    bound = price_bound(answer.program, rows, answer.weight, placed)
    assert bound >= answer.value - 1e-6


def test_all_problems_of_a_file_are_read_and_costs_turn_around():
    """The same numbers as profits and as costs."""
    profits = read_generalized_assignments(FOLDER / "assignment-small.txt", maximise=True)
    costs = read_generalized_assignments(FOLDER / "assignment-small.txt", maximise=False)
    assert [p.shape for p in profits] == [(5, 2), (6, 3), (7, 3)]
    for one, other in zip(profits, costs, strict=True):
        assert (one.pair_values == -other.pair_values).all()


def test_an_assignment_is_read_agent_by_agent(tmp_path):
    """Costs first, then uses, then capacities; a job that an agent has no room for is closed."""
    file = tmp_path / "one.txt"
    file.write_text("1\n2 3\n1 2 3\n4 5 6\n7 8 9\n1 1 1\n8 3\n")
    (program,) = read_generalized_assignments(file, maximise=True)
    assert program.pair_values.tolist() == [[1000, 4000], [2000, 5000], [3000, 6000]]
    assert program.feasible_pairs.tolist() == [[True, True], [True, True], [False, True]]
    assert score(program, np.array([0, 0, 1])).broken_rules
    assert not score(program, np.array([0, 1, 1])).broken_rules


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1\n1 2\n1 x\n", "whole numbers"),
        ("1\n2 2\n1 2\n3 4\n1 1\n1 1\n5\n", "1 numbers are missing"),
        ("1\n1 1\n1\n1\n1\n9\n", "goes on"),
        ("1\n1 1\n1\n-1\n1\n", "-1"),
        ("1\n0 1\n", "0 agents"),
        ("", "ends early"),
    ],
)
def test_a_broken_assignment_file_is_told_with_its_fault(tmp_path, text, said):
    file = tmp_path / "broken.txt"
    file.write_text(text)
    with pytest.raises(PublicFormatError, match=said):
        read_generalized_assignments(file, maximise=True)


def test_an_empty_capacity_is_no_limit_and_a_pair_that_is_not_compatible_is_closed(tmp_path):
    """The mask closes pairs; sizes close those that do not fit alone."""
    (tmp_path / "scores.csv").write_text("unit,A,B\nu,0.5,0.25\nv,1,2\n")
    (tmp_path / "sizes.csv").write_text("unit,persons\nu,3\nv,2\n")
    (tmp_path / "capacities.csv").write_text("place,persons\nA,\nB,2\n")
    assert read_score_matrix(tmp_path).feasible_pairs.tolist() == [[True, False], [True, True]]
    (tmp_path / "compatible.csv").write_text("unit,A,B\nu,1,1\nv,0,1\n")
    program = read_score_matrix(tmp_path)
    assert program.feasible_pairs.tolist() == [[True, False], [False, True]]
    assert program.weight.tolist() == [3000, 2000]
    assert program.pair_values.tolist() == [[500, 250], [1000, 2000]]
    assert read_score_matrix(tmp_path, placed_first=False).weight.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("scores.csv", "0.", "x.", "is no number"),
        ("sizes.csv", "U01", "U99", "U99"),
        ("sizes.csv", "U01,", "U01,0.5,", "row 2 has"),
        ("capacities.csv", "P01,", "P01,-", "from 0"),
        ("compatible.csv", ",1", ",2", "0 and 1"),
        ("compatible.csv", "P01", "P09", "P09"),
    ],
)
def test_a_broken_score_matrix_is_told_with_its_fault(tmp_path, file, old, new, said):
    folder = tmp_path / "matrix"
    shutil.copytree(FOLDER / "scores-small", folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PublicFormatError, match=said):
        read_score_matrix(folder)


@pytest.mark.parametrize("text", ["", "unit\nU01\n"])
def test_a_file_without_columns_is_refused(tmp_path, text):
    (tmp_path / "scores.csv").write_text(text)
    with pytest.raises(PublicFormatError, match="give columns of numbers"):
        read_score_matrix(tmp_path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(PublicFormatError, match=r"scores\.csv is not in"):
        read_score_matrix(tmp_path)
