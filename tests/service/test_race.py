"""Two hundred clients of a real process race for fifty places: fifty get one, the rest are told."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from threading import Barrier
from urllib.parse import urlsplit

import pytest

from matcher.store import (
    Stamp,
    Store,
    find_differences,
    get_municipality_state,
    import_instance,
    propose,
)
from matcher.store.service.api_keys import create_key
from tests.service.running import PATIENCE, running
from tests.store.conftest import postgres, sqlite_template, sqlite_url, store_url
from tests.store.small import small

__all__ = ["postgres", "sqlite_template", "sqlite_url", "store_url"]

RACERS, PLACES = 200, 50


def ready_to_race(url: str) -> str:
    """Households proposed to a municipality with room for some of them; a caseworker's key."""
    now = datetime.now(UTC)
    by, queue = Stamp(now, "Caseworker 7", "as agreed"), small(RACERS, decided=PLACES)
    # Who can come today takes a place of this year, on whichever day the race is run.
    towns = tuple(replace(m, lead_days=0) for m in queue.municipalities)
    with Store.open(url) as store, store.unit_of_work():
        import_instance(store, queue.replace(today=now.date(), municipalities=towns), by)
        for k in range(RACERS):
            propose(store, f"H{k}", "0301", by, answer_by=now.date() + timedelta(days=7))
        key, _ = create_key(
            store,
            "racer",
            ["caseworker"],
            at=now,
            expires_at=now + timedelta(days=1),
            made_by="test",
        )
    return key


def accept(address: str, key: str, household: str, start: Barrier) -> tuple[int, dict]:
    """One client with a connection of its own, that waits for all the others."""
    connection = HTTPConnection(address, timeout=PATIENCE)
    connection.connect()
    start.wait(PATIENCE)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    connection.request("POST", f"/api/v1/proposals/{household}/accept", b"{}", headers)
    answer = connection.getresponse()
    found = answer.status, json.loads(answer.read())
    connection.close()
    return found


@pytest.mark.slow
def test_as_many_promises_as_places(store_url, tmp_path):
    """Each of the others is told what is open and what changed; the ledger balances."""
    key, start = ready_to_race(store_url), Barrier(RACERS)
    often = "1000000/minute"
    with running(
        tmp_path, "serve", "--port", "0", database=store_url, rate_limit=often, login_limit=often
    ) as service:
        address = urlsplit(service.url).netloc
        with ThreadPoolExecutor(RACERS) as pool:
            racers = [pool.submit(accept, address, key, f"H{k}", start) for k in range(RACERS)]
            answers = [racer.result() for racer in racers]
    assert Counter(status for status, _ in answers) == {200: PLACES, 409: RACERS - PLACES}
    losers = [problem for status, problem in answers if status == 409]
    winners = {told["proposals"][0]["household"] for status, told in answers if status == 200}
    for problem in losers:
        assert (problem["type"], problem["open"], problem["needed"]) == ("/problems/no-room", 0, 1)
        assert any(f"promised {name} " in problem["changed"][0] for name in winners)
    with Store.open(store_url) as store:
        ledger = get_municipality_state(store, "0301").ledger
        assert (ledger.promised, ledger.open) == (PLACES, 0)
        assert find_differences(store) == []
