"""The checker counts again from the households: nothing of the tables or of the rules' use."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from matcher import Instance, Problem, solve
from matcher.domain import Answer
from matcher.domain.tables.households import HouseholdTable
from matcher.problem.score import score
from matcher.problem.verify.recount import count_units, list_miscounted, list_overfull
from matcher.problem.verify.verify import verify_plan
from tests.policy.rules.asked import household, person, town
from tests.policy.rules.test_unknown_ages import POLICY, random_night
from tests.random_instances import TODAY, random_instance

MINOR = person(id="m", age=16, unaccompanied=True)
UNKNOWN = person(id="u", age=None)
ADULT = person(id="a", age=40)
CHILD = person(id="c", age=3)


@pytest.mark.parametrize(
    ("members", "children", "minors", "homes"),
    [
        ((ADULT, CHILD), 1, 0, ((2, False),)),
        ((MINOR,), 1, 1, ()),
        ((MINOR, ADULT), 1, 0, ((2, False),)),
        ((MINOR, UNKNOWN), 1, 1, ((2, False),)),
        ((MINOR, CHILD), 2, 1, ((2, False),)),
        ((UNKNOWN, UNKNOWN), 0, 0, ((2, False),)),
        ((replace(MINOR, age=None),), 1, 1, ()),
        ((replace(MINOR, age=19),), 0, 0, ((1, False),)),
    ],
)
def test_what_a_household_consists_of(members, children, minors, homes):
    """Counted by hand: an unknown age is nobody's adult, and never spares a home."""
    instance = random_instance(0).replace(
        households=(household(*members, id="H"),), links=(), probabilities=None
    )
    count = count_units(instance)["H"]
    assert (count.persons, count.children) == (len(members), children)
    assert (count.minors, count.homes) == (minors, homes)


@pytest.mark.parametrize("seed", range(100))
def test_the_recount_is_that_of_the_tables_and_so_is_what_fits(seed):
    """Every plan of a small night: overfull for the recount exactly where a budget is broken."""
    problem = Problem.of(random_night(seed), POLICY)
    assert not list_miscounted(problem)
    for plan in itertools.product((-1, 0, 1), repeat=len(problem.households)):
        choice = np.array(plan)
        broken = {
            (b.rule, problem.municipalities.name[b.group])
            for b in score(problem.program, choice).broken_rules
            if b.group is not None
        }
        recounted = {(e["rule"], e["who"]) for e in list_overfull(problem, choice)}
        assert recounted == broken, plan


@pytest.mark.parametrize("column", ["size", "children", "minors", "homes"])
def test_a_table_that_counts_wrongly_is_found(column):
    """As it was with an unknown age beside a minor: the tables left out the homes."""
    problem = Problem.of(random_instance(4, households=6))
    h = problem.households
    wrong = replace(h, **{column: _changed(h, column)})
    faulty = replace(problem, tables=replace(problem.tables, households=wrong))
    assert list_miscounted(faulty) == [str(h.id[0])]
    plan = problem.to_plan(np.full(len(h), -1))
    codes = {f.code: f.agrees for f in verify_plan(faulty, plan, {}, None).findings}
    assert codes["counts.other"] is False
    assert problem.instance.today == TODAY


def _changed(h: HouseholdTable, column: str):
    if column != "homes":
        values = getattr(h, column).copy()
        values[0] += 1
        return values
    beds = h.homes.beds.copy()
    beds[0] += 1
    return replace(h.homes, beds=beds)


def test_a_minor_linked_to_six_of_unknown_age_where_no_home_is_free_is_not_content():
    """Pinned there and planned there: the rules and the recount both refuse it, and solving too."""
    minor = household(MINOR, id="MINOR", pinned_to="0001")
    six = household(*(replace(UNKNOWN, id=f"c{k}") for k in range(6)), id="SIX", pinned_to="0001")
    place = town(minors_setup=Answer.YES, reports_dwellings=Answer.YES)
    instance = Instance(TODAY, (minor, six), (place,), links=(("MINOR", "SIX"),))
    problem = Problem.of(instance)
    assert solve(problem, backend="greedy").score.placed == 0
    everyone = problem.to_plan(np.zeros(1, dtype=np.int64))
    findings = {f.code: f for f in verify_plan(problem, everyone, {}, None).findings}
    overfull = findings["counts.overfull"]
    assert overfull.facts["broken"] == [{"rule": "dwellings", "who": "Town 0001"}]
    assert {b["rule"] for b in findings["rules.broken"].facts["broken"]} == {"dwellings"}
