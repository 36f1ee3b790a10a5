"""Files are taken in whole and once, and what is planned on is what they said."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from instances import Profile, generate
from matcher.domain import (
    Ban,
    BanReason,
    Instance,
    PairProbabilities,
    Placement,
    Plan,
    TravelTime,
)
from matcher.store import (
    EventKind,
    OutOfOrderError,
    Stamp,
    Status,
    UnusableInstanceError,
    UnusableNumberError,
    decline,
    get_household_state,
    get_municipality_state,
    import_instance,
    load_instance_at,
    promise,
    read_household_events,
    revise_ledger,
    withdraw,
)
from tests.store.small import (
    BY,
    DAY,
    household,
    imported,
    later,
    municipality,
    promised,
    proposed,
    small,
)
from tests.strategies import nights


def test_what_is_imported_is_what_is_planned_on(store):
    """A synthetic night comes back equal, and a second time records nothing."""
    instance = generate(Profile.read("small"), seed=1)
    moment = later((instance.today - DAY).days).at
    assert len(import_instance(store, instance, Stamp(moment, "Importer", "import"))) > 100
    assert load_instance_at(store, instance.today) == instance
    assert import_instance(store, instance, Stamp(moment, "Importer", "import")) == []


@pytest.mark.slow
@given(nights())
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_night_is_what_is_planned_on_after_any_other(store, night):
    """Ledgers, links and open proposals included, but not suggestions: a store has its own."""
    imported(store, unlinked(night))
    assert load_instance_at(store, DAY) == unlinked(night).replace(suggestions=Plan())
    assert imported(store, unlinked(night)) == []


def unlinked(night: Instance) -> Instance:
    """A night without links that say nothing."""
    return night.replace(links=tuple(pair for pair in night.links if len(set(pair)) == 2))


def test_everything_else_of_an_instance_comes_back(store):
    """Name, made-up columns, travel times, probabilities, and the order of the queue."""
    pairs = PairProbabilities(np.array(["H0"]), np.array(["0301"]), np.array([0.1 + 0.2]))
    instance = small().replace(
        name="tonight",
        made_up=("members.age",),
        links=(("H2", "H0"),),
        travel_times=(TravelTime("0301", "Ullevål", 12),),
        probabilities=pairs,
        earlier_plan=Plan((Placement("H1", "4601", DAY),)),
    )
    instance = instance.replace(households=instance.households[::-1])
    imported(store, instance)
    back = load_instance_at(store, DAY)
    assert back.replace(probabilities=None) == instance.replace(probabilities=None)
    assert back.probabilities is not None
    assert [c.tolist() for c in columns(back.probabilities)] == [["H0"], ["0301"], [0.1 + 0.2]]


def columns(pairs: PairProbabilities) -> list[np.ndarray]:
    """Columns of stay probabilities."""
    return [pairs.household, pairs.municipality, pairs.probability]


def test_an_import_is_all_or_nothing(store):
    """A fault in the last municipality leaves nothing of the first household."""
    broken = small().replace(
        municipalities=(municipality("0301"), municipality("4601", decided=-1))
    )
    with pytest.raises(UnusableNumberError, match="decided of municipality 4601 is -1"):
        imported(store, broken)
    with pytest.raises(UnusableInstanceError, match="nothing was imported"):
        load_instance_at(store, DAY)
    twice = small().replace(households=(household("H0"), household("H0")))
    with pytest.raises(UnusableInstanceError, match="household H0 is there twice"):
        imported(store, twice)


def test_only_what_is_new_is_recorded(store):
    """One changed household and one changed number are two events."""
    instance = small(decided=5)
    imported(store, instance)
    bigger = (household("H0", 2), *instance.households[1:])
    places = (municipality("0301", homes=2, decided=6), instance.municipalities[1])
    new = imported(store, instance.replace(households=bigger, municipalities=places))
    assert [(e.kind, e.facts) for e in new] == [
        (EventKind.LISTED, {"persons": 2, "minors": 0}),
        (EventKind.COUNTED, {"decided": 6}),
    ]


def test_old_files_do_not_undo_what_has_been_recorded_since(store):
    """A revision, a promise and a withdrawal stand when the same files come again."""
    instance = small(decided=5, promised=1)
    imported(store, instance)
    revise_ledger(store, "0301", {"decided": 9}, BY)
    promised(store, "H0")
    withdraw(store, "H1", BY)
    assert imported(store, instance) == []
    ledger = get_municipality_state(store, "0301").ledger
    assert (ledger.decided, ledger.promised) == (9, 2)
    assert [h.id for h in load_instance_at(store, DAY).households] == ["H2"]


def test_who_is_no_longer_in_the_files_is_withdrawn_until_they_come_back(store):
    """But who is promised stays promised."""
    instance = small(decided=5)
    imported(store, instance)
    promised(store, "H0")
    proposed(store, "H1")
    imported(store, instance.replace(households=instance.households[2:]))
    states = [get_household_state(store, name) for name in ("H0", "H1", "H2")]
    assert [s.status for s in states] == [Status.PROMISED, Status.WITHDRAWN, Status.READY]
    imported(store, instance)
    states = [get_household_state(store, name) for name in ("H0", "H1", "H2")]
    assert [s.status for s in states] == [Status.PROMISED, Status.READY, Status.READY]


def test_what_has_happened_since_is_planned_on(store):
    """Open proposals, a municipality's no, linked households, promised dwellings and places."""
    instance = small(4, decided=5, receive_now=3)
    imported(store, instance)
    promised(store, "H0", dwelling="0301/1")
    imported(store, instance.replace(links=(("H0", "H3"),)))
    proposed(store, "H1", "4601")
    proposed(store, "H2", "4601")
    decline(store, "H2", BY)
    back = load_instance_at(store, DAY)
    assert [h.id for h in back.households] == ["H1", "H2", "H3"]
    assert [h.pinned_to for h in back.households] == [None, None, "0301"]
    assert back.households[1].bans == (Ban("4601", BanReason.REFUSED),)
    assert back.earlier_plan == Plan((Placement("H1", "4601"),))
    oslo = back.municipalities[0]
    assert (oslo.ledger.open, oslo.ledger.receive_now) == (4, 2)
    assert [home.id for home in oslo.dwellings] == ["0301/0"]
    assert back.links == ()


def test_an_earlier_day_is_as_it_was(store):
    """What was recorded afterwards makes no difference to it."""
    instance = small(decided=5)
    imported(store, instance)
    proposed(store, "H0")
    on_monday = load_instance_at(store, DAY)
    promise(store, "H0", later(1))
    revise_ledger(store, "0301", {"decided": 1}, later(2))
    assert load_instance_at(store, DAY) == on_monday
    tuesday, wednesday = (load_instance_at(store, DAY + timedelta(days=n)) for n in (1, 2))
    assert [m.ledger.decided for m in tuesday.municipalities] == [5, 100]
    assert [m.ledger.decided for m in wednesday.municipalities] == [1, 100]
    assert [h.id for h in wednesday.households] == ["H1", "H2"]
    with pytest.raises(UnusableInstanceError, match="nothing was imported by 2024-04-14"):
        load_instance_at(store, DAY - timedelta(days=1))


def test_a_change_before_a_later_one_of_the_same_is_refused(store):
    """Otherwise an earlier day could be one that never was."""
    imported(store, small(decided=5))
    revise_ledger(store, "0301", {"decided": 6}, later(3))
    with pytest.raises(OutOfOrderError, match=r"dated 2024-04-16, but .* on 2024-04-18"):
        revise_ledger(store, "0301", {"decided": 7}, later(1))
    revise_ledger(store, "4601", {"decided": 7}, later(1))


def test_a_household_has_its_history(store):
    """With day, actor and reason, in order."""
    imported(store, small(decided=5))
    promised(store, "H0")
    told = [str(event) for event in read_household_events(store, "H0")]
    assert told == [
        "2024-04-15 listed H0 (persons 1, minors 0) by Importer: import",
        "2024-04-15 proposed H0 (answer_by 2024-04-22) by Caseworker 7: as agreed",
        "2024-04-15 promised H0 (promised 1, minors_promised 0) by Caseworker 7: as agreed",
    ]


def test_a_family_that_grows_is_planned_on_as_it_is(store):
    """The latest content counts, also for a household that was seen before."""
    instance = small()
    imported(store, instance)
    grown = replace(instance.households[0], members=household("H0", 4).members)
    imported(store, instance.replace(households=(grown, *instance.households[1:])))
    assert load_instance_at(store, DAY).households[0].size == 4
