"""Municipalities over HTTP: their ledgers and homes, and that each sees its own alone."""

from dataclasses import replace

import pytest

from matcher.domain import Answer
from matcher.domain.roles import Role
from tests.api.queue import OSLO, PROPOSALS, fill, new, queue

PATCH, PUT, WEEKS = f"{OSLO}/ledger", f"{OSLO}/dwellings", f"{OSLO}/weeks"
WHY = {"reason": "the council decided"}


@pytest.fixture
def caseworker(app, client_as):
    """A caseworker, with three households in the queue."""
    client = client_as(Role.CASEWORKER)
    fill(app)
    return client


@pytest.fixture
def oslo(client_as):
    """Someone of municipality 0301."""
    return client_as(Role.MUNICIPALITY, municipality="0301")


def test_a_list_tells_ledgers_free_homes_and_proposals(caseworker):
    """By number, a page at a time."""
    caseworker.post(PROPOSALS, json=new())
    first = caseworker.get("/api/v1/municipalities", params={"limit": 1}).json()
    second = caseworker.get("/api/v1/municipalities", params={"after": first["next"]}).json()
    told = [
        (m["number"], m["ledger"]["open"], m["dwellings_free"], m["proposals"])
        for m in first["items"] + second["items"]
    ]
    assert told == [("0301", 10, 2, 1), ("4601", 100, 0, 0)]


def test_what_is_asked_for_stands_beside_what_is_open(caseworker, oslo):
    """In the list and for the municipality itself, until it has answered."""
    caseworker.post(PROPOSALS, json=new())
    caseworker.post(PROPOSALS, json=new("H1"))
    shown = oslo.get(OSLO).json()
    assert (shown["ledger"]["open"], shown["asked_for"], shown["proposals"]) == (10, 4, 2)
    assert shown["minors_asked_for"] == 0
    listed = caseworker.get("/api/v1/municipalities").json()["items"]
    assert [(m["number"], m["asked_for"]) for m in listed] == [("0301", 4), ("4601", 0)]
    oslo.post(f"{PROPOSALS}/H0/accept", json={})
    shown = oslo.get(OSLO).json()
    assert (shown["ledger"]["open"], shown["asked_for"], shown["proposals"]) == (8, 2, 1)


def test_one_is_shown_with_every_number(caseworker):
    """And with the homes that are taken, and by whom."""
    caseworker.post(PROPOSALS, json=new())
    caseworker.post(f"{PROPOSALS}/H0/accept", json={"dwelling": "0301/1"})
    caseworker.post(PROPOSALS, json=new("H1"))
    answer = caseworker.get(OSLO)
    shown = answer.json()
    assert answer.headers["etag"] == f'"{shown["version"]}"'
    assert (shown["ledger"]["promised"], shown["ledger"]["open"]) == (2, 8)
    homes = [(home["id"], home["household"]) for home in shown["dwellings"]]
    assert homes == [("0301/0", None), ("0301/1", "H0")]
    assert (shown["dwellings_free"], shown["proposed"]) == (1, ["H1"])
    assert set(shown["services"].values()) == {"unknown"}


def test_a_decision_below_what_is_promised_stands_and_is_flagged(caseworker, oslo):
    """In the answer, and in the list of alarms."""
    caseworker.post(PROPOSALS, json=new())
    caseworker.post(f"{PROPOSALS}/H0/accept", json={})
    answer = oslo.patch(PATCH, json={**WHY, "decided": 1})
    flag = {"kind": "over-promised", "municipality": "0301", "persons": 1, "household": None}
    assert answer.status_code == 200, answer.text
    assert answer.json()["alarms"] == [flag]
    assert caseworker.get("/api/v1/alarms").json() == [flag]
    assert oslo.patch(PATCH, json={**WHY, "decided": 2}).json()["alarms"] == []


def test_from_whom_a_household_is_protected_is_not_the_municipality_s_to_know(caseworker, oslo):
    """The caseworker has the alarm; its own users see none, neither in the list nor beside it."""
    caseworker.post(PROPOSALS, json=new())
    caseworker.post(f"{PROPOSALS}/H0/accept", json={})
    body = {**WHY, "municipality": "0301", "why": "security"}
    assert caseworker.post("/api/v1/households/H0/ban", json=body).status_code == 200
    flag = {"kind": "protected", "municipality": "0301", "persons": 2, "household": "H0"}
    assert caseworker.get("/api/v1/alarms").json() == [flag]
    assert caseworker.get(OSLO).json()["alarms"] == [flag]
    assert oslo.get("/api/v1/alarms").json() == oslo.get(OSLO).json()["alarms"] == []
    assert oslo.patch(PATCH, json={**WHY, "decided": 20}).json()["alarms"] == []


def test_the_ledger_tells_what_changed_it_when_and_by_whom(caseworker, oslo):
    """Proposals, pins and bans do not; a caseworker's reasons are not the municipality's."""
    caseworker.post("/api/v1/households/H1/ban", json={"reason": "secret", "municipality": "0301"})
    caseworker.post(PROPOSALS, json=new())
    caseworker.post(f"{PROPOSALS}/H0/accept", json={"reason": "by telephone"})
    oslo.patch(PATCH, json={**WHY, "decided": 20})
    told = [
        [(e["kind"], e["actor"], e["reason"], e["facts"]) for e in who.get(PATCH).json()["items"]]
        for who in (caseworker, oslo)
    ]
    ledger = {"promised": 2, "minors_promised": 0}
    assert told[0][1:] == [
        ("promised", "system:caseworker", "by telephone", ledger),
        ("revised", "system:municipality", "the council decided", {"decided": 20}),
    ]
    assert told[1][1:] == [("promised", "system:caseworker", None, ledger), told[0][2]]


def test_a_municipality_sees_nothing_of_another(caseworker, client_as):
    """Not even that it is there."""
    bergen = client_as(Role.MUNICIPALITY, municipality="4601")
    etag = caseworker.get(OSLO).headers["etag"]
    answers = [
        bergen.get(OSLO),
        bergen.get(PATCH),
        bergen.patch(PATCH, json={**WHY, "decided": 1}),
        bergen.put(PUT, json={**WHY, "dwellings": []}, headers={"If-Match": etag}),
        bergen.put(WEEKS, json={**WHY, "weeks": []}, headers={"If-Match": etag}),
    ]
    unknown = bergen.get("/api/v1/municipalities/9999")
    assert [a.status_code for a in answers] == [404] * 5
    assert answers[0].json()["detail"] == unknown.json()["detail"].replace("9999", "0301")
    assert [m["number"] for m in bergen.get("/api/v1/municipalities").json()["items"]] == ["4601"]
    caseworker.patch(PATCH, json={**WHY, "settled": 50})
    assert len(caseworker.get("/api/v1/alarms").json()) == 1
    assert bergen.get("/api/v1/alarms").json() == []


def test_a_municipality_says_its_own_numbers_only(caseworker, oslo):
    """What IMDi asks for, and what the store counts, is not for it to say."""
    for number in ("requested", "settled", "promised", "minors_promised"):
        answer = oslo.patch(PATCH, json={**WHY, number: 1})
        assert (answer.status_code, number in answer.json()["detail"]) == (403, True)
    mine = {"decided": 30, "minors_decided": 1, "extra": 2, "receive_now": None}
    shown = oslo.patch(PATCH, json={**WHY, **mine}).json()["ledger"]
    assert {name: shown[name] for name in mine} == mine


def test_what_is_not_known_is_shown_as_not_known(caseworker):
    """Taken back, a number is null with the reason that nothing is open; never 0."""
    for number in ("decided", "settled", "promised"):
        before = caseworker.get(OSLO).json()["ledger"][number]
        shown = caseworker.patch(PATCH, json={**WHY, number: None}).json()["ledger"]
        missing = "decision" if number == "decided" else number
        assert (shown[number], shown["open"], shown["missing"]) == (None, None, missing)
        caseworker.patch(PATCH, json={**WHY, number: before})
    asked = caseworker.patch(PATCH, json={**WHY, "decided": None, "requested": 0}).json()
    assert asked["ledger"]["missing"] == "not asked"


def test_a_council_says_more_than_a_number(caseworker, oslo):
    """Its day, case and clauses are shown as they are; a clause about family is flagged."""
    said = {
        "decided": 30,
        "decided_on": "2026-11-19",
        "decision_case": "2026/231",
        "extra": 0,
        "new_case": "yes",
        "clauses": "Gjelder ikke enslige menn.",
    }
    shown = oslo.patch(PATCH, json={**WHY, **said}).json()["ledger"]
    assert {name: shown[name] for name in said} == said
    assert shown["clause_topics"] == ["family"]
    assert shown["open"] == 30 - shown["settled"] - shown["promised"]


@pytest.mark.parametrize("numbers", [{}, {"decided": -1}, {"new_case": "perhaps"}, {"dicided": 1}])
def test_numbers_that_cannot_be_are_refused(caseworker, numbers):
    """And the ledger stays."""
    before = caseworker.get(OSLO).text
    answer = caseworker.patch(PATCH, json={**WHY, **numbers})
    assert answer.status_code == 422, answer.text
    assert caseworker.get(OSLO).text == before


def test_homes_are_replaced_by_whoever_looked_at_them(caseworker, oslo):
    """And stay so when files say what they said before."""
    homes = [{"id": "0301/9", "beds": 3, "step_free": "yes", "available_from": "2026-12-01"}]
    body = {"reason": "new lease", "dwellings": homes}
    assert oslo.put(PUT, json=body).status_code == 428
    etag = oslo.get(OSLO).headers["etag"]
    shown = oslo.put(PUT, json=body, headers={"If-Match": etag}).json()["dwellings"]
    assert [{k: v for k, v in home.items() if v is not None} for home in shown] == homes
    assert oslo.put(PUT, json=body, headers={"If-Match": etag}).status_code == 412


def test_homes_that_are_promised_stay_on_the_list_and_names_are_unique(app, caseworker):
    """Each refusal names the home."""
    caseworker.post(PROPOSALS, json=new())
    caseworker.post(f"{PROPOSALS}/H0/accept", json={"dwelling": "0301/1"})

    def put(*names: str, number: str = "0301"):
        homes = [{"id": name, "beds": 2} for name in names]
        return caseworker.put(
            f"/api/v1/municipalities/{number}/dwellings",
            json={**WHY, "dwellings": homes},
            headers={"If-Match": "*"},
        )

    assert (put("0301/0").status_code, "0301/1" in put("0301/0").json()["detail"]) == (409, True)
    assert "there twice" in put("0301/1", "a", "a").json()["detail"]
    assert "another municipality" in put("0301/1", number="4601").json()["detail"]
    assert put("0301/1", "a").status_code == 200
    fill(app, queue())
    assert len(caseworker.get(OSLO).json()["dwellings"]) == 2


def test_a_list_of_homes_is_complete_only_where_that_is_said(app, caseworker):
    """Not because a home was reported; and it stays as it was said until it is said otherwise."""

    def put(complete: bool | None = None):
        body = {**WHY, "dwellings": [{"id": "4601/1", "beds": 2}], "complete": complete}
        path = "/api/v1/municipalities/4601"
        answer = caseworker.put(f"{path}/dwellings", json=body, headers={"If-Match": "*"})
        assert answer.status_code == 200, answer.text
        shown = answer.json()
        return shown["dwellings_complete"], shown["dwellings_free"]

    bergen = replace(queue().municipalities[1], reports_dwellings=Answer.UNKNOWN)
    fill(app, queue().replace(municipalities=(queue().municipalities[0], bergen)))
    told = [put(), put(True), put(), put(False), put()]
    assert told == [("unknown", 1), ("yes", 1), ("yes", 1), ("no", 1), ("no", 1)]


def test_a_plan_by_weeks_is_replaced_by_whoever_looked_at_it(caseworker, oslo):
    """The municipality itself or a caseworker; it is shown by weeks as it was last stated."""
    weeks = [{"week": "2026-W53", "persons": 0}, {"week": "2027-W01", "persons": 4}]
    body = {"reason": "the plan of the winter", "weeks": weeks}
    assert caseworker.get(OSLO).json()["weeks"] == []
    assert oslo.put(WEEKS, json=body).status_code == 428
    etag = oslo.get(OSLO).headers["etag"]
    assert oslo.put(WEEKS, json=body, headers={"If-Match": etag}).json()["weeks"] == weeks
    assert oslo.put(WEEKS, json=body, headers={"If-Match": etag}).status_code == 412
    later = caseworker.put(WEEKS, json={**body, "weeks": []}, headers={"If-Match": "*"})
    assert later.json()["weeks"] == []


@pytest.mark.parametrize(
    "week",
    [
        {"week": "2025-W53", "persons": 1},
        {"week": "2026-12-28", "persons": 1},
        {"week": "2026-W50", "persons": -1},
        {"week": "2026-W50"},
    ],
)
def test_a_week_that_cannot_be_is_refused(caseworker, week):
    """A week that its year does not have, a day instead of a week, no number of persons."""
    body = {**WHY, "weeks": [week]}
    assert caseworker.put(WEEKS, json=body, headers={"If-Match": "*"}).status_code == 422


def test_a_week_stands_once_in_a_plan(caseworker):
    """Two numbers for the same week are not added up or chosen between."""
    body = {**WHY, "weeks": [{"week": "2026-W50", "persons": n} for n in (1, 2)]}
    answer = caseworker.put(WEEKS, json=body, headers={"If-Match": "*"})
    assert (answer.status_code, "2026-W50" in answer.json()["detail"]) == (422, True)
