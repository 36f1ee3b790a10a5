"""The trace of a proposal says what was shown at that moment."""

import pytest

from api.live.proposal_trace import trace_proposal
from api.live.snapshot_cache import SnapshotCache
from matcher.store import Stamp, import_instance
from tests.api.live.nights import MORNING, TODAY, kept_night
from tests.random_instances import random_instance


@pytest.fixture
def follower(store):
    """A random queue with a complete night."""
    made = random_instance(9, households=7, municipalities=5, bars=0.2, room=0.5)
    import_instance(store, made, Stamp(MORNING, "Importer", "import"))
    kept_night(store, TODAY, MORNING)
    with SnapshotCache(store) as opened:
        yield opened


def test_it_holds_options_prices_policy_and_versions(follower):
    """The options of the ranking; the price is what proposing other than the plan costs."""
    live = follower.snapshot(TODAY)
    household = live.problem.instance.households[2].id
    ranking = live.ranking(household)
    worst = ranking.allowed[-1]
    kept = trace_proposal(live, household, worst.municipality)
    assert kept is not None and kept.run == live.night.run
    assert kept.policy == {"name": "default", "hash": live.problem.policy.hash}
    assert set(kept.versions) == {"treffsikker", "numpy", "pandas"}
    assert kept.stay_model["name"].startswith("Fafo 2025:14") and kept.stay_model["hash"]
    assert kept.priced and kept.considered == len(ranking)
    shown = kept.option(worst.municipality)
    assert shown is not None and shown.net == worst.net and shown.cost == worst.cost
    first = ranking.option(kept.suggested)
    assert kept.points_lost == pytest.approx(first.net - worst.net)


def test_there_is_none_of_what_is_not_known(follower, store):
    """No such household, no such municipality."""
    live = follower.snapshot(TODAY)
    assert trace_proposal(live, "nobody", live.problem.instance.municipalities[0].number) is None
    assert trace_proposal(live, live.problem.instance.households[0].id, "9999") is None


def test_there_is_none_before_the_first_night(store):
    """Nothing is shown that a proposal could be held against."""
    made = random_instance(9, households=4, municipalities=3)
    import_instance(store, made, Stamp(MORNING, "Importer", "import"))
    with SnapshotCache(store) as follower:
        assert trace_proposal(follower.snapshot(TODAY), "H0", made.municipalities[0].number) is None
