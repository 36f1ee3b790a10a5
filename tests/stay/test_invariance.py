"""Who someone is decides nothing: another sex, origin or ground leaves everything as it was."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import Policy, Problem, StopCriteria, solve
from matcher.domain import Household, ImmigrationGround, Instance, Sex
from matcher.policy.policy import list_policy_names
from matcher.ranking.rank import rank
from tests.strategies import ORIGINS, nights
from tests.unit.test_metamorphic import assert_same

policies = st.sampled_from([Policy.named(name) for name in list_policy_names()])


@st.composite
def nights_with_someone_else(draw: st.DrawFn) -> tuple[Instance, Instance]:
    """A night, and the same with another sex, origin and ground for each of some persons."""
    night = draw(nights(most=4))
    other = st.fixed_dictionaries(
        {
            "sex": st.sampled_from(Sex),
            "origin": st.sampled_from((*ORIGINS, "Iran", "Elsewhere")),
            "ground": st.sampled_from(ImmigrationGround),
        }
    )

    def someone_else(household: Household) -> Household:
        members = (replace(p, **draw(other)) for p in household.members)
        return replace(household, members=tuple(members))

    return night, night.replace(households=tuple(map(someone_else, night.households)))


@pytest.mark.slow
@given(nights_with_someone_else(), policies)
def test_no_number_of_the_program_changes(pair, policy):
    """Every array that a solver, a score or a ranking starts from is the same to the bit."""
    assert_same(*(Problem.of(night, policy) for night in pair))


@pytest.mark.slow
@settings(max_examples=40)
@given(nights_with_someone_else(), policies)
def test_no_ranking_changes(pair, policy):
    """Order, points, their parts and own ranks of every municipality for every household."""
    one, other = (Problem.of(night, policy) for night in pair)
    for household in pair[0].households:
        assert ranked(one, household.id) == ranked(other, household.id)


def ranked(problem: Problem, household: str) -> list[tuple]:
    """All that a ranking says, the probability aside, which is of the persons and is only shown."""
    return [
        (o.municipality, o.rank, o.own_rank, o.points, o.net, o.by_term, o.dispersion)
        for o in rank(problem, household)
    ]


@pytest.mark.slow
@settings(max_examples=25)
@given(nights_with_someone_else(), policies)
def test_no_plan_changes(pair, policy):
    """The same households in the same municipalities, at the same values."""
    one, other = (
        solve(Problem.of(night, policy), backend="highs", stop=StopCriteria(60, 0), seed=1)
        for night in pair
    )
    assert one.plan == other.plan
    assert (one.score.weight, one.score.value) == (other.score.weight, other.score.value)
    assert dict(one.score.terms) == dict(other.score.terms)
