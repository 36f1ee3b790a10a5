"""Means by group: what each person gets, with small groups hidden so that they stay so."""

import numpy as np
import pandas as pd
import pytest

from matcher import Instance, Policy, Problem
from matcher.analysis.fairness import build_person_outcomes, summarise_groups
from matcher.domain import Sex
from tests.policy.rules.asked import TODAY, household, person
from tests.policy.terms.effects_asked import place


def persons(**columns) -> pd.DataFrame:
    """As many persons as a column is long; grown men, placed near, unless told."""
    number = len(next(iter(columns.values())))
    usual = {
        "unit": range(number),
        "sex": "man",
        "age": "18-29",
        "household_type": "living alone",
        "origin": "Syria",
        "ground": "asylum",
        "placed": True,
        "stay": 0.5,
        "waited": 10.0,
        "kilometres": 100.0,
        "remote": 0.0,
    }
    return pd.DataFrame({**usual, **columns}, index=range(number))


def by_level(frame: pd.DataFrame, dimension: str) -> dict:
    return {g.level: g for g in summarise_groups(frame) if g.dimension == dimension}


def test_means_are_of_the_placed_and_counts_of_all():
    """Six women of whom one is not placed, six men far away."""
    frame = persons(
        sex=["woman"] * 6 + ["man"] * 6,
        placed=[False] + [True] * 11,
        stay=[np.nan, *[0.8] * 5, *[0.4] * 6],
        waited=[np.nan, *[20.0] * 5, *[50.0] * 6],
        kilometres=[np.nan, *[10.0] * 5, *[500.0] * 6],
        remote=[np.nan, *[0.0] * 5, *[1.0] * 3, *[0.0] * 3],
    )
    found = by_level(frame, "sex")
    assert (found["woman"].persons, found["woman"].placed) == (6, 5)
    assert found["woman"].stay == pytest.approx(0.8)
    assert (found["man"].waited, found["man"].kilometres, found["man"].remote) == (50, 500, 0.5)


def test_the_worst_off_tenth_is_a_tenth_of_the_placed():
    """Two of twenty, both of them men."""
    stay = [0.1, 0.2, *np.linspace(0.5, 0.9, 18)]
    found = by_level(persons(stay=stay, sex=["man"] * 8 + ["woman"] * 12), "sex")
    assert found["man"].worst_off == pytest.approx(2 / 8)
    assert found["woman"].worst_off == 0


def test_groups_under_five_are_hidden_and_cannot_be_worked_out():
    """One small group alone hides the next smallest as well; two hide each other."""
    origins = ["Syria"] * 9 + ["Iran"] * 6 + ["Iraq"] * 4
    found = by_level(persons(origin=origins), "origin")
    assert found["Iraq"].persons is None and found["Iran"].persons is None
    assert found["Iraq"].stay is None
    assert found["Syria"].persons == 9
    found = by_level(persons(origin=["Syria"] * 9 + ["Iran"] * 4 + ["Iraq"] * 4), "origin")
    assert [g.persons for g in found.values()] == [None, None, 9]


def test_a_mean_of_fewer_than_five_is_not_shown():
    """Where the distance is known of four alone."""
    frame = persons(kilometres=[100.0] * 4 + [np.nan] * 6)
    assert by_level(frame, "sex")["man"].kilometres is None
    assert summarise_groups(frame)[0].persons == 10


def test_an_empty_queue_and_a_tiny_one_show_nothing():
    """Everyone is a group too."""
    assert summarise_groups(persons(sex=["man"] * 3))[0].persons is None
    assert summarise_groups(persons(sex=[]))[0].persons is None


def test_outcomes_of_each_person_by_hand():
    """A couple moved a hundred kilometres north into centrality 6; a man who stays in the queue."""
    couple = household(
        person(id="1", sex=Sex.WOMAN, origin="Iran"),
        person(id="2", age=None, sex=Sex.MAN),
        id="C",
        lives_in="0001",
    )
    towns = place("0001"), place("0002", centrality=6, latitude=61.0)
    problem = Problem.of(Instance(TODAY, (couple, household(person(id="3"))), towns), Policy("x"))
    found = build_person_outcomes(problem, np.array([1, -1]))
    assert found.sex.tolist() == ["woman", "man", "unknown"]
    assert found.age.tolist() == ["30-39", "unknown", "30-39"]
    assert found.origin.tolist() == ["Iran", "unknown", "unknown"]
    assert found.placed.tolist() == [True, True, False]
    assert found.waited.tolist()[:2] == [130, 130]
    assert found.kilometres[0] == pytest.approx(np.pi * 6371 / 180, rel=1e-6)
    assert found.remote.tolist()[:2] == [1, 1]
    stay = problem.stay_model.predict(problem.households, problem.municipalities)
    assert found.stay[0] == pytest.approx(stay.probability[0, 1])
    assert found.loc[2, ["stay", "waited", "kilometres", "remote"]].isna().all()
