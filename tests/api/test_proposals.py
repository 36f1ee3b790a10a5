"""Proposals over HTTP: made, answered, lapsed, settled; who may; what is kept to be shown again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from matcher.domain import Ban, BanReason
from matcher.domain.roles import Role
from matcher.store import read_household_events
from tests.api.conftest import NOON
from tests.api.queue import OSLO, PROPOSALS, described, fill, new, queue

WHY = {"reason": "as agreed"}
LAPSE = f"{PROPOSALS}/lapse"
TOMORROW = NOON + timedelta(hours=23)


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


def step(client, household: str, what: str, **body: object):
    """Something that happens to a proposal."""
    return client.post(f"{PROPOSALS}/{household}/{what}", json=body)


def test_the_way_from_proposal_to_settled(caseworker, oslo):
    """The municipality answers and settles; places are taken by its yes."""
    made = caseworker.post(PROPOSALS, json=new())
    assert made.status_code == 201, made.text
    proposal = made.json()["proposals"][0]
    assert (proposal["status"], proposal["answer_by"]) == ("proposed", "2026-11-29")
    assert oslo.get(OSLO).json()["ledger"]["open"] == 10
    yes = step(oslo, "H0", "accept", dwelling="0301/0").json()
    assert (yes["proposals"][0]["status"], yes["proposals"][0]["dwelling"]) == (
        "promised",
        "0301/0",
    )
    assert oslo.get(OSLO).json()["ledger"]["open"] == 8
    settled = step(oslo, "H0", "settle")
    assert settled.json()["proposals"][0]["status"] == "settled"
    assert settled.headers["etag"] == f'"{settled.json()["version"]}"'
    ledger = oslo.get(OSLO).json()["ledger"]
    assert (ledger["settled"], ledger["promised"], ledger["open"]) == (2, 0, 8)


def test_a_no_is_remembered_and_silence_is_not(caseworker, oslo):
    """After a no the household is not proposed there again, until the no is lifted."""
    caseworker.post(PROPOSALS, json=new())
    step(oslo, "H0", "decline", reason="no school place")
    again = caseworker.post(PROPOSALS, json=new(reason="please"))
    assert (again.status_code, again.json()["type"]) == (409, "/problems/wrong-status")
    lifted = {**WHY, "municipality": "0301", "why": "refused"}
    assert caseworker.post("/api/v1/households/H0/unban", json=lifted).status_code == 200
    assert caseworker.post(PROPOSALS, json=new()).status_code == 201
    step(caseworker, "H0", "lapse")
    assert caseworker.post(PROPOSALS, json=new()).status_code == 201


def test_no_room_tells_what_is_open_and_what_changed(app, client_as):
    """So that another municipality can be found."""
    caseworker = client_as(Role.CASEWORKER)
    fill(app, queue(decided=3))
    for name in ("H0", "H1"):
        caseworker.post(PROPOSALS, json=new(name, **WHY))
    assert step(caseworker, "H0", "accept").status_code == 200
    answer = step(caseworker, "H1", "accept")
    told = answer.json()
    assert (answer.status_code, told["type"]) == (409, "/problems/no-room")
    assert (told["municipality"], told["needed"], told["open"]) == ("0301", 2, 1)
    assert "promised H0 (promised 2, minors_promised 0)" in told["changed"][0]
    assert told["year"] == 2026 and "for 2026" in told["detail"]


def test_over_asking_needs_a_reason_and_is_answered_with_a_warning(app, client_as):
    """Five places: two and two are asked for; the next two only with a reason."""
    caseworker = client_as(Role.CASEWORKER)
    fill(app, queue(decided=5))
    for name, asked in (("H0", 2), ("H1", 4)):
        made = caseworker.post(PROPOSALS, json=new(name)).json()
        assert (made["municipality"], made["open"], made["asked_for"]) == ("0301", 5, asked)
        assert made["warning"] is None
    refused = caseworker.post(PROPOSALS, json=new("H2"))
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/reason-needed")
    assert refused.json()["overridden"] == ["places_asked_for"]
    assert "5 open places, 4 are asked for others already" in refused.json()["detail"]
    made = caseworker.post(PROPOSALS, json=new("H2", **WHY)).json()
    assert (made["open"], made["asked_for"]) == (5, 6)
    assert made["warning"] == {
        "nb": "Place 0301 har 5 ledige plasser i 2026, og det er nå spurt om 6:"
        " ikke alle kan få ja.",
        "en": "Place 0301 has 5 open places in 2026, and 6 are now asked for:"
        " not all can get a yes.",
    }
    assert made["events"][0]["facts"]["overrides"] == ["places_asked_for"]
    yes = step(caseworker, "H0", "accept").json()
    assert (yes["open"], yes["asked_for"]) == (3, 4) and yes["warning"] is not None
    no = step(caseworker, "H1", "decline", reason="full").json()
    assert (no["open"], no["asked_for"], no["warning"]) == (3, 2, None)


def test_linked_households_go_together(app, client_as):
    """Proposed, accepted and declined in one call; their places are counted together."""
    caseworker = client_as(Role.CASEWORKER)
    fill(app, queue(4, decided=3).replace(links=(("H0", "H1"), ("H3", "H1"))))
    made = caseworker.post(PROPOSALS, json=new("H1", **WHY)).json()
    assert [p["household"] for p in made["proposals"]] == ["H1", "H0", "H3"]
    assert step(caseworker, "H0", "accept").json()["needed"] == 6
    caseworker.patch(f"{OSLO}/ledger", json={**WHY, "decided": 6})
    yes = step(caseworker, "H0", "accept").json()
    assert [p["status"] for p in yes["proposals"]] == ["promised"] * 3
    no = step(caseworker, "H3", "decline", reason="the school is full").json()
    assert {p["household"]: p["status"] for p in no["proposals"]} == dict.fromkeys(
        ("H0", "H1", "H3"), "ready"
    )
    assert caseworker.get(OSLO).json()["ledger"]["open"] == 6
    undone = caseworker.post("/api/v1/households/H1/undo", json=WHY).json()
    assert {h["id"]: h["status"] for h in undone["households"]} == dict.fromkeys(
        ("H0", "H1", "H3"), "promised"
    )
    assert caseworker.get(OSLO).json()["ledger"]["open"] == 0


def test_what_keeps_people_from_harm_is_never_overridden(app, client_as):
    """Not with a reason either; a caseworker's own ban is, with one."""
    caseworker = client_as(Role.CASEWORKER)
    one, other, third = queue().households
    bans = (Ban("0301", BanReason.ADDRESS_PROTECTION),)
    own = (Ban("0301", BanReason.CASEWORKER),)
    households = (replace(one, bans=bans), replace(other, bans=own), third)
    fill(app, queue().replace(households=households))
    refused = caseworker.post(PROPOSALS, json=new("H0", **WHY))
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/protected")
    assert refused.json()["rules"] == ["address_protection"]
    silent = caseworker.post(PROPOSALS, json=new("H1"))
    assert (silent.status_code, silent.json()["type"]) == (409, "/problems/reason-needed")
    assert silent.json()["overridden"] == ["ban"]
    made = caseworker.post(PROPOSALS, json=new("H1", reason="the ban was meant for H2"))
    assert made.json()["events"][0]["facts"]["overrides"] == ["ban"]
    assert made.json()["events"][0]["reason"] == "the ban was meant for H2"


def test_a_danger_that_is_seen_after_the_proposal_stops_the_yes(caseworker, oslo):
    """The municipality's as well; a caseworker's own ban does not."""
    ban = {**WHY, "municipality": "0301"}
    for name, why in (("H0", "security"), ("H1", "caseworker")):
        caseworker.post(PROPOSALS, json=new(name))
        caseworker.post(f"/api/v1/households/{name}/ban", json={**ban, "why": why})
    refused = step(oslo, "H0", "accept")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/protected")
    assert step(oslo, "H1", "accept").status_code == 200


def test_a_pin_elsewhere_is_overridden_with_a_reason_only(caseworker):
    """As is a linked household that is placed elsewhere."""
    caseworker.post("/api/v1/households/H0/pin", json={**WHY, "municipality": "4601"})
    assert caseworker.post(PROPOSALS, json=new()).json()["overridden"] == ["pin"]
    assert caseworker.post(PROPOSALS, json=new(**WHY)).status_code == 201


def test_a_municipality_sees_its_own_proposals_and_little_of_a_household(app, client_as):
    """Size, bands of age, languages and services; nothing else of anyone."""
    caseworker = client_as(Role.CASEWORKER)
    oslo = client_as(Role.MUNICIPALITY, municipality="0301")
    fill(app, queue().replace(households=(described(), *queue().households)))
    caseworker.post(PROPOSALS, json=new("D"))
    caseworker.post(PROPOSALS, json=new("H1", "4601"))
    (shown,) = oslo.get(PROPOSALS).json()["items"]
    assert oslo.get(PROPOSALS, params={"municipality": "4601"}).json()["items"] == []
    assert (shown["household"], shown["persons"]) == ("D", 2)
    assert shown["sketch"] == {
        "ages": {"30-54": 1, "0-5": 1},
        "languages": ["ar"],
        "needs": ["lar"],
        "perhaps": [
            "upper_secondary",
            "hospital",
            "step_free",
            "specialist_care",
            "special_schooling",
            "crisis_setup",
        ],
        "earliest_move": None,
    }
    assert "Ullevål" not in oslo.get(PROPOSALS).text


def test_a_municipality_answers_for_itself_alone(caseworker, client_as):
    """To others' proposals it gets the answer that it gets for nobody."""
    bergen = client_as(Role.MUNICIPALITY, municipality="4601")
    caseworker.post(PROPOSALS, json=new())
    for what, body in (("accept", {}), ("decline", WHY), ("settle", {})):
        one, nobody = step(bergen, "H0", what, **body), step(bergen, "nobody", what, **body)
        assert one.status_code == nobody.status_code == 404
        assert one.json()["detail"] == nobody.json()["detail"].replace("nobody", "H0")
    assert step(bergen, "H0", "lapse").status_code == 403
    assert bergen.post(PROPOSALS, json=new("H1")).status_code == 403


def test_proposals_to_be_answered_first_come_first(caseworker):
    """In pages, and up to a day; what is overdue says so and stays until someone lets it lapse."""
    for name, day in (("H0", "2026-12-03"), ("H1", "2026-12-01"), ("H2", "2026-11-22")):
        caseworker.post(PROPOSALS, json=new(name, answer_by=day))
    first = caseworker.get(PROPOSALS, params={"limit": 2}).json()
    second = caseworker.get(PROPOSALS, params={"after": first["next"]}).json()
    assert [p["household"] for p in first["items"] + second["items"]] == ["H2", "H1", "H0"]
    early = caseworker.get(PROPOSALS, params={"answer_by": "2026-12-01"}).json()
    assert [p["household"] for p in early["items"]] == ["H2", "H1"]
    assert not any(p["overdue"] for p in early["items"])


def test_all_that_are_overdue_lapse_at_once(app, caseworker, client_as):
    """Those whose day has passed and no others; asked twice, the second finds none."""
    for name, day in (("H0", "2026-11-22"), ("H1", "2026-11-22"), ("H2", "2026-11-23")):
        caseworker.post(PROPOSALS, json=new(name, answer_by=day))
    operator, named = client_as(Role.OPERATOR), {"Idempotency-Key": "all"}
    assert operator.post(LAPSE, json={}).json()["households"] == []
    app.state.clock = lambda: TOMORROW
    done = operator.post(LAPSE, json={"reason": "a week of silence"}, headers=named)
    assert done.json() == {"households": ["H0", "H1"], "answer_by": "2026-11-22"}
    again = operator.post(LAPSE, json={"reason": "a week of silence"}, headers=named)
    assert (again.content, again.headers["idempotent-replayed"]) == (done.content, "true")
    assert caseworker.post(LAPSE, json={}).json()["households"] == []
    assert [p["household"] for p in caseworker.get(PROPOSALS).json()["items"]] == ["H2"]
    last = read_household_events(app.state.store, "H0")[-1]
    assert (str(last.kind), last.actor, last.reason) == (
        "lapsed",
        "system:operator",
        "a week of silence",
    )


def test_linked_households_lapse_together_and_once(app, client_as):
    """Each has one event, whichever of them is met first."""
    caseworker, instance = client_as(Role.CASEWORKER), queue()
    fill(app, instance.replace(links=(("H0", "H2"),)))
    caseworker.post(PROPOSALS, json=new(answer_by="2026-11-22"))
    app.state.clock = lambda: TOMORROW
    assert sorted(caseworker.post(LAPSE, json={}).json()["households"]) == ["H0", "H2"]
    kinds = [str(e.kind) for e in read_household_events(app.state.store, "H2")]
    assert kinds.count("lapsed") == 1


def test_an_answer_is_not_asked_for_in_the_past(caseworker):
    """Nor a household proposed that is nobody, nor to nowhere."""
    assert caseworker.post(PROPOSALS, json=new(answer_by="2026-11-21")).status_code == 422
    assert caseworker.post(PROPOSALS, json=new("nobody")).status_code == 404
    assert caseworker.post(PROPOSALS, json=new("H0", "9999")).status_code == 404


def test_someone_who_was_quicker_is_told(caseworker):
    """412 with the version that was looked at."""
    etag = caseworker.get("/api/v1/households/H0").headers["etag"]
    caseworker.post("/api/v1/households/H0/pin", json={**WHY, "municipality": "0301"})
    answer = caseworker.post(PROPOSALS, json=new(), headers={"If-Match": etag})
    assert (answer.status_code, answer.json()["type"]) == (412, "/problems/changed-since")
