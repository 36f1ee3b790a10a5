"""Nights near the end of a year, when days that pass bring people into a year with other places."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from matcher import Problem
from matcher.domain import FamilyTie, Instance
from matcher.jobs.night import needs_attention
from matcher.jobs.night.change_measures import ChangeMeasures
from matcher.problem.program import UNPLACED
from matcher.report.night_page import NightPageText, night_wording
from matcher.store import Stamp, begin_ledger_year, revise_ledger
from tests.jobs.night.conftest import at_noon
from tests.store.small import small

EVE = date(2024, 11, 26)
"""The last day on which a lead time of 35 days ends in the old year."""


@pytest.fixture
def store_url(sqlite_url) -> str:
    """One kind of database is enough here: what is asked is not of the store."""
    return sqlite_url


def autumn() -> Instance:
    """Two households and one municipality with places, which needs 35 days."""
    instance = small(2, decided=10)
    oslo, full = instance.municipalities
    nothing = replace(full.ledger, decided=0)
    places = (replace(oslo, lead_days=35), replace(full, lead_days=35, ledger=nothing))
    return replace(instance, today=EVE, municipalities=places)


def test_days_that_pass_into_a_year_without_a_decision_are_told_as_the_cause(taken_in, carried_out):
    """In the words of the rule for the old place; nothing is said of a better plan."""
    taken_in(autumn())
    first = carried_out(day=EVE).read_json_output("report.json")
    assert first["counts"]["placed_households"] == 2
    night = carried_out("two", day=EVE + timedelta(days=1)).read_json_output("report.json")
    assert night["counts"]["unplaced_now"] == 2
    assert first["needs"]["undecided"] is None and not needs_attention(first)
    undecided = {"year": 2025, "municipalities": ["0301"], "open": 10, "begun": False}
    assert night["needs"]["undecided"] == undecided and needs_attention(night)
    rules = {r["rule"]: r for row in night["unplaced"] for r in row["reasons"]}
    assert rules["places_this_year"]["next_year"] == 2
    page = NightPageText(night, night_wording("en"))
    assert "Places this year (2, 2 of them in 2025)" in page.reasons(night["unplaced"][0])
    for moved in night["changes"]["moved"]:
        assert [cause["code"] for cause in moved["why"]] == ["next_year", "barred"]
        assert moved["text"]["en"] == [
            "Whoever is promised a place in Place 0301 now moves in in 2025.",
            f"{moved['household']} can no longer come to Place 0301. The council's decision for"
            " 2025 in Place 0301 is not recorded, so no place is open for those who move in then.",
        ]
        assert "vedtak for 2025" in moved["text"]["nb"][1]


def test_days_that_pass_into_a_year_with_fewer_places_are_told_as_the_cause(
    store, taken_in, carried_out
):
    """Each household alone still fits; one of them has to make way."""
    queue = autumn()
    taken_in(queue)
    stamp = Stamp(at_noon(queue), "Caseworker 7", "the council decided")
    begin_ledger_year(store, 2025, stamp)
    revise_ledger(store, "0301", {"decided": 1}, stamp, year=2025)
    carried_out(day=EVE)
    night = carried_out("two", day=EVE + timedelta(days=1)).read_json_output("report.json")
    (moved,) = night["changes"]["moved"]
    assert [cause["code"] for cause in moved["why"]] == ["next_year", "makes_way"]
    assert moved["text"]["en"][0].endswith("moves in in 2025; open places there then: 1.")


@pytest.mark.parametrize(
    ("now", "before", "code"),
    [
        ([0, UNPLACED], [0, 0], "days_passed"),
        ([0, UNPLACED], [UNPLACED, UNPLACED], "search"),
        ([0, UNPLACED], [UNPLACED, 0], "alike"),
    ],
)
def test_a_better_plan_is_said_only_where_there_is_one(now, before, code):
    """Not where the plan of before breaks a rule today, nor where it is as good."""
    problem = Problem.of(small(2, decided=1))
    places = np.array(now), np.array(before)
    measures = ChangeMeasures(problem, *places, [("H0",), ("H1",)], None)
    assert measures.code_when_nothing_happened() == code


def test_a_tie_to_a_closed_municipality_is_told_with_what_closes_it(taken_in, carried_out):
    """Where the family lives, and why nobody can come there; on the page in both languages."""
    queue = autumn()
    tied = replace(queue.households[0], family=(FamilyTie("4601", must_hold=True),))
    taken_in(queue.replace(households=(tied, queue.households[1])))
    night = carried_out(day=EVE)
    (row,) = night.read_json_output("report.json")["unplaced"]
    (place,) = row["tied"]
    assert place["municipality"] == "4601"
    page = night.read_output("report.en.html").decode()
    assert "Must come to Place 4601, where close family lives. " in page
    assert "Place 4601 has 0 open places in 2024" in page
    page = night.read_output("report.html").decode()
    assert "Må til Place 4601, der nær familie bor. " in page
    assert "Place 4601 har 0 ledige plasser i 2024" in page
