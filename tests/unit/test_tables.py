"""Columns: linked households merged exactly, rows taken exactly, hashes that tell inputs apart."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import Policy, Problem, solve
from matcher.domain import (
    Answer,
    Ban,
    BanReason,
    FamilyTie,
    Household,
    Instance,
    Municipality,
    Person,
    TravelTime,
    Upbringing,
    Wish,
    WishKind,
    combine_answers,
)
from matcher.domain.tables import IntArray, RaggedRows, build_tables
from matcher.domain.tables.wish_rows import NOWHERE
from tests.ledgers import known
from tests.strategies import TODAY, nights, with_persons
from tests.unit.test_metamorphic import EVERYTHING

NEEDS = (
    "upper_secondary",
    "study_hopes",
    "hospital",
    "lar",
    "step_free",
    "specialist_care",
    "special_schooling",
    "interpreter",
)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ((), Answer.NO),
        ((Answer.NO, Answer.NO), Answer.NO),
        ((Answer.NO, Answer.UNKNOWN), Answer.UNKNOWN),
        ((Answer.UNKNOWN, Answer.YES), Answer.YES),
    ],
)
def test_one_yes_is_enough_then_one_unknown(answers, expected):
    """Unknown is never taken for no."""
    assert combine_answers(answers) is expected


@pytest.mark.slow
@given(nights())
def test_merged_households_add_sizes_and_unite_needs(night):
    """Each unit against its households, one by one."""
    h = build_tables(night).households
    for row, unit in enumerate(night.placing_units()):
        members = [p for one in unit for p in one.members]
        assert h.id[row] == "+".join(one.id for one in unit)
        assert h.size[row] == len(members) == h.members.count[row]
        assert h.crisis_setup[row] == combine_answers(one.crisis_setup for one in unit)
        for need in NEEDS:
            assert getattr(h, need)[row] == combine_answers(getattr(p, need) for p in members)
        assert h.homes.count[row] in (0, len(unit))
        assert h.bans.count[row] == sum(len(one.bans) for one in unit)
        assert h.days_waited[row] == max(max(0, (TODAY - o.ready_since).days) for o in unit)


def test_links_join_through_others_in_the_order_of_the_queue():
    """A-C and C-D make one unit of three; B stays alone."""
    night = instance(*(Household(n, TODAY, (Person(n),)) for n in "ABCD"))
    night = night.replace(links=(("D", "C"), ("C", "A")))
    h = build_tables(night).households
    assert h.id.tolist() == ["A+C+D", "B"]
    assert h.row_of == {"A": 0, "C": 0, "D": 0, "B": 1}


def test_a_link_to_someone_who_is_not_in_the_queue_is_an_error():
    """And not a silent nothing."""
    night = instance(Household("A", TODAY, (Person("A"),))).replace(links=(("A", "Z"),))
    with pytest.raises(KeyError, match="Z"):
        build_tables(night)


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (("A", "B", "A"), "household 'A' is in the queue twice"),
        (("A", "B+C"), r"household 'B\+C': an identifier is not empty and has no '\+'"),
        (("",), "household '': an identifier is not empty"),
    ],
)
def test_identifiers_that_could_be_mixed_up_are_refused(ids, message):
    """Two alike would be merged, and a plus sign would be read as a link."""
    with pytest.raises(ValueError, match=message):
        build_tables(instance(*(Household(n, TODAY, (Person("P"),)) for n in ids)))


@pytest.mark.parametrize(
    ("facts", "what"),
    [
        ({"pinned_to": "9999"}, "pinned_to"),
        ({"bans": (Ban("9999", BanReason.REFUSED),)}, "ban"),
        ({"family": (FamilyTie("9999"),)}, "family"),
    ],
)
def test_a_municipality_that_is_not_there_is_an_error_that_names_who_and_what(facts, what):
    """Household, column and value."""
    night = instance(Household("A", TODAY, (Person("A"),), **facts))
    with pytest.raises(ValueError, match=f"household A: {what} '9999' is not a municipality"):
        build_tables(night)


def test_a_wish_for_a_place_that_there_is_not_stops_no_plan():
    """It has the value of no place, and is answered."""
    wishes = Wish(WishKind.MUNICIPALITY, "9999"), Wish(WishKind.COUNTY, "99")
    tables = build_tables(instance(Household("A", TODAY, (Person("A"),), wishes=wishes)))
    assert tables.households.wishes.value.tolist() == [NOWHERE, NOWHERE]


def instance(*queue):
    return Instance(TODAY, queue, (Municipality("0001", "One"),))


@pytest.mark.slow
@settings(max_examples=40)
@given(nights(), st.data())
def test_rows_that_are_taken_get_the_same_answers(night, data):
    """Pair rules, budgets' fits, terms and what units add to spread terms: row by row."""
    problem = Problem.of(night, EVERYTHING)
    h, m = problem.households, problem.municipalities
    rows = data.draw(st.lists(st.integers(0, len(h) - 1), max_size=4))
    taken, chosen = h.take(rows), problem.selection
    shape = len(h), len(m)

    def same(answer):
        whole, part = (np.broadcast_to(answer(t), (len(t), shape[1])) for t in (h, taken))
        assert np.array_equal(whole[rows], part)

    for rule in chosen.pair_rules:
        same(lambda t, rule=rule: rule.allowed(t, m))
        same(lambda t, rule=rule: rule.uncertain(t, m))
    for budget in chosen.budgets:
        same(lambda t, budget=budget: budget.fits(t, m))
    for term in chosen.terms:
        same(lambda t, term=term: term.points(t, m))
    for spread in chosen.spread_terms:
        assert np.array_equal(spread.use(h, m)[rows], spread.use(taken, m))


@dataclass(frozen=True, eq=False)
class Letters(RaggedRows):
    """A column to take from."""

    value: IntArray


@given(
    st.lists(st.lists(st.integers(-9, 9), max_size=4), min_size=1, max_size=6),
    st.data(),
)
def test_ragged_rows_against_lists(rows, data):
    """Taking, all, any, sum and largest against plain Python."""
    start = np.concatenate([[0], np.cumsum([len(r) for r in rows])]).astype(np.int64)
    ragged = Letters(start, np.array([v for r in rows for v in r], dtype=np.int64))
    units = data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=8))
    taken = ragged.take(units)
    wanted = [rows[u] for u in units]
    assert taken.value.tolist() == [v for r in wanted for v in r]
    assert taken.count.tolist() == [len(r) for r in wanted]
    assert taken.unit.tolist() == [k for k, r in enumerate(wanted) for _ in r]
    assert ragged.all_of(ragged.value > 0).tolist() == [all(v > 0 for v in r) for r in rows]
    assert ragged.any_of(ragged.value > 0).tolist() == [any(v > 0 for v in r) for r in rows]
    assert ragged.sum_of(ragged.value).tolist() == [sum(r) for r in rows]
    positive: Any = ragged.value > 0
    assert ragged.sum_of(positive).tolist() == [sum(v > 0 for v in r) for r in rows]
    assert ragged.max_of(ragged.value, empty=-99).tolist() == [max(r, default=-99) for r in rows]
    floats = ragged.value / 2
    assert ragged.float_max_of(floats).tolist() == [max(r, default=0) / 2 for r in rows]
    assert ragged.float_min_of(floats).tolist() == [min(r, default=0) / 2 for r in rows]


@pytest.mark.slow
@given(nights())
def test_equal_input_has_an_equal_hash(night):
    """Built twice, and under another name."""
    again = night.replace(name="another", households=tuple(night.households))
    assert build_tables(night).hash == build_tables(again).hash


OTHER = {Upbringing.RURAL: Upbringing.URBAN} | dict.fromkeys(
    (Upbringing.URBAN, Upbringing.UNKNOWN), Upbringing.RURAL
)
CHANGES = {
    "today": lambda n: n.replace(today=n.today + timedelta(days=1)),
    "age": lambda n: with_persons(n, lambda p: replace(p, age=91)),
    "sex": lambda n: with_persons(n, lambda p: replace(p, sex="x")),
    "occupation": lambda n: with_persons(n, lambda p: replace(p, occupation="9")),
    "name": lambda n: n.replace(households=(replace(n.households[0], id="new"), *n.households[1:])),
    "order": lambda n: n.replace(households=n.households[::-1]),
    "decided": lambda n: town(n, ledger=known(decided=99)),
    "municipality": lambda n: town(n, name="new"),
    "hospital": lambda n: town(n, hospitals=("New",)),
    "coordinates": lambda n: town(n, latitude=57.0),
    "travel": lambda n: n.replace(travel_times=(TravelTime("0001", "Hospital 0", 777),)),
    "upbringing": lambda n: n.replace(
        households=tuple(replace(h, upbringing=OTHER[h.upbringing]) for h in n.households)
    ),
}


def town(night, **facts):
    first, *others = night.municipalities
    return night.replace(municipalities=(replace(first, **facts), *others))


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES)
@settings(max_examples=10)
@given(night=nights(most=3))
def test_different_input_has_a_different_hash(change, night):
    """One change at a time, of households, municipalities or the day."""
    night = night.replace(links=(), earlier_plan=type(night.earlier_plan)())
    changed = CHANGES[change](night)
    same = change == "order" and len(night.households) == 1
    if change == "sex":
        known = any(p.sex != "unknown" for h in night.households for p in h.members)
        same = not known
    assert (build_tables(night).hash == build_tables(changed).hash) == same


def test_policy_and_instance_hashes_stand_in_the_result():
    """So that a plan can be traced to what it rests on."""
    night = instance(Household("A", TODAY, (Person("A"),)))
    problem = Problem.of(night, Policy.default())
    hashes = solve(problem, backend="greedy").hashes
    assert hashes == {"instance": build_tables(night).hash, "policy": Policy.default().hash}
