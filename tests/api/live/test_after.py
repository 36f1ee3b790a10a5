"""A problem that follows changes is the problem of the instance as it is now."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.live.problem_update import update_problem
from instances import Profile, generate
from matcher.domain import Answer, Instance, Placement, Plan
from matcher.policy.policy import Policy
from matcher.problem.problem import Problem
from matcher.ranking.rank import rank
from tests.api.live.nights import facts
from tests.random_instances import random_instance

EVERYTHING = (
    Policy.default()
    .with_rule("interpreter")
    .with_term("concentration", persons=2)
    .with_term("alone_in_language")
    .with_term("immigrant_share")
)


def same(one: Problem, other: Problem) -> None:
    """Every household is ranked alike, with and without a plan."""
    ids = [str(unit) for unit in one.households.id]
    assert ids == [str(unit) for unit in other.households.id]
    assert one.municipalities.number.tolist() == other.municipalities.number.tolist()
    for unit in ids:
        first = unit.split("+")[0]
        assert facts(rank(one, first)) == facts(rank(other, first))


def mixed(one: Instance, other: Instance, picks: list[bool]) -> Instance:
    """The first queue with some households as the other has them, and some of its ledgers."""
    swap = dict(zip((h.id for h in other.households), picks, strict=False))
    theirs = {h.id: h for h in other.households}
    queue = tuple(
        theirs[h.id] if swap.get(h.id, False) and h.id in theirs else h for h in one.households
    )
    ids = {h.id for h in queue}
    return one.replace(
        households=queue + tuple(h for h in other.households if h.id not in ids),
        links=tuple(pair for pair in other.links if set(pair) <= ids),
        earlier_plan=other.earlier_plan,
    )


steps = st.lists(
    st.tuples(
        st.integers(0, 10_000),
        st.lists(st.booleans(), min_size=6, max_size=6),
        st.sampled_from(["queue", "leave", "ledgers", "homes", "described", "everything", "day"]),
    ),
    min_size=1,
    max_size=4,
)


def changed_by(now: Instance, step) -> Instance:
    """The instance after one step."""
    seed, picks, kind = step
    other = random_instance(seed, households=6, municipalities=4)
    if kind == "queue":
        return mixed(now, other, picks)
    if kind == "leave":
        kept = tuple(h for h, out in zip(now.households, picks, strict=False) if not out)
        ids = {h.id for h in kept}
        links = tuple(pair for pair in now.links if set(pair) <= ids)
        return now.replace(households=kept, links=links)
    if kind == "everything":
        return other
    if kind == "day":
        return now.replace(today=now.today + timedelta(days=1 + seed % 30))
    return now.replace(municipalities=places(now, other, picks, kind))


def places(now, other, picks, kind):
    """Some municipalities with another's ledger or homes, or another altogether."""
    fields = {"ledgers": ("ledger",), "homes": ("dwellings", "reports_dwellings")}.get(
        kind, ("ledger", "dwellings", "lar", "communities", "interpreter_languages", "centrality")
    )
    return tuple(
        replace(m, **{f: getattr(o, f) for f in fields}) if pick else m
        for m, o, pick in zip(now.municipalities, other.municipalities, picks, strict=False)
    )


@pytest.mark.slow
@given(st.integers(0, 10_000), steps)
@settings(max_examples=25, deadline=None)
def test_it_is_the_problem_of_the_instance_now(seed, history):
    """Whatever changes, in whatever order: each time the same as made from nothing."""
    instance = random_instance(seed, households=6, municipalities=4)
    problem = Problem.of(instance, EVERYTHING)
    for step in history:
        instance = changed_by(instance, step)
        problem = update_problem(problem, instance)
        same(problem, Problem.of(instance, EVERYTHING))


def test_columns_are_used_again_where_nothing_changed():
    """A ledger that changes leaves the households' columns; a new household the municipalities'."""
    problem = Problem.of(random_instance(3, households=6, municipalities=4))
    instance = problem.instance
    first = instance.municipalities[0]
    ledger = replace(first.ledger, decided=first.ledger.decided + 5)
    towns = (replace(first, ledger=ledger), *instance.municipalities[1:])
    after = update_problem(problem, instance.replace(municipalities=towns))
    assert after.households is problem.households
    assert after.municipalities.hospital_minutes is problem.municipalities.hospital_minutes
    assert after.municipalities.decided[0] == ledger.decided
    fewer = update_problem(problem, instance.replace(households=instance.households[2:], links=()))
    assert fewer.municipalities is problem.municipalities


def test_a_new_word_is_understood():
    """A household with a language, an occupation and a hospital that no one has named before."""
    problem = Problem.of(random_instance(5, households=6, municipalities=4), EVERYTHING)
    h = problem.instance.households[0]
    person = replace(
        h.members[0],
        languages=("aaa", "zzz"),
        interpreter=Answer.YES,
        occupation="9",
        hospital=Answer.YES,
        hospital_name="Another hospital",
    )
    queue = (*problem.instance.households[1:], replace(h, id="new", members=(person,)))
    instance = problem.instance.replace(households=queue, links=())
    same(update_problem(problem, instance), Problem.of(instance, EVERYTHING))


def test_real_municipalities_and_a_proposal():
    """On the real map: one household proposed, one gone, one municipality fuller."""
    instance = generate(Profile.read("small"), seed=1)
    problem = Problem.of(instance)
    placed = Placement(instance.households[4].id, instance.municipalities[9].number)
    towns = list(instance.municipalities)
    towns[9] = replace(towns[9], ledger=replace(towns[9].ledger, receive_now=1))
    gone = instance.households[7].id
    now = instance.replace(
        households=tuple(h for h in instance.households if h.id != gone),
        municipalities=tuple(towns),
        links=tuple(pair for pair in instance.links if gone not in pair),
        earlier_plan=Plan((placed,)),
    )
    after, fresh = update_problem(problem, now), Problem.of(now)
    for household in (now.households[k].id for k in (0, 4, 6, 20)):
        assert facts(rank(after, household)) == facts(rank(fresh, household))
