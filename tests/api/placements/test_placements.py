"""Ranked placements of a household through the service."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from api.placements.schemas import PlacementExplanation, PlacementRanking
from matcher.domain.option import POINT_DECIMALS, round_value
from matcher.domain.roles import Role
from matcher.policy.reason_texts import render_reason
from matcher.ranking.rank import rank
from matcher.store import lapse, promise, propose, revise_ledger, withdraw
from matcher.store.instance_loading import load_instance_at
from matcher.store.traces import get_decision
from tests.api.conftest import NOON
from tests.api.live.nights import kept_night
from tests.api.placements.ranked import BY, DAY, EXPLANATION, PLACEMENTS, asked, both_open
from tests.api.queue import fill, new


def test_before_the_first_night_it_ranks_without_prices_and_says_so(caseworker):
    """An answer at once, rather than none until tomorrow."""
    found = asked(caseworker)
    assert (found["night"], found["priced"], found["planned"]) == (None, False, None)
    assert [note["code"] for note in found["notes"]] == ["no night"]
    assert [o["rank"] for o in found["options"]] == [1, 2]
    assert all(o["cost"] == {} and o["left"] is None for o in found["options"])


def test_nothing_is_no_less_than_nothing(caseworker, night):
    """A zero has no sign, whatever it was summed of."""
    assert round_value({"a": -0.0, "b": -0.0001, "c": -0.002}, POINT_DECIMALS) == {
        "a": 0,
        "b": 0,
        "c": -0.002,
    }
    assert "-0" not in str(round_value({"a": -0.0, "b": -0.0001}, POINT_DECIMALS))
    told = caseworker.get(PLACEMENTS, params={"include": "barred"}).text
    assert not re.search(r":-0(\.0)?[,}]", told)


def test_it_is_the_ranking_of_the_night(app, caseworker, night):
    """Every number of every option, and what the answer rests on."""
    found = asked(caseworker, language="en")
    live = app.state.snapshot_cache.snapshot(DAY)
    ranking = rank(live.problem, "H0", live.prices, live.plan_usage)
    assert found["night"]["run"] == night and found["night"]["days_old"] == 0
    assert found["night"]["policy"] == {"name": "default", "hash": live.problem.policy.hash}
    assert (found["notes"], found["priced"], found["planned"]) == (
        [],
        True,
        ranking.planned_municipality,
    )
    for told, option in zip(found["options"], ranking.allowed, strict=True):
        assert told["municipality"] == option.municipality
        assert told["net"] == pytest.approx(option.net, abs=1e-3)
        assert told["cost"] == pytest.approx(dict(option.cost), abs=1e-3)
        assert told["by_term"] == pytest.approx(dict(option.by_term), abs=1e-3)
        assert told["dispersion"] == pytest.approx(dict(option.dispersion), abs=1e-3)
        assert told["left"] == option.left and told["open_places"] == option.open_places
        assert told["earliest"] == option.earliest.isoformat()


def test_the_answer_is_what_openapi_says(caseworker, night):
    """Read with the models that describe it, nothing is left out and nothing added."""
    for query in ({}, {"include": "barred"}, {"municipality": "0301"}):
        found = asked(caseworker, **query)
        assert PlacementRanking.model_validate(found).model_dump(mode="json") == _zoned(found)
    found = asked(caseworker, EXPLANATION, municipality="4601")
    assert PlacementExplanation.model_validate(found).model_dump(mode="json") == _zoned(found)


def _zoned(found):
    """The same with moments as the models write them."""
    night = {**found["night"], "ended_at": found["night"]["ended_at"].replace("+00:00", "Z")}
    return {**found, "night": night}


def test_a_ledger_that_changes_is_seen_at_once(app, caseworker, night):
    """No place is left in 0301: it is barred, and says why in words and as a code."""
    assert {o["municipality"] for o in asked(caseworker)["options"]} == {"0301", "4601"}
    revise_ledger(app.state.store, "0301", {"decided": 1}, BY)
    assert [o["municipality"] for o in asked(caseworker)["options"]] == ["4601"]
    barred = asked(caseworker, include="barred", language="en")["options"][1]
    assert (barred["municipality"], barred["allowed"], barred["own_rank"]) == ("0301", False, None)
    live = app.state.snapshot_cache.snapshot(DAY)
    verdicts = live.ranking("H0").rule_checks.broken_rules(0, 0)
    assert [v.rule for v in verdicts] == [cause["rule"] for cause in barred["broken"]]
    assert barred["broken"][0] == {
        "rule": "places_this_year",
        "code": "places_this_year.short",
        "facts": {"municipality": "Place 0301", "open": 1, "size": 2, "year": "2026"},
        "text": render_reason(verdicts[0].reason, "en"),
    }


def test_the_same_answer_is_not_sent_twice(app, caseworker, night):
    """304 with the same ETag until something happens, in another language from the start."""
    first = caseworker.get(PLACEMENTS)
    tag = {"If-None-Match": first.headers["etag"]}
    again = caseworker.get(PLACEMENTS, headers=tag)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert caseworker.get(f"{PLACEMENTS}?language=en", headers=tag).status_code == 200
    assert caseworker.get(EXPLANATION, headers=tag).status_code == 200
    revise_ledger(app.state.store, "4601", {"decided": 99}, BY)
    assert caseworker.get(PLACEMENTS, headers=tag).status_code == 200


def test_one_municipality_is_asked_about_with_what_its_points_rest_on(caseworker, night):
    """Its place in the whole list, and a reason for each term."""
    (option,) = asked(caseworker, municipality="4601", language="en")["options"]
    whole = {o["municipality"]: o for o in asked(caseworker)["options"]}
    assert option["rank"] == whole["4601"]["rank"]
    rules = {cause["rule"] for cause in option["reasons"]}
    assert rules == option["by_term"].keys() | option["dispersion"].keys()
    assert all(cause["text"] for cause in option["reasons"])
    assert whole["4601"]["reasons"] is None


def test_as_many_options_as_asked_for(caseworker):
    """The best ones."""
    assert [o["rank"] for o in asked(caseworker, limit=1)["options"]] == [1]
    assert caseworker.get(PLACEMENTS, params={"limit": 0}).status_code == 422


def test_a_household_listed_after_the_night_is_ranked_as_well(app, caseworker, night):
    """At the night's prices, with a note; and one of whom more is known has another."""
    fill(app, both_open(4))
    found = asked(caseworker, "/api/v1/households/H3/placements", language="en")
    assert [note["code"] for note in found["notes"]] == ["listed since"]
    assert "not in the plan" in found["notes"][0]["text"]
    assert found["priced"] and len(found["options"]) == 2


def test_who_does_not_wait_has_no_placements(app, caseworker, night):
    """409 with the status; 404 for a household or municipality that no one has heard of."""
    store = app.state.store
    propose(store, "H0", "0301", BY, answer_by=DAY)
    assert caseworker.get(PLACEMENTS).status_code == 200
    promise(store, "H0", BY)
    refused = caseworker.get(PLACEMENTS)
    assert refused.status_code == 409 and "H0 is promised" in refused.json()["detail"]
    assert refused.headers["content-type"] == "application/problem+json"
    withdraw(store, "H1", BY)
    assert caseworker.get("/api/v1/households/H1/explanation").status_code == 409
    assert caseworker.get("/api/v1/households/nobody/placements").status_code == 404
    other = "/api/v1/households/H2/placements"
    assert caseworker.get(other, params={"municipality": "9999"}).status_code == 404


def test_an_empty_store_knows_no_household(client_as):
    """404, not an error of ours."""
    assert client_as(Role.CASEWORKER).get(PLACEMENTS).status_code == 404


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.CASEWORKER])
def test_only_caseworkers_may_ask(client_as, app, role):
    """Nor a municipality: a ranking says where else a household could go."""
    fill(app)
    number = "0301" if role is Role.MUNICIPALITY else None
    client = client_as(role, municipality=number)
    for path in (PLACEMENTS, EXPLANATION, "/api/v1/households/nobody/placements"):
        assert client.get(path).status_code == 403


def test_an_explanation_says_why_here_and_why_not_there(caseworker, night):
    """The option of the plan, the rules that bar, and the difference in points."""
    found = asked(caseworker, EXPLANATION, municipality="0301", language="en")
    assert found["here"]["municipality"] == found["planned"]
    assert found["open_to"] == 2
    there = found["there"]
    assert there["is_there"] == (found["planned"] == "0301")
    gained = there["option"]["net"] - found["here"]["net"]
    assert sum(there["difference"].values()) == pytest.approx(gained, abs=0.01)


def test_who_has_no_place_is_told_the_weights_that_decided(app, caseworker):
    """Three households of two adults and two places in each municipality: who waits longest."""
    instance = both_open()
    two = replace(instance.municipalities[1].ledger, decided=2)
    full = (replace(m, ledger=two) for m in instance.municipalities)
    fill(app, instance.replace(municipalities=tuple(full)))
    kept_night(app.state.store, DAY, NOON)
    paths = [f"/api/v1/households/H{k}/explanation" for k in range(3)]
    weights = [asked(caseworker, path, language="en")["weights"] for path in paths]
    (told,) = (w for w in weights if w is not None)
    assert (told["own"], told["others"], told["least"], told["most"]) == (2.0, 2, 2.0, 2.0)
    assert [reason["rule"] for reason in told["reasons"]] == ["places_first"]


def test_a_proposal_keeps_what_was_shown(app, caseworker, night):
    """Its trace names the night and holds the option that was chosen."""
    made = caseworker.post("/api/v1/proposals", json=new(reason="family nearby"))
    assert made.status_code == 201, made.text
    _, kept = get_decision(app.state.store, made.json()["proposals"][0]["decision"])
    assert kept is not None and kept.run == night and kept.option("0301").allowed


def test_a_lapsed_proposal_leaves_the_plan_as_it_was(app, caseworker, night):
    """Proposed elsewhere: planned there; lapsed: where the night had it."""
    store = app.state.store
    before = asked(caseworker)["planned"]
    other = "0301" if before == "4601" else "4601"
    propose(store, "H0", other, BY, answer_by=DAY + timedelta(days=7))
    assert asked(caseworker)["planned"] == other
    lapse(store, "H0", BY)
    assert asked(caseworker)["planned"] == before
    assert load_instance_at(store, DAY).earlier_plan.placements == ()
