"""A night read back from the store ranks as the night itself did."""

import pytest

from api.live.night_loader import UnusableNightError, load_night
from api.live.snapshot import LiveSnapshot
from matcher.policy.policy import Policy
from matcher.problem.problem import Problem
from matcher.ranking.rank import rank
from matcher.solve import StopCriteria, price_places, solve
from matcher.store import Stamp, import_instance, revise_ledger
from matcher.store.instance_loading import load_instance_at
from matcher.store.instance_projection import InstanceProjection
from matcher.store.runs import claim_run, complete_run, enqueue_run
from tests.api.live.nights import BY, MORNING, TODAY, facts, kept_night
from tests.random_instances import random_instance


@pytest.fixture
def instance(store):
    """A random queue, taken in, with too few places."""
    made = random_instance(9, households=7, municipalities=5, bars=0.2, room=0.5)
    import_instance(store, made, Stamp(MORNING, "Importer", "import"))
    return made


def loaded(store, run):
    """The night, read beside the store as it is now."""
    with store.read_transaction() as connection:
        now = InstanceProjection.load(connection, TODAY)
    return load_night(store, run, now)


@pytest.mark.slow
def test_it_ranks_as_the_night_did(store, instance):
    """To the last digit, prices read from text; and so when the store has gone on since."""
    run = kept_night(store, TODAY, MORNING)
    with store.read_transaction() as connection:
        standing = InstanceProjection.load(connection, TODAY)
    revise_ledger(store, instance.municipalities[0].number, {"decided": 60}, BY)
    night = loaded(store, run)
    assert (night.run, night.day, night.ended_at) == (run, TODAY, MORNING)
    problem = Problem.of(standing.instance)
    assert night.problem.tables.hash == problem.tables.hash
    result = solve(problem, backend="highs", stop=StopCriteria(20, 0))
    prices = price_places(problem, result.choice)
    assert any(p.any() for p in prices.resources)
    live = LiveSnapshot.build(standing, Policy.default(), night)
    for household in instance.households:
        expected = rank(problem, household.id, prices, result.choice)
        assert facts(live.ranking(household.id)) == facts(expected)


def test_the_queue_is_the_one_that_the_night_knew(store, instance):
    """What happened after the night began is not in its problem."""
    run = kept_night(store, TODAY, MORNING)
    before = load_instance_at(store, TODAY)
    revise_ledger(store, instance.municipalities[0].number, {"decided": 60}, BY)
    import_instance(store, instance.replace(households=instance.households[2:], links=()), BY)
    assert loaded(store, run).problem.instance == before
    assert load_instance_at(store, TODAY) != before


def test_a_night_that_is_not_whole_is_refused(store, instance):
    """Not complete, or complete without its plan: the error says which, and what to do."""
    run = enqueue_run(store, "night", {}, day=TODAY, at=MORNING, asked_by="test").id
    with pytest.raises(UnusableNightError, match="is queued; only a complete one holds"):
        loaded(store, run)
    claim_run(store, ["night"], worker="w", at=MORNING, stalled_before=MORNING, run=run)
    complete_run(store, run, worker="w", at=MORNING)
    with pytest.raises(UnusableNightError, match="has no result; run the night again"):
        loaded(store, run)
