"""Limits that hold back what a change would allow, worked by hand."""

from typing import Any

import pytest

from matcher.analysis.what_if import WhatIfChanges, WhatIfQuestion, solve_what_if
from matcher.analysis.what_if.sentences import plan_sentences
from matcher.domain import Answer, Dwelling, Instance
from matcher.domain.placement import Plan
from tests.ledgers import known
from tests.ranking.cases import PLAIN, adults, night, place

ROOMY = known(decided=1, receive_now=20)
"""One place this year, and nothing that holds back now."""
POLICY = PLAIN.with_rule("dwellings").with_rule("minors")


def limits(instance: Instance, **numbers: Any) -> list[tuple[str, int | None]]:
    """Rule and limit of what holds the first municipality back after a change."""
    return [(limit.rule, limit.limit) for limit in answered(instance, **numbers)[1].limits]


def answered(instance: Instance, **numbers: Any) -> Any:
    """The answer to other numbers in the first municipality's ledger, and its plan."""
    changes = WhatIfChanges(ledgers={instance.municipalities[0].number: numbers})
    questions = [WhatIfQuestion.STEADY]
    answer = solve_what_if(instance, POLICY, Plan(), changes, questions=questions)
    return answer, answer.plans[0]


def queue(*towns: Any) -> Instance:
    """Three couples."""
    return night([adults(name, 2) for name in "ABC"], towns)


@pytest.mark.parametrize(
    ("before", "changed", "wanted"),
    [
        ({"decided": 10, "receive_now": 0}, {"decided": 60}, [("places_now", 0)]),
        ({"decided": 12, "receive_now": 5}, {"receive_now": 60}, [("places_this_year", 12)]),
        ({"decided": 12, "receive_now": 5}, {"receive_now": 9}, []),
        ({"decided": 12, "receive_now": 5}, {"receive_now": 12}, []),
        ({"decided": 12, "receive_now": 5}, {"decided": 9, "receive_now": 9}, []),
        ({"decided": 12, "receive_now": 5}, {"decided": 8}, [("places_now", 5)]),
        ({"decided": 12, "receive_now": 20}, {"decided": 20}, []),
        ({"decided": 12}, {"decided": 20}, [("places_now", 6)]),
        ({"decided": 12, "receive_now": 5}, {"extra": 20}, [("places_now", 5)]),
        ({"decided": 3, "settled": 9}, {"decided": 7}, [("places_this_year", 0)]),
        ({"decided": 12, "receive_now": 5}, {"minors_decided": 2}, []),
        ({"decided": 12, "receive_now": 5}, {"minors_decided": 9}, [("places_now", 5)]),
    ],
)
def test_the_narrowest_limit_on_persons_is_told_unless_the_change_has_set_it(
    before, changed, wanted
):
    """Whatever the plan makes of it: it is what keeps a larger number from counting."""
    town = place("0001", 0, ledger=known(**before))
    assert limits(queue(town), **changed) == wanted


def test_homes_hold_back_where_nobody_else_finds_one():
    """One home for two, and three couples: with more places still one comes."""
    homes = (Dwelling("D", 2),)
    town = place("0001", 1, ledger=ROOMY, dwellings=homes, reports_dwellings=Answer.YES)
    assert limits(queue(town), decided=20) == [("dwellings", None)]


def test_homes_do_not_hold_back_while_one_is_free():
    """Three homes, and the other municipality is nearer: nobody is kept out."""
    homes = tuple(Dwelling(f"D{k}", 2) for k in range(4))
    town = place("0001", 1, days=20, ledger=ROOMY, dwellings=homes, reports_dwellings=Answer.YES)
    assert limits(queue(town, place("0002", 20)), decided=20) == []


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("nb", "Town 0001: en annen grense holder igjen. Kommunen kan ta imot 0 nå."),
        ("en", "Town 0001: another limit holds it back. It can receive 0 now."),
    ],
)
def test_a_limit_is_told_in_a_sentence(language, told):
    """By the name of the municipality."""
    town = place("0001", 0, ledger=known(decided=10, receive_now=0), name="Town 0001")
    answer, plan = answered(queue(town), decided=60)
    assert told in plan_sentences(answer, plan, language)
