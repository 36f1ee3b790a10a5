"""Years over HTTP: begun by a caseworker, with a ledger of their own, and places of their own."""

import pytest

from matcher.domain.roles import Role
from tests.api.queue import OSLO, PROPOSALS, fill, new

PATCH, YEARS = f"{OSLO}/ledger", "/api/v1/ledger-years"
WHY = {"reason": "the council decided"}


@pytest.fixture
def caseworker(app, client_as):
    """A caseworker, with three households in the queue, in November 2026."""
    client = client_as(Role.CASEWORKER)
    fill(app)
    return client


def years(client) -> dict[int, dict]:
    """The ledgers of the municipality by year."""
    return {ledger["year"]: ledger for ledger in client.get(OSLO).json()["ledgers"]}


def test_a_year_is_begun_in_every_ledger_once(caseworker, client_as):
    """Nobody is settled in it and nothing is decided; its number is registered in it alone."""
    assert list(years(caseworker)) == [2026]
    refused = caseworker.patch(PATCH, json={**WHY, "year": 2027, "decided": 5})
    assert (refused.status_code, "not open" in refused.json()["detail"]) == (422, True)
    begun = caseworker.post(YEARS, json={"reason": "requests are sent", "year": 2027})
    assert begun.json() == {"year": 2027, "begun": 2, "already": 0}
    again = caseworker.post(YEARS, json={"reason": "requests are sent", "year": 2027})
    assert again.json() == {"year": 2027, "begun": 0, "already": 2}
    coming = years(caseworker)[2027]
    assert (coming["decided"], coming["settled"], coming["missing"]) == (None, 0, "decision")
    before = years(caseworker)[2026]
    oslo = client_as(Role.MUNICIPALITY, municipality="0301")
    assert oslo.patch(PATCH, json={**WHY, "year": 2027, "decided": 5}).status_code == 200
    assert years(caseworker) == {2026: before, 2027: {**coming, "decided": 5} | OPEN}
    assert caseworker.get(OSLO).json()["ledger"] == before


OPEN = {"open": 5, "missing": None}


def test_who_moves_in_next_year_takes_a_place_of_next_year(caseworker):
    """When the municipality says the day; settled, it counts in the year of that day."""
    caseworker.post(YEARS, json={"reason": "requests are sent", "year": 2027})
    caseworker.post(PROPOSALS, json=new())
    answer = caseworker.post(f"{PROPOSALS}/H0/accept", json={"move_in": "2027-01-15"})
    assert answer.status_code == 409
    caseworker.patch(PATCH, json={**WHY, "year": 2027, "decided": 5})
    answer = caseworker.post(f"{PROPOSALS}/H0/accept", json={"move_in": "2027-01-15"})
    assert answer.status_code == 200, answer.text
    assert [ledger["promised"] for ledger in years(caseworker).values()] == [0, 2]
    answer = caseworker.post(f"{PROPOSALS}/H0/settle", json={"moved_in": "2026-11-20"})
    assert answer.status_code == 200, answer.text
    assert [ledger["promised"] for ledger in years(caseworker).values()] == [0, 0]
    assert [ledger["settled"] for ledger in years(caseworker).values()] == [2, 0]
    changes = [
        [event["kind"] for event in caseworker.get(PATCH, params={"year": year}).json()["items"]]
        for year in (2026, 2027)
    ]
    assert changes == [["counted", "settled"], ["year begun", "revised", "promised", "settled"]]


def test_only_the_coming_year_can_be_begun(caseworker, client_as):
    """And not by a municipality."""
    for year in (2025, 2026, 2028):
        answer = caseworker.post(YEARS, json={"reason": "a try", "year": year})
        assert (answer.status_code, "cannot be begun" in answer.json()["detail"]) == (422, True)
    oslo = client_as(Role.MUNICIPALITY, municipality="0301")
    assert oslo.post(YEARS, json={"reason": "a try", "year": 2027}).status_code == 403


def test_an_answer_tells_the_places_of_the_year_of_the_move(caseworker):
    """Refused before the year is open, without the changes of another; then that year's places."""
    caseworker.post(PROPOSALS, json=new("H0"))
    january = {**WHY, "move_in": "2027-01-10"}
    refused = caseworker.post(f"{PROPOSALS}/H0/accept", json=january).json()
    assert (refused["year"], refused["open"], refused["changed"]) == (2027, None, [])
    assert "for 2027" in refused["detail"] and "`treffsikker year begin 2027`" in refused["detail"]
    caseworker.post(YEARS, json={**WHY, "year": 2027})
    refused = caseworker.post(f"{PROPOSALS}/H0/accept", json=january).json()
    assert "Register what the municipality has decided" in refused["detail"]
    assert len(refused["changed"]) == 1 and "year begun" in refused["changed"][0]
    caseworker.patch(PATCH, json={**WHY, "year": 2027, "decided": 7})
    accepted = caseworker.post(f"{PROPOSALS}/H0/accept", json=january).json()
    assert (accepted["year"], accepted["open"]) == (2027, 5)
    settled = caseworker.post(f"{PROPOSALS}/H0/settle", json=WHY).json()
    assert (settled["year"], settled["open"]) == (2026, 8)
