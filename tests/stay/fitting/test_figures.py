"""The model gives back the report's own figures, as far as these tell how persons go together."""

import numpy as np
import pytest

from matcher.stay import Horizon, persons
from matcher.stay.coefficients import moved_counts
from matcher.stay.cohort import person_type_shares
from matcher.stay.fitting.plots import PlotError, plot_replication, save_plot
from matcher.stay.fitting.replication import (
    find_consistent_composition,
    person_type_moving,
    predict_by_place,
    replicate_table_2,
)
from matcher.stay.raking import margin_sums
from tests.docs.pages import page

EXPLAINED = {
    ("age", "30-39"),
    ("age", "40-49"),
    ("origin", "Syria"),
    ("origin", "Eritrea"),
    ("origin", "Somalia"),
    ("origin", "Iran"),
    ("origin", "Iraq"),
    ("origin", "other country"),
    ("immigration_ground", "other refugee"),
}
"""Groups whose deviation over three points is explained in the docs."""


def test_everyone_moves_as_observed():
    """20 % within five years and 35 % within seven, to a point and a half; 15 % between."""
    overall = {horizon: replicate_table_2(horizon)[0] for horizon in Horizon}
    assert overall[Horizon.SEVEN_YEARS].predicted == pytest.approx(0.35, abs=0.005)
    assert overall[Horizon.FIVE_YEARS].predicted == pytest.approx(0.20, abs=0.015)
    assert overall[Horizon.YEAR_SIX_TO_SEVEN].predicted == pytest.approx(0.15, abs=0.015)


@pytest.mark.parametrize("horizon", Horizon)
def test_groups_move_as_observed_but_for_those_that_are_explained(horizon):
    """Within three points; every sex, household type and most ages among them."""
    large = {(f.variable, f.level) for f in replicate_table_2(horizon) if f.is_large}
    assert large <= EXPLAINED
    assert not any(variable in ("sex", "household_type") for variable, _ in large)


def test_observed_figures_are_table_2_s():
    """Of 14 384 who live alone, 3693 and 2322 moved."""
    alone = next(f for f in replicate_table_2(Horizon.SEVEN_YEARS) if f.level == "living alone")
    assert alone.observed == pytest.approx((3693 + 2322) / 14384)
    early = next(f for f in replicate_table_2(Horizon.FIVE_YEARS) if f.level == "living alone")
    assert early.observed == pytest.approx(3693 / 14384)


def test_predictions_are_the_mean_over_simulated_persons():
    """200 000 persons drawn one by one: every group's mean is what was worked out in sums."""
    shares = person_type_shares().ravel()
    drawn = np.random.default_rng(1).choice(len(shares), 200_000, p=shares)
    kinds = np.unravel_index(drawn, persons.PERSON_SHAPE)
    moving = person_type_moving(Horizon.SEVEN_YEARS).ravel()[drawn]
    figures = {(f.variable, f.level): f.predicted for f in replicate_table_2()}
    for codes, (variable, levels) in zip(kinds, persons.PERSON_LEVELS.items(), strict=True):
        for code, level in enumerate(levels):
            mean = moving[codes == code].mean()
            assert figures[variable, level] == pytest.approx(mean, abs=0.02), level


def test_the_order_of_places_is_that_of_the_ten_year_figures():
    """The less central and the smaller, the more move; most of all in Nord-Norge."""
    found = {(p.variable, p.level): p.predicted for p in predict_by_place()}
    central = [found["centrality", c] for c in "123456"]
    assert central == sorted(central)
    sizes = ("50000+", "20000-49999", "10000-19999", "5000-9999", "2000-4999", "under 2000")
    small = [found["population", s] for s in sizes]
    assert small == sorted(small)
    north = ("Østlandet", "Sørlandet", "Vestlandet", "Trøndelag", "Nord-Norge")
    by_landsdel = [found["landsdel", w] for w in north]
    assert by_landsdel == sorted(by_landsdel)


def test_after_seven_years_fewer_have_moved_than_after_ten():
    """Wherever the report tells."""
    told = [p for p in predict_by_place() if p.ten_years is not None]
    assert len(told) == 7
    assert all(p.predicted < p.ten_years for p in told)


@pytest.mark.parametrize("horizon", [Horizon.FIVE_YEARS, Horizon.SEVEN_YEARS])
def test_a_composition_with_the_same_sums_gives_back_every_group(horizon):
    """So the deviations by group say how persons go together, not that the sums are wrong."""
    moving = person_type_moving(horizon)
    needed = find_consistent_composition(moving, horizon)
    level = float((person_type_shares() * moving).sum())
    for axis, (variable, levels) in enumerate(persons.PERSON_LEVELS.items()):
        weight = margin_sums(needed, axis)
        assert weight == pytest.approx(margin_sums(person_type_shares(), axis), abs=1e-8)
        everyone = np.array([moved_counts(variable, "all")[x] for x in levels])
        columns = ("moved_within_5y", "moved_year_6_7")[: 1 if horizon == "5y" else 2]
        gone = np.array([sum(moved_counts(variable, c)[x] for c in columns) for x in levels])
        observed = gone / everyone - gone.sum() / everyone.sum()
        predicted = margin_sums(needed * (moving - level), axis) / weight
        assert predicted == pytest.approx(observed, abs=1e-6), variable


@pytest.mark.slow
def test_no_composition_gives_back_year_six_to_seven_as_printed():
    """But one does with the difference of the other two columns in its place."""
    late = Horizon.YEAR_SIX_TO_SEVEN
    assert find_consistent_composition(person_type_moving(late), late) is None
    difference = person_type_moving(Horizon.SEVEN_YEARS) - person_type_moving(Horizon.FIVE_YEARS)
    assert find_consistent_composition(difference, late) is not None


def test_every_large_deviation_is_in_the_page():
    """With its horizon and what it takes."""
    text = page("reference/stay-figures.md").partition("## Why")[2]
    for horizon, words in {"5y": "within five", "7y": "within seven"}.items():
        for figure in replicate_table_2(Horizon(horizon)):
            row = f"| {figure.variable.replace('_', ' ')}: {figure.level} | {words} |"
            assert (row in text) == figure.is_large


def test_a_plot_is_the_same_to_the_byte_and_of_a_known_kind(tmp_path):
    """Twice the same file; anything but svg, png and pdf is refused by name."""
    for name in ("a.svg", "b.svg"):
        save_plot(plot_replication(replicate_table_2()), tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    with pytest.raises(PlotError, match=r"plot\.docx"):
        save_plot(plot_replication(replicate_table_2()), tmp_path / "plot.docx")
