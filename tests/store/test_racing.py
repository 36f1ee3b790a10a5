"""Many at the same moment for the last places: as many succeed as there are places."""

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import pytest

from matcher.store import (
    AskedFor,
    ReasonRequiredError,
    Status,
    count_asked_for,
    get_household_state,
    get_municipality_state,
    propose,
)
from tests.store.racing import race, race_alone
from tests.store.small import BY, DAY, imported, proposed, small

RACERS, PLACES = 40, 10


def ready_to_race(store, racers: int = RACERS, places: int = PLACES) -> list[str]:
    """Households proposed to a municipality with room for some of them."""
    imported(store, small(racers, decided=places))
    names = [f"H{k}" for k in range(racers)]
    for name in names:
        proposed(store, name)
    return names


def check(store, names, outcomes, places: int = PLACES) -> None:
    """As many promises as places, the rest told, and the ledger says so."""
    assert sorted(outcomes) == ["no room: 0 open"] * (len(names) - places) + ["promised"] * places
    ledger = get_municipality_state(store, "0301").ledger
    assert (ledger.promised, ledger.open) == (places, 0)
    states = [get_household_state(store, name).status for name in names]
    assert states.count(Status.PROMISED) == places


def test_forty_threads_for_ten_places(store):
    """Ten promises."""
    names = ready_to_race(store)
    with ThreadPoolExecutor(RACERS) as pool:
        outcomes = list(pool.map(lambda name: race(store, name), names))
    check(store, names, outcomes)


def test_two_connections_for_the_last_place(store):
    """One promise, one clear no."""
    names = ready_to_race(store, 2, 1)
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda name: race(store, name), names))
    check(store, names, outcomes, 1)


def test_forty_proposals_at_once_ask_for_no_more_than_ten_places(store):
    """Ten are proposed; the others are told how many places are asked for."""
    imported(store, small(RACERS, decided=PLACES))

    def ask(name: str) -> str:
        try:
            propose(store, name, "0301", BY, answer_by=DAY, asking_share=1.0)
        except ReasonRequiredError as error:
            return "10 are asked for" if "10 are asked for" in str(error) else str(error)
        return "proposed"

    with ThreadPoolExecutor(RACERS) as pool:
        outcomes = list(pool.map(ask, [f"H{k}" for k in range(RACERS)]))
    assert sorted(outcomes) == ["10 are asked for"] * 30 + ["proposed"] * PLACES
    assert count_asked_for(store, DAY) == {"0301": AskedFor(PLACES)}


@pytest.mark.slow
def test_two_processes_for_ten_places(store, store_url):
    """Ten promises."""
    names = ready_to_race(store)
    shares = [tuple(names[k::2]) for k in range(2)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        outcomes = list(pool.map(race_alone, [store_url] * 2, shares))
    check(store, names, [outcome for share in outcomes for outcome in share])
