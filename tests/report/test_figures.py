"""Figures on the page equal counts made another way, from the plan and the instance alone."""

from dataclasses import replace
from datetime import date
from statistics import mean, median

import numpy as np
import pytest

from matcher.report import html
from matcher.report.figures import (
    capacity_use_by_centrality,
    capacity_use_by_landsdel,
    household_rows,
    key_figures,
)
from matcher.report.norway_map import draw_map
from matcher.report.waiting import waiting_histograms
from tests.report.markup import number, parse


@pytest.fixture
def page(solved):
    return parse(html(*solved, language="en"))


def _placed(solved):
    problem, result = solved
    where = result.plan.municipality_of
    return [h for h in problem.instance.households if h.id in where], where


def _tile(page, name):
    (tile,) = [t for t in page.all("div", class_="tile") if t.one("dt").text == name]
    return tile.one("dd", class_="big").text, tile.one("dd", class_="small").text


def test_placed_and_unplaced_add_up_to_the_queue(page, solved):
    queue, (placed, _) = solved[0].instance.households, _placed(solved)
    households, persons = _tile(page, "Placed")
    left, left_persons = _tile(page, "Not placed")
    assert (number(households), number(persons)) == (len(placed), sum(h.size for h in placed))
    assert number(left) == len(queue) - len(placed) > 0
    assert number(left_persons) == sum(h.size for h in queue) - sum(h.size for h in placed)


def test_days_waited_are_the_median_and_mean_over_all_households(solved):
    today, queue = solved[0].instance.today, solved[0].instance.households
    days = [max(0, (today - h.ready_since).days) for h in queue]
    waited = key_figures(household_rows(*solved)).waited
    assert (waited.median, waited.mean) == pytest.approx((median(days), mean(days)))


def test_days_to_move_come_from_the_dates_of_the_plan(solved):
    today = solved[0].instance.today
    days = [(p.earliest - today).days for p in solved[1].plan]
    to_move = key_figures(household_rows(*solved)).to_move
    assert (to_move.median, to_move.mean) == pytest.approx((median(days), mean(days)))


def test_expected_stayers_are_the_sum_over_members_of_the_stay_probability(page, solved):
    problem, _ = solved
    predicted = problem.stay_model.predict(problem.households, problem.municipalities)
    placed, where = _placed(solved)
    pairs = [
        (h.size, problem.unit_row(h.id), problem.municipality_row(where[h.id])) for h in placed
    ]
    expected = sum(size * predicted.probability[i, j] for size, i, j in pairs)
    low = sum(size * predicted.low[i, j] for size, i, j in pairs)
    key = key_figures(household_rows(*solved))
    assert (key.stayers, key.stayers_low) == pytest.approx((expected, low))
    assert key.stayers_low < key.stayers < key.stayers_high
    assert number(_tile(page, "Likely to stay 7 years")[0]) == round(expected)


def test_an_operators_own_probability_is_shown_instead_of_the_models(solved):
    problem, result = solved
    own = np.full(problem.program.shape, np.nan)
    unit = int(np.flatnonzero(result.choice >= 0)[0])
    own[unit] = 0.123
    households = replace(problem.households, own_probability=own)
    told = replace(problem, tables=replace(problem.tables, households=households))
    # The result came with predictions of the problem without them.
    rows = household_rows(told, replace(result, stay=None))
    mine = rows[rows.unit == unit]
    assert (mine.stay == 0.123).all()
    assert mine[["low", "high"]].isna().all(axis=None), "no interval, not one without width"
    assert key_figures(rows).stayers_low is None
    assert not (rows.stay[rows.unit != unit] == 0.123).any()


def test_points_by_term_add_up_to_the_score(page, solved):
    table = page.one("section", **{"aria-labelledby": "points"}).one("table")
    terms = [number(row.one("td").text) for row in table.one("tbody").all("tr")]
    total = number(table.one("tfoot").one("td").text)
    assert len(terms) == len(solved[1].score.terms)
    assert total == round(solved[1].score.points)
    assert sum(terms) == pytest.approx(total, abs=len(terms))


def test_every_placement_has_a_row_with_its_municipality_and_day(page, solved):
    problem, result = solved
    table = page.one("section", **{"aria-labelledby": "placements"}).one("table")
    rows = {r.one("th").own.strip(): r.all("td") for r in table.one("tbody").all("tr")}
    names = {m.number: m.name for m in problem.instance.municipalities}
    assert set(rows) == {p.household for p in result.plan}
    for placement in result.plan:
        cells = [cell.text for cell in rows[placement.household]]
        assert cells[1] == names[placement.municipality]
        assert cells[3].startswith(str(placement.earliest.day))
        assert cells[3].endswith(str(placement.earliest.year))


def _independent_fill(solved, group_of):
    problem, _ = solved
    placed, where = _placed(solved)
    sums: dict[str, tuple[int, ...]] = {}
    for m in problem.instance.municipalities:
        tonight = sum(h.size for h in placed if where[h.id] == m.number)
        used = m.ledger.settled + m.ledger.promised
        left = max(0, m.ledger.decided - used - tonight)
        old = sums.get(group_of(m), (0, 0, 0))
        sums[group_of(m)] = tuple(a + b for a, b in zip(old, (used, tonight, left), strict=True))
    return sums


def test_fill_by_landsdel_equals_the_ledgers_and_the_plan(solved):
    persons = _persons(solved)
    fills = {
        f.group: (f.used, f.placed, f.open) for f in capacity_use_by_landsdel(solved[0], persons)
    }
    assert fills == _independent_fill(solved, lambda m: m.landsdel)


def test_fill_by_centrality_equals_the_ledgers_and_the_plan(solved):
    persons = _persons(solved)
    fills = {
        f.group: (f.used, f.placed, f.open) for f in capacity_use_by_centrality(solved[0], persons)
    }
    assert fills == _independent_fill(solved, lambda m: str(m.centrality or ""))


def test_the_page_shows_the_fill_in_numbers(page, solved):
    table = page.one("table", class_="fill")
    rows = [[number(c.text) for c in r.all("td", class_="number")] for r in table.all("tr")]
    counted = [row for row in rows if row]
    groups = [capacity_use_by_landsdel, capacity_use_by_centrality]
    fills = [f for by in groups for f in by(solved[0], _persons(solved))]
    assert counted == [[f.used, f.placed, f.open] for f in fills]


def _persons(solved):
    placed, where = _placed(solved)
    numbers = [m.number for m in solved[0].instance.municipalities]
    return np.array([sum(h.size for h in placed if where[h.id] == n) for n in numbers])


def test_circles_of_the_map_add_up_to_the_persons_placed(solved):
    drawn = draw_map(solved[0], _persons(solved))
    placed, _ = _placed(solved)
    assert sum(c.amount for c in drawn.circles) == sum(h.size for h in placed)


def test_the_waiting_chart_has_a_bar_for_each_span_of_days_that_someone_has_waited(page, solved):
    rows = household_rows(*solved)
    (spans, _) = waiting_histograms(
        rows.waited.to_numpy(float), (rows.waited + rows.days).dropna().to_numpy()
    )
    bars = [bar for bar in page.all("rect", class_="before") if "y" in bar.attributes]
    assert len(bars) == len({days // spans.width for days in rows.waited})


def test_the_heading_names_the_day_the_policy_and_how_it_was_solved(page, solved):
    head = page.one("header").text
    assert solved[0].instance.today == date(2024, 4, 15)
    assert "Monday 15 April 2024" in head
    assert "default, version 1" in head
    assert "greedy, seed 0" in head
    assert "Not proved: other plans may place more." in head


def test_the_hashes_to_repeat_the_run_are_at_the_bottom(page, solved):
    for digest in solved[1].hashes.values():
        assert digest in page.one("footer").text
