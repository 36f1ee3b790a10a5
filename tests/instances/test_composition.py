"""A generated queue has the composition of those settled 2010-2023."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from instances import Profile, composition_deviations, generate
from instances.settled_composition import age_group, settled_counts
from matcher.domain import Instance, Sex

BOUNDS = {
    "small": 7.0,
    "night": 1.0,
    "november": 1.0,
    "tight": 0.5,
    "busy-night": 0.5,
    "backlog": 0.5,
    "year": 0.3,
}
"""Percentage points. Of 40 households, one family of six is 7 per cent of the persons."""


@pytest.mark.slow
@pytest.mark.parametrize("name", BOUNDS)
def test_every_level_is_within_the_bound_of_its_profile(
    name: str, queue: Callable[[str], Instance]
) -> None:
    assert composition_deviations(queue(name)).attrs["largest"] < BOUNDS[name]


@pytest.mark.parametrize("seed", [2, 3, 4, 5])
def test_other_seeds_keep_the_bounds_too(seed: int) -> None:
    for name in ("small", "night"):
        other = generate(Profile.read(name), seed=seed)
        assert composition_deviations(other).attrs["largest"] < BOUNDS[name]


def test_all_levels_of_all_five_dimensions_are_compared(night: Instance) -> None:
    table = composition_deviations(night)
    assert set(table["dimension"]) == {
        "sex",
        "age",
        "household_type",
        "origin",
        "immigration_ground",
    }
    assert len(table) == 24
    assert table.groupby("dimension")["share"].sum().tolist() == pytest.approx([100.0] * 5)
    assert table.groupby("dimension")["report"].sum().tolist() == pytest.approx([100.0] * 5)


def test_a_queue_of_men_is_half_a_country_away(night: Instance) -> None:
    men = tuple(
        replace(h, members=tuple(replace(p, sex=Sex.MAN) for p in h.members))
        for h in night.households
    )
    table = composition_deviations(night.replace(households=men)).set_index("level")
    assert table.loc["man", "deviation"] == pytest.approx(100 - 100 * 75397 / 141750)
    assert composition_deviations(night.replace(households=men)).attrs["largest"] == pytest.approx(
        46.81, abs=0.01
    )


def test_seventeen_thousand_households_are_about_37_000_persons(year: Instance) -> None:
    assert len(year.households) == 17_000
    assert abs(year.persons - 37_000) < 400


def test_the_report_is_read_as_it_stands() -> None:
    report = settled_counts()
    assert sum(report["sex"].values()) == 141_750
    assert report["origin"]["Ukraine"] == 50_653
    assert {age_group(a) for a in range(100)} == set(report["age"])


def test_unaccompanied_minors_are_as_many_as_imdi_requested_places_for(year: Instance) -> None:
    minors = sum(p.unaccompanied for h in year.households for p in h.members)
    assert abs(minors - 610) < 10
