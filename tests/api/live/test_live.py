"""A live ranking is the night's ranking until something happens, and then that of today."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.live.notes import RankingNote
from api.live.snapshot import LiveSnapshot
from instances import Profile, generate
from matcher.domain import Ban, BanReason, Person, Placement, Plan
from matcher.domain.errors import UnknownHouseholdError
from matcher.policy.policy import Policy
from matcher.problem.problem import Problem
from matcher.ranking.explain import explain
from matcher.ranking.price_list import PriceList
from matcher.ranking.rank import rank
from matcher.store import Stamp, decline, import_instance, promise, propose, revise_ledger
from matcher.store.instance_loading import load_instance_at
from matcher.store.instance_projection import InstanceProjection
from tests.api.live.nights import (
    BY,
    TODAY,
    facts,
    imported_night,
    made_up_prices,
    night_of,
    plan_of,
    some_plan,
)
from tests.random_instances import random_instance

EVERYTHING = (
    Policy.default()
    .with_rule("interpreter")
    .with_term("concentration", persons=2)
    .with_term("alone_in_language")
    .with_term("immigrant_share")
)


def standing(store, before=None):
    """What the store says now."""
    with store.read_transaction() as connection:
        return (
            InstanceProjection.load(connection, TODAY)
            if before is None
            else before.catch_up(connection)
        )


def at_rest(instance, night):
    """What is live when nothing has happened since the night."""
    return LiveSnapshot.build(
        InstanceProjection(night.based_on, instance, None), night.problem.policy, night
    )


@pytest.mark.slow
@given(st.integers(0, 10_000), st.sampled_from([Policy.default(), EVERYTHING]))
@settings(max_examples=40, deadline=None)
def test_until_something_happens_it_is_the_ranking_of_the_night(seed, policy):
    """To the last digit, whatever the prices and the plan; explanations as well."""
    instance = random_instance(seed, households=6, municipalities=5, bars=0.4)
    night, prices, choice = night_of(instance, seed, policy)
    live = at_rest(instance, night)
    for household in instance.households:
        told = rank(night.problem, household.id, prices, choice)
        assert facts(live.ranking(household.id)) == facts(told)
        assert live.ranking(household.id).planned_municipality == told.planned_municipality
        now, then = (
            live.explanation(household.id),
            explain(night.problem, household.id, choice, prices),
        )
        assert (now.requirements, now.allowed_count, now.full_count) == (
            then.requirements,
            then.allowed_count,
            then.full_count,
        )


def test_it_is_so_on_the_real_municipalities():
    """A small night on the real map."""
    instance = generate(Profile.read("small"), seed=2)
    night, prices, choice = night_of(instance, 2)
    live = at_rest(instance, night)
    for household in instance.households[::8]:
        told = rank(night.problem, household.id, prices, choice)
        assert facts(live.ranking(household.id)) == facts(told)


@pytest.fixture
def told(store):
    """A random queue in a store, its night, and what is live."""
    instance = random_instance(11, households=6, municipalities=5, bars=0.2, room=3.0)
    night = imported_night(store, instance, 11)
    live = LiveSnapshot.build(standing(store), Policy.default(), night)
    return instance, night, live


def as_if_new(store, night, live):
    """Hold what is live against an instance read and made ready from nothing."""
    problem = Problem.of(load_instance_at(store, TODAY), night.problem.policy)
    prices = night.prices.for_municipalities(problem.municipalities)
    where = {
        **night.remaining_placements(problem.instance),
        **night.proposed_since(problem.instance),
    }
    plan = plan_of(problem, where)
    for household in problem.instance.households:
        expected = rank(problem, household.id, prices, plan)
        assert facts(live.ranking(household.id)) == facts(expected)


@pytest.mark.slow
def test_what_has_happened_since_counts(store, told):
    """A proposal, a promise, a no, a revised ledger, a new queue: each time as if made anew."""
    instance, night, live = told
    names = [h.id for h in instance.households]
    town, other = instance.municipalities[1].number, instance.municipalities[2].number
    revise_ledger(store, town, {"decided": 60, "receive_now": 9, "minors_decided": 9}, BY)
    revise_ledger(store, other, {"decided": 70, "receive_now": None}, BY)
    for name, where in ((names[2], town), (names[3], town), (names[4], other)):
        propose(store, name, where, BY, answer_by=TODAY)
        live = live.advance(standing(store, live.projection))
        as_if_new(store, night, live)
    promise(store, names[2], BY)
    decline(store, names[3], BY)
    live = live.advance(standing(store, live.projection))
    as_if_new(store, night, live)
    fresh = random_instance(12, households=8, municipalities=5, bars=0.2)
    queue = (*instance.households[1:], *fresh.households[6:])
    import_instance(
        store, instance.replace(households=queue, links=()), Stamp(BY.at, "Importer", "import")
    )
    live = live.advance(standing(store, live.projection))
    as_if_new(store, night, live)
    with pytest.raises(UnknownHouseholdError):
        live.ranking(names[2])


def test_where_only_a_ledger_changed_the_nights_own_prices_say_the_same(store):
    """A check that knows nothing of price lists: the arrays of the night on today's problem."""
    instance = random_instance(21, households=6, municipalities=5, bars=0.2, room=0.5)
    night = imported_night(store, instance, 21)
    live = LiveSnapshot.build(standing(store), Policy.default(), night)
    town = instance.municipalities[3]
    revise_ledger(store, town.number, {"settled": town.ledger.settled + 1}, BY)
    live = live.advance(standing(store, live.projection))
    problem = Problem.of(load_instance_at(store, TODAY))
    prices, then = made_up_prices(night.problem, 21), night.problem.resources
    assert [r.limit.shape for r in problem.resources] == [r.limit.shape for r in then]
    choice = some_plan(night.problem, 21)
    for household in instance.households:
        assert facts(live.ranking(household.id)) == facts(
            rank(problem, household.id, prices, choice)
        )


def test_a_plan_stands_until_a_person_decides_otherwise(store, told):
    """Proposed elsewhere: there, with who is linked. Ruled out, pinned elsewhere: nowhere."""
    instance, night, _ = told
    a, b, c = (instance.municipalities[k].number for k in (0, 1, 2))
    queue = [replace(h, bans=(), pinned_to=None) for h in instance.households]
    names = [h.id for h in queue]
    plan = Plan(tuple(Placement(name, a) for name in names))
    then = instance.replace(households=tuple(queue), links=(), earlier_plan=Plan())
    night = replace(night, plan=plan, problem=Problem.of(then))
    queue[1] = replace(queue[1], bans=(Ban(a, BanReason.CASEWORKER),))
    queue[2] = replace(queue[2], pinned_to=b)
    now = then.replace(
        households=tuple(queue),
        links=((names[3], names[4]),),
        earlier_plan=Plan((Placement(names[0], c), Placement(names[3], b))),
    )
    problem = Problem.of(now)
    choice, rows = night.current_choice(problem), problem.households.row_of
    where = {n: int(choice[rows[n]]) for n in names}
    assert [where[names[k]] for k in (0, 1, 2, 3, 4, 5)] == [2, -1, -1, 1, 1, 0]


def test_linked_households_that_would_come_apart_have_no_place(told):
    """Linked since the night, which planned them apart."""
    instance, night, _ = told
    a, b = (instance.municipalities[k].number for k in (0, 1))
    queue = tuple(replace(h, bans=(), pinned_to=None) for h in instance.households)
    names = [h.id for h in queue]
    then = instance.replace(households=queue, links=(), earlier_plan=Plan())
    plan = Plan((Placement(names[0], a), Placement(names[1], b)))
    night = replace(night, plan=plan, problem=Problem.of(then))
    problem = Problem.of(then.replace(links=((names[0], names[1]),)))
    assert night.current_choice(problem)[problem.unit_row(names[0])] == -1


def test_it_says_what_a_ranking_rests_on(store, told):
    """No night, no prices, an old night; a household that is new, or of whom more is known."""
    instance, night, live = told
    first, second = instance.households[0], instance.households[1]
    assert live.notes(first.id) == ()
    more = replace(first, members=(*first.members, Person("X")))
    new = replace(second, id="new", members=(Person("Y"),))
    queue = (more, *instance.households[1:], new)
    import_instance(store, instance.replace(households=queue), Stamp(BY.at, "Importer", "import"))
    live = live.advance(standing(store, live.projection))
    assert live.notes(first.id) == (RankingNote.CHANGED_SINCE,)
    assert live.notes("new") == (RankingNote.LISTED_SINCE, RankingNote.NOTHING_KNOWN)
    assert live.notes(second.id) == ()
    without_night = LiveSnapshot.build(live.projection, Policy.default(), None)
    assert without_night.notes(second.id) == (RankingNote.NO_NIGHT,)
    tomorrow = replace(
        live.projection, instance=live.projection.instance.replace(today=TODAY + timedelta(days=1))
    )
    old = LiveSnapshot.build(tomorrow, Policy.default(), replace(night, prices=None))
    assert old.notes(second.id) == (RankingNote.NO_PRICES, RankingNote.OLD_NIGHT)


def test_without_a_night_it_ranks_without_prices(store, told):
    """The household's own points, and dispersion as if no one were placed yet."""
    instance, _, _ = told
    live = LiveSnapshot.build(standing(store), EVERYTHING, None)
    problem = Problem.of(load_instance_at(store, TODAY), EVERYTHING)
    for household in instance.households:
        assert facts(live.ranking(household.id)) == facts(rank(problem, household.id))
        assert not live.ranking(household.id).priced


def test_prices_are_laid_once_for_the_same_municipalities(store, told):
    """A proposal changes no group of municipalities: the very same prices are used on."""
    instance, _, live = told
    propose(
        store, instance.households[0].id, instance.municipalities[0].number, BY, answer_by=TODAY
    )
    after = live.advance(standing(store, live.projection))
    assert isinstance(after.prices, PriceList) and isinstance(live.prices, PriceList)
    before = {**live.prices.rules, **live.prices.terms}
    for identifier, prices in {**after.prices.rules, **after.prices.terms}.items():
        assert prices is before[identifier], identifier
    assert after.version == live.version + 1
