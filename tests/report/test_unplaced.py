"""Why someone is not placed: the counts are those of the rules, asked pair by pair."""

import numpy as np
import pytest

from matcher.policy.policy import Policy
from matcher.report import html, unplaced_reasons
from matcher.report.tables import MAX_PAPER_ROWS, MAX_UNPLACED_ROWS, PLACES_TAKEN
from tests.report.conftest import night
from tests.report.markup import parse


def _barred(problem, unit, rule):
    """Municipalities that a rule bars for a unit, counted over the whole table."""
    h, m = problem.households, problem.municipalities
    for pair_rule in problem.selection.pair_rules:
        if pair_rule.id == rule:
            return sum(
                not ok for ok in np.broadcast_to(pair_rule.allowed(h, m), (len(h), len(m)))[unit]
            )
    (budget,) = [b for b in problem.selection.budgets if b.id == rule]
    return sum(not ok for ok in budget.fits(h, m)[unit])


def test_each_count_is_the_number_of_municipalities_that_the_rule_bars(solved):
    problem, result = solved
    reasons = unplaced_reasons(problem, result)
    rules = [s.id for s in (*problem.selection.pair_rules, *problem.selection.budgets)]
    for unit in np.flatnonzero(result.choice < 0):
        mine = reasons[(reasons.unit == unit) & (reasons.rule != PLACES_TAKEN)]
        counts = dict(zip(mine.rule, mine.municipalities, strict=True))
        assert counts == {r: n for r in rules if (n := _barred(problem, unit, r))}


def test_places_were_taken_exactly_where_some_municipality_is_open(solved):
    problem, result = solved
    reasons = unplaced_reasons(problem, result)
    taken = reasons[reasons.rule == PLACES_TAKEN]
    unplaced = np.flatnonzero(result.choice < 0)
    open_to = {
        u: int(problem.program.feasible_pairs[u].sum())
        for u in unplaced
        if problem.program.feasible_pairs[u].any()
    }
    assert dict(zip(taken.unit, taken.municipalities, strict=True)) == open_to
    assert open_to and len(open_to) < len(unplaced)


def test_only_the_unplaced_are_given_reasons_and_each_has_one(solved):
    problem, result = solved
    reasons = unplaced_reasons(problem, result)
    assert set(reasons.unit) == set(np.flatnonzero(result.choice < 0))
    assert list(reasons.id) == [str(problem.households.id[u]) for u in reasons.unit]


def test_the_rule_that_bars_most_comes_first_after_places_taken(solved):
    for _, mine in unplaced_reasons(*solved).groupby("unit"):
        others = mine[mine.rule != PLACES_TAKEN]
        assert others.municipalities.is_monotonic_decreasing
        assert PLACES_TAKEN not in list(mine.rule)[1:]


def test_the_lead_counts_households_by_cause(solved):
    problem, result = solved
    reasons = unplaced_reasons(problem, result)
    with_taken = set(reasons.unit[reasons.rule == PLACES_TAKEN])
    left = [h for h in problem.instance.households if result.choice[problem.unit_row(h.id)] < 0]
    taken = sum(problem.unit_row(h.id) in with_taken for h in left)
    lead = parse(html(problem, result, language="en")).one("p", class_="lead").text
    assert f"For {taken} household" in lead
    assert f"For {len(left) - taken} household" in lead


def test_a_plan_that_places_everyone_says_so_and_has_no_table_of_reasons():
    default = Policy.default()
    problem, result = night(policy=default.without(*default.rules))
    assert (result.choice >= 0).all()
    page = parse(html(problem, result, language="en"))
    assert "Everyone in the queue is placed" in page.one("header").text
    assert not page.one("section", **{"aria-labelledby": "unplaced"}).all("table")
    assert unplaced_reasons(problem, result).empty


@pytest.fixture(scope="module")
def crowded():
    return night(seed=1, households=200, municipalities=6)


def test_many_unplaced_are_cut_to_the_longest_waiting_and_the_rest_counted(crowded):
    problem, result = crowded
    left = [h for h in problem.instance.households if result.choice[problem.unit_row(h.id)] < 0]
    section = parse(html(*crowded, language="en")).one("section", **{"aria-labelledby": "unplaced"})
    rows = section.one("tbody").all("tr")
    shown = [int(r.all("td")[1].text) for r in rows]
    today = problem.instance.today
    waited = sorted((max(0, (today - h.ready_since).days) for h in left), reverse=True)
    assert shown == waited[:MAX_UNPLACED_ROWS]
    assert f"and {len(left) - MAX_UNPLACED_ROWS} households more" in section.text


def test_paper_shows_no_more_rows_than_fit_and_says_how_many_more_there_are(crowded):
    _, result = crowded
    page = parse(html(*crowded, language="en", plan_file="plan.csv"))
    section = page.one("section", **{"aria-labelledby": "placements"})
    rows = section.one("tbody").all("tr")
    on_paper = [r for r in rows if r.attributes.get("class") != "screen-only"]
    assert len(rows) == len(result.plan)
    assert len(on_paper) == min(len(rows), MAX_PAPER_ROWS - MAX_UNPLACED_ROWS)
