"""Households over HTTP: listed, read, changed, pinned, ruled out, withdrawn, undone."""

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest

from matcher.domain import Ban, BanReason, FamilyTie
from matcher.domain.option import Option
from matcher.domain.roles import Role
from matcher.domain.trace import Trace, TracedOption, TracedReason
from matcher.store import load_instance_at
from tests.api.queue import CASE, described, fill, new, queue

LIST = "/api/v1/households"
WHY = {"reason": "as agreed"}


@pytest.fixture
def caseworker(app, client_as):
    """A caseworker, with three households in the queue."""
    client = client_as(Role.CASEWORKER)
    fill(app)
    return client


def names(answer) -> list[str]:
    """Identifiers on a page."""
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


def test_pages_follow_one_another_without_gap_or_repetition(app, client_as):
    """The longest waiting first, whatever the size of the pages."""
    client = client_as(Role.CASEWORKER)
    fill(app, queue(7))
    for limit in (1, 3, 7):
        found, after = [], None
        while True:
            asked = {"limit": limit} | ({} if after is None else {"after": after})
            answer = client.get(LIST, params=asked)
            found += names(answer)
            after = answer.json()["next"]
            if after is None:
                break
        assert found == [f"H{k}" for k in range(7)]


def test_a_list_is_chosen_by_status_waiting_place_and_identifier(caseworker):
    """Each alone and together."""
    caseworker.post("/api/v1/proposals", json=new("H1", "4601"))
    assert names(caseworker.get(LIST, params={"status": "proposed"})) == ["H1"]
    assert names(caseworker.get(LIST, params={"status": ["proposed", "ready"]})) == [
        "H0",
        "H1",
        "H2",
    ]
    assert names(caseworker.get(LIST, params={"municipality": "4601"})) == ["H1"]
    assert names(caseworker.get(LIST, params={"search": "2"})) == ["H2"]
    assert names(caseworker.get(LIST, params={"search": "%"})) == []
    waited = (date(2026, 11, 22) - date(2026, 8, 2)).days
    assert names(caseworker.get(LIST, params={"waited": waited})) == ["H0", "H1"]
    assert names(caseworker.get(LIST, params={"waited": waited, "status": "ready"})) == ["H0"]


def test_a_cursor_of_nothing_is_refused(caseworker):
    """With advice."""
    answer = caseworker.get(LIST, params={"after": "nonsense"})
    assert answer.status_code == 422
    assert "leave it out" in answer.json()["detail"]


def test_all_that_is_known_is_shown_in_words(app, client_as):
    """With the version as ETag."""
    client = client_as(Role.CASEWORKER)
    fill(app, queue().replace(households=(described(),)))
    answer = client.get(f"{LIST}/D")
    shown = answer.json()
    assert answer.headers["etag"] == f'"{shown["version"]}"'
    assert (shown["status"], shown["persons"], shown["days_waited"]) == ("ready", 2, 144)
    assert shown["facts"]["members"][0]["lar"] == "yes"
    assert shown["facts"]["members"][0]["study_hopes"] == "unknown"
    assert shown["facts"]["members"][1]["hospital_name"] == "Ullevål"
    assert shown["facts"]["wishes"] == [{"kind": "municipality", "value": "4601", "wanted": True}]


def test_who_is_not_there_is_not_found(caseworker):
    """As a problem that names them."""
    answer = caseworker.get(f"{LIST}/nobody")
    assert answer.status_code == 404
    assert "household nobody is not in the store" in answer.json()["detail"]


def test_new_facts_leave_the_rest_as_it_was(app, client_as):
    """One need of one member, one more member; nights plan on it, old files do not undo it."""
    client = client_as(Role.CASEWORKER)
    instance = queue().replace(households=(described(),), today=date(2026, 11, 22))
    fill(app, instance)
    etag = client.get(f"{LIST}/D").headers["etag"]
    change = {
        **WHY,
        "facts": {"deadline": "2026-12-24", "crisis_setup": "yes"},
        "members": [{"id": "D/1", "step_free": "yes"}],
        "added": [{"id": "D/2", "age": 0}],
    }
    answer = client.patch(f"{LIST}/D", json=change, headers={"If-Match": etag})
    assert answer.status_code == 200, answer.text
    fill(app, instance)
    (planned,) = load_instance_at(app.state.store, date(2026, 11, 22)).households
    assert str(planned.deadline) == "2026-12-24"
    assert planned.wishes == described().wishes
    assert [p.id for p in planned.members] == ["D/0", "D/1", "D/2"]
    assert planned.members[0] == described().members[0]
    one, before = planned.members[1], described().members[1]
    assert (one.step_free, one.hospital_name) == (1, before.hospital_name)
    assert answer.json()["households"][0]["persons"] == 3


def test_new_facts_ask_for_the_version_and_refuse_an_old_one(caseworker):
    """428 without, 412 when someone else was quicker, 409 when nothing is new."""
    change = {**WHY, "facts": {"deadline": "2026-12-24"}}
    assert caseworker.patch(CASE, json=change).status_code == 428
    etag = caseworker.get(CASE).headers["etag"]
    assert caseworker.patch(CASE, json=change, headers={"If-Match": etag}).status_code == 200
    late = caseworker.patch(CASE, json=change, headers={"If-Match": etag})
    assert (late.status_code, late.json()["type"]) == (412, "/problems/changed-since")
    assert caseworker.patch(CASE, json=change, headers={"If-Match": "*"}).status_code == 409


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"removed": ["nobody"]}, "no member nobody; it has H0/0, H0/1"),
        ({"members": [{"id": "nobody", "age": 3}]}, "no member nobody"),
        ({"added": [{"id": "H0/0"}]}, "member H0/0 already"),
        ({"removed": ["H0/0", "H0/1"]}, "withdraw it instead"),
        ({"facts": {"family": [{"municipality": "9999"}]}}, "9999 is not in the store"),
        ({"members": [{"id": "H0/0", "age": -1}]}, "age"),
        ({"members": [{"id": "H0/0", "diagnosis": "x"}]}, "Extra inputs"),
        ({"reason": "   "}, "reason"),
    ],
)
def test_facts_that_cannot_be_are_refused(caseworker, change, told):
    """Naming what is wrong; nothing changes."""
    before = caseworker.get(CASE).text
    answer = caseworker.patch(CASE, json={**WHY, **change}, headers={"If-Match": "*"})
    assert answer.status_code in (404, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert told in answer.json()["detail"]
    assert caseworker.get(CASE).text == before


def test_pins_and_bans_are_planned_on_until_they_are_lifted(app, caseworker):
    """And shown with the household."""
    day = date(2026, 11, 22)
    assert caseworker.post(f"{CASE}/pin", json={**WHY, "municipality": "4601"}).status_code == 200
    ban = {**WHY, "municipality": "0301", "why": "security"}
    shown = caseworker.post(f"{CASE}/ban", json=ban).json()["households"][0]
    assert shown["pinned_to"] == "4601"
    assert shown["bans"] == [{"municipality": "0301", "reason": "security"}]
    planned = load_instance_at(app.state.store, day).households[0]
    assert (planned.pinned_to, planned.bans) == ("4601", (Ban("0301", BanReason.SECURITY),))
    caseworker.post(f"{CASE}/unpin", json=WHY)
    assert caseworker.post(f"{CASE}/unban", json={**ban, "why": "refused"}).status_code == 409
    caseworker.post(f"{CASE}/unban", json=ban)
    planned = load_instance_at(app.state.store, day).households[0]
    assert (planned.pinned_to, planned.bans) == (None, ())


def test_events_tell_everything_with_who_and_why(caseworker):
    """In order, in pages."""
    caseworker.post(f"{CASE}/pin", json={"reason": "school", "municipality": "4601"})
    caseworker.post(f"{CASE}/withdraw", json={"reason": "left the country"})
    first = caseworker.get(f"{CASE}/events", params={"limit": 2}).json()
    second = caseworker.get(f"{CASE}/events", params={"after": first["next"]}).json()
    told = [(e["kind"], e["actor"], e["reason"]) for e in first["items"] + second["items"]]
    assert told == [
        ("listed", "Importer", "import"),
        ("pinned", "system:caseworker", "school"),
        ("withdrawn", "system:caseworker", "left the country"),
    ]
    assert second["next"] is None


def test_undoing_brings_back_what_was_and_stays_on_the_record(caseworker):
    """Once: an undoing is not undone."""
    before = caseworker.get(CASE).json()
    caseworker.post(f"{CASE}/withdraw", json=WHY)
    after = caseworker.post(f"{CASE}/undo", json={"reason": "wrong household"})
    assert after.status_code == 200, after.text
    shown = after.json()["households"][0]
    assert {**shown, "version": 0} == {**before, "version": 0}
    again = caseworker.post(f"{CASE}/undo", json=WHY)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/nothing-to-undo")
    kinds = [e["kind"] for e in caseworker.get(f"{CASE}/events").json()["items"]]
    assert kinds == ["listed", "withdrawn", "undone"]


@pytest.mark.parametrize("role", [Role.MUNICIPALITY, Role.POLICY_OWNER, Role.OPERATOR])
def test_households_are_the_caseworkers(app, client_as, role):
    """Nobody else reads or changes them here."""
    fill(app)
    number = "0301" if role is Role.MUNICIPALITY else None
    client = client_as(role, municipality=number)
    assert client.get(LIST).status_code == 403
    assert client.get(CASE).status_code == 403
    assert client.post(f"{CASE}/withdraw", json=WHY).status_code == 403


def test_ages_are_shown_as_of_today_and_move_on_from_the_day_they_were_stated(app, client_as):
    """A year of birth replaces an age, and an age beside a year of birth is refused."""
    client = client_as(Role.CASEWORKER)
    fill(app, queue().replace(households=(described(),), today=date(2026, 11, 22)))

    def change(member: dict[str, object]) -> Any:
        etag = client.get(f"{LIST}/D").headers["etag"]
        body = {**WHY, "members": [{"id": "D/1", **member}]}
        return client.patch(f"{LIST}/D", json=body, headers={"If-Match": etag})

    assert change({"age": 4}).status_code == 200
    (later,) = load_instance_at(app.state.store, date(2027, 11, 22)).households
    assert [p.age for p in later.members] == [35, 5]
    answer = change({"birth_year": 2020, "birth_month": 3})
    member = answer.json()["households"][0]["facts"]["members"][1]
    assert (member["age"], member["birth_year"], member["birth_month"]) == (6, 2020, 3)
    refused = change({"age": 5})
    assert refused.status_code == 422
    assert "follows from the year of birth 2020" in refused.json()["detail"]
    assert change({"birth_year": None, "birth_month": None, "age": 5}).status_code == 200


def test_the_time_target_is_the_deadline_where_no_other_was_stated(app, client_as):
    """180 days from permission; the fact itself stays empty."""
    household = replace(described(), permission=date(2026, 6, 1))
    fill(app, queue().replace(households=(household,)))
    shown = client_as(Role.CASEWORKER).get(f"{LIST}/D").json()
    assert (shown["deadline"], shown["facts"]["deadline"]) == ("2026-11-28", None)


def test_a_pin_that_cannot_hold_is_refused_with_the_field(app, client_as):
    """In both languages; the household stays as it was."""
    tie = (FamilyTie("4601", must_hold=True),)
    tied = replace(queue().households[0], family=tie)
    fill(app, queue().replace(households=(tied, *queue().households[1:])))
    caseworker = client_as(Role.CASEWORKER)
    refused = caseworker.post(f"{CASE}/pin", json={**WHY, "municipality": "0301"})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/contradiction")
    (contradiction,) = refused.json()["contradictions"]
    assert (contradiction["field"], contradiction["code"]) == ("pinned_to", "pinned_to.family")
    assert "familien" in contradiction["nb"] and "family" in contradiction["en"]
    assert caseworker.get(CASE).json()["pinned_to"] is None


def test_new_facts_that_cannot_be_are_refused_with_the_field(caseworker):
    """And what looks wrong but may be true is a warning of the answer."""
    old = {**WHY, "facts": {"ready_since": "1926-08-01"}}
    refused = caseworker.patch(CASE, json=old, headers={"If-Match": "*"})
    assert refused.status_code == 409
    assert refused.json()["contradictions"][0]["field"] == "ready_since"
    late = {**WHY, "facts": {"deadline": "2027-01-01", "earliest_move": "2027-02-01"}}
    recorded = caseworker.patch(CASE, json=late, headers={"If-Match": "*"})
    assert recorded.status_code == 200
    (warning,) = recorded.json()["warnings"]
    assert (warning["code"], warning["field"]) == ("earliest_move.too_late", "earliest_move")


@pytest.mark.parametrize(("protects", "status"), [(False, 200), (True, 409)])
def test_a_pin_that_a_rule_refuses_is_said_or_refused(app, caseworker, protects, status):
    """A caseworker may override a rule, but none that keeps people from harm."""
    cause = TracedReason("lar", "lar.missing", {"municipality": "Royrvik"}, protects)
    shown: dict[str, Any] = {f.name: None for f in fields(Option)} | {"municipality": "4601"}
    option = TracedOption(**shown, broken=(cause,))
    trace = Trace("H0", "4601", date(2026, 11, 22), options=(option,))
    app.state.tracer = lambda household, municipality: trace
    answer = caseworker.post(f"{CASE}/pin", json={**WHY, "municipality": "4601"})
    assert answer.status_code == status
    if protects:
        assert answer.json()["rules"] == ["lar"]
    else:
        (warning,) = answer.json()["warnings"]
        assert (warning["code"], warning["field"]) == ("pinned_to.rule", "municipality")
        assert "Royrvik" in warning["nb"] and "LAR" in warning["en"]
