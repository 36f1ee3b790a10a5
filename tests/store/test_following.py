"""The instance that is followed is the one that planning would read."""

import shutil
from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.domain import Placement, Plan, TravelTime
from matcher.store import ChangeError, Store, UnusableInstanceError, load_instance_at
from matcher.store.instance_projection import InstanceProjection
from tests.store.small import imported, promised, small
from tests.store.test_any_history import NAMES, NUMBERS, attempt, happenings, queue

DAY = date(2024, 4, 15)


def standing(store, before=None):
    """What the store says now, read anew or followed."""
    with store.read_transaction() as connection:
        return (
            InstanceProjection.load(connection, DAY)
            if before is None
            else before.catch_up(connection)
        )


@pytest.mark.slow
@given(st.lists(happenings, max_size=25), st.integers(1, 4))
@settings(max_examples=40, deadline=None)
def test_it_is_the_instance_that_planning_reads(sqlite_template, history, stride):
    """After any history, followed at every change or only now and then; and read back later."""
    with TemporaryDirectory() as folder:
        shutil.copy(sqlite_template, Path(folder) / "store.db")
        with Store.open(f"sqlite:///{folder}/store.db") as store:
            imported(store, queue(NAMES, 9))
            now, known = standing(store), {}
            for number, (what, subject, more) in enumerate(history):
                with suppress(ChangeError):
                    attempt(store, what, subject, more)
                if number % stride == 0:
                    now = standing(store, now)
                    assert now.instance == load_instance_at(store, DAY)
                    known[now.version] = now.instance
            for version, instance in known.items():
                assert load_instance_at(store, DAY, last_event=version) == instance
                with store.read_transaction() as connection:
                    assert now.rewind(connection, version).instance == instance


def test_links_earlier_plan_and_travel_times_are_followed(store):
    """What an import says of the whole instance; who is linked to a promised one is pinned."""
    instance = small(3, decided=9)
    imported(store, instance)
    now = standing(store)
    promised(store, "H0", dwelling="0301/1")
    now = standing(store, now)
    assert now.instance == load_instance_at(store, DAY)
    imported(store, instance.replace(links=(("H0", "H1"),)))
    now = standing(store, now)
    assert now.instance == load_instance_at(store, DAY)
    assert now.instance.households[0].pinned_to == "0301"
    travel = (TravelTime("0301", "Ullevål", 10),)
    plan = Plan((Placement("H2", "4601"),))
    imported(store, instance.replace(travel_times=travel, earlier_plan=plan))
    now = standing(store, now)
    assert now.instance == load_instance_at(store, DAY)
    assert now.instance.travel_times == travel and now.instance.households[0].pinned_to is None


def test_what_is_the_same_is_the_very_same(store):
    """Nothing new: itself. A proposal: the households as they were, and only the plan is new."""
    imported(store, small(3, decided=9))
    first = standing(store)
    assert standing(store, first) is first
    attempt(store, "propose", "H1", "0301")
    second = standing(store, first)
    assert second.instance.households is first.instance.households
    assert second.instance.municipalities is first.instance.municipalities
    assert second.instance.earlier_plan == Plan((Placement("H1", "0301"),))
    attempt(store, "promise", "H1", None)
    third = standing(store, second)
    assert third.instance.households[0] is first.instance.households[0]
    assert third.instance.municipalities[1] is first.instance.municipalities[1]
    assert third.instance.municipalities[0].ledger.promised == 1


def test_an_empty_store_has_no_instance(store):
    """The error says what to do."""
    with pytest.raises(UnusableInstanceError, match="import a queue first"):
        standing(store)


def test_a_household_comes_back(store):
    """Withdrawn by one import and listed by the next, with more members."""
    imported(store, small(3, decided=9))
    now = standing(store)
    imported(store, small(2, decided=9))
    now = standing(store, now)
    assert [h.id for h in now.instance.households] == ["H0", "H1"]
    imported(store, small(3, persons=2, decided=9))
    now = standing(store, now)
    assert now.instance == load_instance_at(store, DAY)
    assert [h.size for h in now.instance.households] == [2, 2, 2]
    assert tuple(m.number for m in now.instance.municipalities) == NUMBERS
