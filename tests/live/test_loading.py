"""A night read back from the store ranks as the night itself did."""

import pytest

from matcher.live.live import Live
from matcher.live.loading import UnusableNightError, load_night
from matcher.policy import Policy
from matcher.problem import Problem
from matcher.rank import rank
from matcher.solve import Stop, price, solve
from matcher.store.database import import_instance, revise
from matcher.store.database.following import Standing
from matcher.store.database.planning import instance_at
from matcher.store.database.runs import ask, claim, complete
from tests.live.nights import BY, MORNING, TODAY, facts, kept_night
from tests.random_instances import random_instance


@pytest.fixture
def instance(store):
    """A random queue, taken in, with too few places."""
    made = random_instance(9, households=7, municipalities=5, bars=0.2, room=0.5)
    import_instance(store, made, at=MORNING, actor="Importer")
    return made


def loaded(store, run):
    """The night, read beside the store as it is now."""
    with store.reading() as connection:
        now = Standing.now(connection, TODAY)
    return load_night(store, run, now)


def test_it_ranks_as_the_night_did(store, instance):
    """To the last digit, prices read from text; and so when the store has gone on since."""
    run = kept_night(store, TODAY, MORNING)
    with store.reading() as connection:
        standing = Standing.now(connection, TODAY)
    revise(store, instance.municipalities[0].number, {"decided": 60}, **BY)
    night = loaded(store, run)
    assert (night.run, night.day, night.ended_at) == (run, TODAY, MORNING)
    problem = Problem.of(standing.instance)
    assert night.problem.tables.hash == problem.tables.hash
    result = solve(problem, backend="highs", stop=Stop(20, 0))
    prices = price(problem, result.choice)
    assert any(p.any() for p in prices.resources)
    live = Live.of(standing, Policy.default(), night)
    for household in instance.households:
        expected = rank(problem, household.id, prices, result.choice)
        assert facts(live.ranking(household.id)) == facts(expected)


def test_the_queue_is_the_one_that_the_night_knew(store, instance):
    """What happened after the night began is not in its problem."""
    run = kept_night(store, TODAY, MORNING)
    before = instance_at(store, TODAY)
    revise(store, instance.municipalities[0].number, {"decided": 60}, **BY)
    import_instance(store, instance.replace(households=instance.households[2:], links=()), **BY)
    assert loaded(store, run).problem.instance == before
    assert instance_at(store, TODAY) != before


def test_a_night_that_is_not_whole_is_refused(store, instance):
    """Not complete, or complete without its plan: the error says which, and what to do."""
    run = ask(store, "night", {}, day=TODAY, at=MORNING, asked_by="test").id
    with pytest.raises(UnusableNightError, match="is queued; only a complete one holds"):
        loaded(store, run)
    claim(store, ["night"], worker="w", at=MORNING, stale_before=MORNING, run=run)
    complete(store, run, worker="w", at=MORNING)
    with pytest.raises(UnusableNightError, match="has no result; run the night again"):
        loaded(store, run)
