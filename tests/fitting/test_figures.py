"""The model gives back the report's own figures, as far as these tell how persons go together."""

import numpy as np
import pytest

from matcher.fitting.figures import (
    compare,
    needed_composition,
    person_moving,
    places,
)
from matcher.fitting.plots import PlotError, figures_plot, save
from matcher.stay import Horizon, persons
from matcher.stay.cohort import person_kinds
from matcher.stay.raking import margin
from matcher.stay.tables import moved
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
    overall = {horizon: compare(horizon)[0] for horizon in Horizon}
    assert overall[Horizon.SEVEN_YEARS].predicted == pytest.approx(0.35, abs=0.005)
    assert overall[Horizon.FIVE_YEARS].predicted == pytest.approx(0.20, abs=0.015)
    assert overall[Horizon.YEAR_SIX_TO_SEVEN].predicted == pytest.approx(0.15, abs=0.015)


@pytest.mark.parametrize("horizon", Horizon)
def test_groups_move_as_observed_but_for_those_that_are_explained(horizon):
    """Within three points; every sex, household type and most ages among them."""
    large = {(f.variable, f.level) for f in compare(horizon) if f.large}
    assert large <= EXPLAINED
    assert not any(variable in ("sex", "household_type") for variable, _ in large)


def test_observed_figures_are_table_2_s():
    """Of 14 384 who live alone, 3693 and 2322 moved."""
    alone = next(f for f in compare(Horizon.SEVEN_YEARS) if f.level == "living alone")
    assert alone.observed == pytest.approx((3693 + 2322) / 14384)
    early = next(f for f in compare(Horizon.FIVE_YEARS) if f.level == "living alone")
    assert early.observed == pytest.approx(3693 / 14384)


def test_predictions_are_the_mean_over_simulated_persons():
    """200 000 persons drawn one by one: every group's mean is what was worked out in sums."""
    shares = person_kinds().ravel()
    drawn = np.random.default_rng(1).choice(len(shares), 200_000, p=shares)
    kinds = np.unravel_index(drawn, persons.SHAPE)
    moving = person_moving(Horizon.SEVEN_YEARS).ravel()[drawn]
    figures = {(f.variable, f.level): f.predicted for f in compare()}
    for codes, (variable, levels) in zip(kinds, persons.LEVELS.items(), strict=True):
        for code, level in enumerate(levels):
            mean = moving[codes == code].mean()
            assert figures[variable, level] == pytest.approx(mean, abs=0.02), level


def test_the_order_of_places_is_that_of_the_ten_year_figures():
    """The less central and the smaller, the more move; most of all in Nord-Norge."""
    found = {(p.variable, p.level): p.predicted for p in places()}
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
    told = [p for p in places() if p.ten_years is not None]
    assert len(told) == 7
    assert all(p.predicted < p.ten_years for p in told)


@pytest.mark.parametrize("horizon", [Horizon.FIVE_YEARS, Horizon.SEVEN_YEARS])
def test_a_composition_with_the_same_sums_gives_back_every_group(horizon):
    """So the deviations by group say how persons go together, not that the sums are wrong."""
    moving = person_moving(horizon)
    needed = needed_composition(moving, horizon)
    level = float((person_kinds() * moving).sum())
    for axis, (variable, levels) in enumerate(persons.LEVELS.items()):
        weight = margin(needed, axis)
        assert weight == pytest.approx(margin(person_kinds(), axis), abs=1e-8)
        everyone = np.array([moved(variable, "all")[x] for x in levels])
        gone = sum(
            np.array([moved(variable, c)[x] for x in levels])
            for c in ("moved_within_5y", "moved_year_6_7")[: 1 if horizon == "5y" else 2]
        )
        observed = gone / everyone - gone.sum() / everyone.sum()
        predicted = margin(needed * (moving - level), axis) / weight
        assert predicted == pytest.approx(observed, abs=1e-6), variable


def test_no_composition_gives_back_year_six_to_seven_as_printed():
    """But one does with the difference of the other two columns in its place."""
    late = Horizon.YEAR_SIX_TO_SEVEN
    assert needed_composition(person_moving(late), late) is None
    difference = person_moving(Horizon.SEVEN_YEARS) - person_moving(Horizon.FIVE_YEARS)
    assert needed_composition(difference, late) is not None


def test_every_large_deviation_is_in_the_page():
    """With its horizon and what it takes."""
    text = page("reference/stay-figures.md").partition("## Why")[2]
    for horizon, words in {"5y": "within five", "7y": "within seven"}.items():
        for figure in compare(Horizon(horizon)):
            row = f"| {figure.variable.replace('_', ' ')}: {figure.level} | {words} |"
            assert (row in text) == figure.large


def test_a_plot_is_the_same_to_the_byte_and_of_a_known_kind(tmp_path):
    """Twice the same file; anything but svg, png and pdf is refused by name."""
    for name in ("a.svg", "b.svg"):
        save(figures_plot(compare()), tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    with pytest.raises(PlotError, match=r"plot\.docx"):
        save(figures_plot(compare()), tmp_path / "plot.docx")
