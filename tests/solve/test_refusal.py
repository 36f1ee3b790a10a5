"""Nothing a backend says is believed: bad plans and bad claims are refused."""

import numpy as np
import pytest

from matcher import Problem, StopCriteria, solve
from matcher.domain.errors import BackendError, RefusedResultError
from matcher.problem.program import UNPLACED
from matcher.problem.score import score
from matcher.solve import BackendResult
from tests.random_instances import random_instance


@pytest.fixture(scope="module")
def problem():
    """An instance with barred pairs, full municipalities and a good plan."""
    return Problem.of(random_instance(1, 6, 3, bars=0.5))


def says(attempt):
    """A backend that answers always the same."""

    def stub(program, stop, seed, progress):
        return attempt

    return stub


def best_choice(problem):
    return solve(problem, backend="highs", stop=StopCriteria(60, 0)).choice


def test_plan_that_breaks_a_pair_rule_is_refused(problem):
    """A unit in a municipality that a rule bars."""
    choice = np.full(problem.program.shape[0], UNPLACED)
    unit, place = np.argwhere(~problem.program.allowed)[0]
    choice[unit] = place
    with pytest.raises(RefusedResultError, match="stub returned a plan that breaks"):
        solve(problem, backend=says(BackendResult(choice)))


def test_plan_that_overruns_a_budget_is_refused():
    """Only allowed pairs, but together more than there is room for."""
    refused = 0
    for seed in range(20):
        problem = Problem.of(random_instance(seed, 8, 2, bars=0.0, room=0.5))
        program = problem.program
        choice = np.where(
            program.feasible_pairs.any(axis=1), program.feasible_pairs.argmax(axis=1), UNPLACED
        )
        broken = score(program, choice).broken_rules
        if broken:
            assert all(b.rule != "pair" for b in broken)
            with pytest.raises(RefusedResultError, match=broken[0].rule):
                solve(problem, backend=says(BackendResult(choice)))
            refused += 1
    assert refused >= 10


@pytest.mark.parametrize("level", [0, 1])
@pytest.mark.parametrize("claim", [1e6, np.inf, np.nan])
def test_claim_of_more_than_the_plan_is_worth_is_refused(problem, level, claim):
    """At either level, a claimed value that recomputation does not reach, or no number."""
    choice = best_choice(problem)
    checked = score(problem.program, choice)
    values = [float(checked.weight), float(checked.value)]
    values[level] += claim
    with pytest.raises(RefusedResultError, match=f"claims .* at level {level + 1}"):
        solve(problem, backend=says(BackendResult(choice, (values[0], values[1]))))


@pytest.mark.parametrize("level", [0, 1])
@pytest.mark.parametrize("bound", [-1e6, -np.inf, np.nan])
def test_bound_below_the_plans_own_worth_is_refused(problem, level, bound):
    """A proof that the plan in hand is impossible proves nothing."""
    choice = best_choice(problem)
    checked = score(problem.program, choice)
    bounds = [float(checked.weight), float(checked.value)]
    bounds[level] += bound
    with pytest.raises(RefusedResultError, match=f"is the most at level {level + 1}"):
        solve(problem, backend=says(BackendResult(choice, bounds=(bounds[0], bounds[1]))))


def test_two_municipalities_for_a_unit_are_refused(problem):
    """A table of zeros and ones with two ones in a row is no choice."""
    both = np.zeros(problem.program.shape, dtype=np.int64)
    both[0, :2] = 1
    with pytest.raises(RefusedResultError, match="no plan at all"):
        solve(problem, backend=says(BackendResult(both)))


@pytest.mark.parametrize("row", [-2, 3, 10**9])
def test_rows_outside_the_municipalities_are_refused(problem, row):
    """A row below unplaced or past the last municipality."""
    choice = np.full(problem.program.shape[0], UNPLACED)
    choice[0] = row
    with pytest.raises(RefusedResultError, match="no plan at all"):
        solve(problem, backend=says(BackendResult(choice)))


def test_fractions_are_refused(problem):
    """Half a placement is none."""
    with pytest.raises(RefusedResultError, match="something else than rows"):
        solve(problem, backend=says(BackendResult(np.full(problem.program.shape[0], 0.5))))


@pytest.mark.parametrize("length", [0, 1, 99])
def test_choice_for_another_queue_is_refused(problem, length):
    """Too few or too many rows."""
    choice = np.full(length, UNPLACED)
    with pytest.raises(RefusedResultError, match="no plan at all"):
        solve(problem, backend=says(BackendResult(choice)))


def test_failing_backend_is_named_with_its_error(problem):
    """What went wrong is told, and who it was."""

    def stub(program, stop, seed, progress):
        raise RuntimeError("out of memory")

    with pytest.raises(BackendError, match="stub failed: out of memory") as caught:
        solve(problem, backend=stub)
    assert isinstance(caught.value.__cause__, RuntimeError)


def test_no_plan_is_an_outcome_of_its_own(problem):
    """Without a choice there is no plan, no score, no level, and the text says so."""
    result = solve(problem, backend=says(BackendResult(None)))
    assert result.outcome == "no plan"
    assert (result.plan, result.score, result.levels) == (None, None, ())
    assert "no plan within the time" in str(result)
    assert len(result.to_frame()) == 0


def test_modest_claims_are_accepted_and_recomputed(problem):
    """A backend that claims nothing gets the recomputed values and no proof."""
    choice = best_choice(problem)
    result = solve(problem, backend=says(BackendResult(choice)))
    assert result.outcome == "unproved"
    assert result.score == score(problem.program, choice)


@pytest.mark.parametrize(
    ("more", "outcome"),
    [((0, 0), "proved"), ((0, 100), "proved"), ((1, 0), "gap"), ((0, 1e9), "gap")],
)
def test_proved_takes_level_1_at_its_optimum_and_level_2_within_the_asked_gap(
    problem, more, outcome
):
    """A level 1 that is only nearly proved proves nothing, however small its gap."""
    choice = best_choice(problem)
    value = score(problem.program, choice)
    bounds = (value.weight + more[0], value.value + more[1])
    backend = says(BackendResult(choice, (value.weight, value.value), bounds))
    result = solve(problem, backend=backend, stop=StopCriteria(60, 0.5))
    assert result.outcome == outcome


def test_unknown_backend_is_named_with_those_there_are(problem):
    """A misspelt name lists the right ones."""
    with pytest.raises(BackendError, match=r"no backend called 'higs'; there are .*highs, cpsat"):
        solve(problem, backend="higs")


@pytest.mark.parametrize(
    ("limit", "value"),
    [("seconds", v) for v in (0, -1, np.nan, np.inf)]
    + [("gap", v) for v in (-0.1, np.nan, np.inf)],
)
def test_impossible_limits_are_refused(limit, value):
    """A time limit is above 0, a gap not below, both are numbers; the refusal names the value."""
    limits = {limit: value}
    with pytest.raises(ValueError, match=f"{limit} must be a number .*, not {value}"):
        StopCriteria(**limits)
