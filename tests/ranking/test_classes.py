"""Classes of alike units: alike in all that is seen, and plans go in and out unchanged."""

from dataclasses import replace
from importlib import import_module
from typing import Any

import numpy as np
import pytest

from matcher.problem.problem import Problem
from matcher.problem.program import UNPLACED
from matcher.problem.score import score
from matcher.solve.construction import place_in_order
from matcher.solve.unit_classes import UnitClasses
from tests.random_instances import random_instance
from tests.ranking.cases import adults, made, place

TWINS: dict[str, Any] = {"households": 5, "municipalities": 4, "bars": 0.3, "twins": 3}


def case(seed):
    """Families of alike units with a plan that keeps all rules, some left out."""
    program = Problem.of(random_instance(seed, **TWINS)).program
    random = np.random.default_rng(seed)
    choice = place_in_order(program, random.permutation(program.shape[0]))
    choice[random.random(len(choice)) < 0.2] = UNPLACED
    return program, choice, UnitClasses.of(program)


def seen(program, unit):
    """All that a solver sees of a unit."""
    parts = (*program.resources, *program.spreads)
    values = np.where(program.feasible_pairs[unit], program.pair_values[unit], 0)
    uses = [part.use[unit].tolist() for part in parts]
    return str([program.weight[unit], program.feasible_pairs[unit].tolist(), values.tolist(), uses])


@pytest.mark.parametrize("seed", range(15))
def test_units_are_of_one_class_exactly_when_all_that_is_seen_of_them_is_alike(seed):
    """Compared unit by unit, without digests."""
    program, _, classes = case(seed)
    units = range(program.shape[0])
    looks = [seen(program, u) for u in units]
    assert len(classes.representative) == len(set(looks))
    for u in units:
        first = int(classes.representative[classes.class_of_unit[u]])
        assert looks[u] == looks[first]
        assert first <= u
    assert classes.count.tolist() == [looks.count(looks[f]) for f in classes.representative]


def test_twins_are_found():
    """Three alike and one that is ruled out nowhere but larger: two classes, of 3 and 1."""
    queue = [adults("A"), adults("B", 2), adults("C"), adults("D")]
    classes = UnitClasses.of(made(queue, [place("0001", 2), place("0002", 2, 1)]).program)
    assert classes.class_of_unit.tolist() == [0, 1, 0, 0]
    assert classes.count.tolist() == [3, 1]
    assert classes.representative.tolist() == [0, 1]


@pytest.mark.parametrize("seed", range(15))
def test_amounts_handed_out_again_are_the_same_amounts_and_worth_the_same(seed):
    """A choice, its amounts, a choice of them: same counts, same score, same broken rules."""
    program, choice, classes = case(seed)
    amounts = classes.amounts(choice)
    kind, municipality = np.nonzero(amounts)
    again = classes.choice_of_flows(kind, municipality, amounts[kind, municipality])
    assert classes.amounts(again).tolist() == amounts.tolist()
    one, other = score(program, choice), score(program, again)
    assert (other.broken_rules, other.weight, other.value) == ((), one.weight, one.value)


def test_flows_may_come_in_any_order_and_in_pieces():
    """Two of class 0 to the second, one of class 1 to the first, one more of class 0."""
    queue = [adults("A"), adults("B", 2), adults("C"), adults("D")]
    classes = UnitClasses.of(made(queue, [place("0001", 9), place("0002", 9, 1)]).program)
    choice = classes.choice_of_flows(np.array([0, 1, 0]), np.array([1, 0, 0]), np.array([2, 1, 1]))
    assert choice.tolist() == [1, 0, 1, 0]
    none = np.zeros(0, dtype=np.int64)
    assert classes.choice_of_flows(none, none, none).tolist() == [UNPLACED] * 4


def test_more_than_there_are_cannot_be_placed():
    """Two of a class of one."""
    classes = UnitClasses.of(made([adults("A")], [place("0001", 9)]).program)
    with pytest.raises(ValueError, match="than it has units"):
        classes.choice_of_flows(np.array([0]), np.array([0]), np.array([2]))


def test_digests_that_agree_by_chance_make_no_class(monkeypatch):
    """Were all digests equal, units that differ would still not be taken for alike."""
    queue = [adults("A"), adults("B"), adults("C")]
    problem = made(queue, [place("0001", 2), place("0002", 2, 1)], earlier=[("B", "0001")])
    same = lambda program, common: np.zeros((program.shape[0], 2), dtype=np.int64)  # noqa: E731
    monkeypatch.setattr(import_module("matcher.solve.unit_classes"), "_digest", same)
    assert UnitClasses.of(problem.program).count.tolist() == [1, 1, 1]


def test_what_pairs_that_cannot_be_chosen_are_worth_makes_no_difference():
    """Points differ only where neither may go: alike."""
    program = made([adults("A"), adults("B")], [place("0001", 0), place("0002", 9)]).program
    terms = {**program.terms[2], "other": np.array([[7, 0], [9, 0]])}
    changed = replace(program, terms={**program.terms, 2: terms})
    assert UnitClasses.of(changed).count.tolist() == [2]
