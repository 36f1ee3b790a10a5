"""Judging a model: on those it has not seen, by measures that can be worked by hand."""

from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm

from matcher.stay.fitting.coding import code_rows
from matcher.stay.fitting.evaluation import clustered_error, evaluate_model, select_later_cohorts
from matcher.stay.fitting.model_card import render_model_card
from matcher.stay.fitting.models import FittedModel
from matcher.stay.fitting.register import RegisterError
from matcher.stay.fitting.survival_curves import compare_survival_by_group

pytestmark = pytest.mark.slow


class Oracle(FittedModel):
    """A model that says what it is told to."""

    method = "oracle"
    answers: Any

    def __init__(self, answers):
        object.__setattr__(self, "horizon", 7)
        object.__setattr__(self, "cohorts", (2010, 2015))
        object.__setattr__(self, "answers", answers)

    pair_effects = ()

    def predict_moving(self, rows):
        return np.asarray(self.answers, dtype=float)

    def as_json(self):
        raise NotImplementedError

    @classmethod
    def from_json(cls, horizon, cohorts, held):
        raise NotImplementedError


@pytest.fixture
def later(register):
    """The last cohort."""
    return register.select_cohorts(first=2016)


def test_measures_are_what_they_say(later):
    """Brier, log loss and the share ranked right, by their definitions."""
    random = np.random.default_rng(1)
    answers, moved = random.uniform(0.1, 0.9, len(later)), later.moved_within(7)
    found = evaluate_model(Oracle(answers), later)
    assert found.brier == pytest.approx(((answers - moved) ** 2).mean())
    chance = np.where(moved, answers, 1 - answers)
    assert found.log_loss == pytest.approx(-np.log(chance).mean())
    pairs = answers[moved][:, None] > answers[~moved][None, :]
    assert found.auc == pytest.approx(pairs.mean())
    assert found.brier_of_mean == pytest.approx(moved.mean() * (1 - moved.mean()))


def test_the_truth_is_well_calibrated(later):
    """Slope near 1, nearly no bin off; half as sure a model has a slope of two."""
    truth = later.people["true_moving"].to_numpy()
    found = evaluate_model(Oracle(truth), later)
    assert found.slope == pytest.approx(1, abs=0.2)
    assert sum(b.is_miscalibrated for b in found.bins) <= 2
    assert found.predicted == pytest.approx(found.moved, abs=0.03)
    odds = np.log(np.clip(truth, 0.001, 0.999) / np.clip(1 - truth, 0.001, 0.999))
    timid = evaluate_model(Oracle(1 / (1 + np.exp(-odds / 2))), later)
    assert timid.slope == pytest.approx(2 * found.slope, rel=0.05)


def test_a_model_that_is_wrong_about_a_group_is_found_out(later):
    """Women predicted to move 20 points more than they do."""
    women = (later.people["sex"] == "woman").to_numpy()
    answers = np.clip(later.people["true_moving"].to_numpy() + 0.2 * women, 0, 1)
    groups = {(g.variable, g.level): g for g in evaluate_model(Oracle(answers), later).groups}
    assert groups["sex", "woman"].is_miscalibrated
    assert not groups["sex", "man"].is_miscalibrated


def test_bins_hold_everyone_once(later):
    """Ten of nearly one size, in the order of the prediction."""
    found = evaluate_model(Oracle(np.linspace(0, 1, len(later))), later)
    sizes = [b.persons for b in found.bins]
    assert sum(sizes) == len(later)
    assert max(sizes) - min(sizes) <= 1
    assert np.all(np.diff([b.predicted for b in found.bins]) > 0)


def test_only_later_cohorts_are_held_out(models, register):
    """Never those that a model was fitted on; none left is an error."""
    assert select_later_cohorts(models["linear"], register).settlement_range == (2016, 2016)
    with pytest.raises(RegisterError, match="from 2016 on"):
        select_later_cohorts(models["linear"], register.select_cohorts(last=2015))


def test_the_error_of_a_share_is_clustered():
    """Against statsmodels on a constant; never below that of persons alone."""
    random = np.random.default_rng(2)
    town = random.integers(0, 30, 600)
    moved = random.random(600) < 0.3 + 0.3 * (town % 2)
    found = sm.OLS(moved.astype(float), np.ones(600)).fit(
        cov_type="cluster", cov_kwds={"groups": town}
    )
    got = clustered_error(moved - moved.mean(), town.astype(str))
    assert got == pytest.approx(found.bse[0], rel=0.01)
    alone = clustered_error(moved - moved.mean(), np.arange(600).astype(str))
    assert alone == pytest.approx(moved.std() / np.sqrt(600), rel=0.01)


def test_too_few_to_judge_is_an_error(register):
    """Said with how many there are."""
    few = register.select(np.arange(len(register)) < 10)
    with pytest.raises(RegisterError, match="10 persons"):
        evaluate_model(Oracle(np.full(10, 0.3)), few)


def test_those_lost_too_early_are_left_out_and_counted(later):
    """Not known whether they moved within seven years."""
    lost = later.select(np.ones(len(later), dtype=bool))
    years, moved = lost.followed_years.copy(), lost.moved.copy()
    years[:40], moved[:40] = 3, False
    cut = type(lost)(lost.people, years, moved)
    answers = later.people["true_moving"].to_numpy()[40:]
    found = evaluate_model(Oracle(answers), cut)
    assert (found.left_out, found.persons) == (40, len(later) - 40)


def test_observed_survival_is_kaplan_and_meier_s(models, later):
    """Without losses: the share who have not moved yet."""
    predicted, observed = compare_survival_by_group(models["hazard"], later, "sex")
    chosen = code_rows(later.people).codes["sex"] == 1
    there = [1 - (later.moved & (later.followed_years <= k))[chosen].mean() for k in range(1, 8)]
    assert observed["woman"] == pytest.approx(there)
    assert predicted["woman"] == pytest.approx(observed["woman"], abs=0.08)


def test_the_card_says_what_was_found(models, register):
    """Persons, measures, every effect, what it is not; and a boosted one has no effects."""
    later = select_later_cohorts(models["hazard"], register)
    found = evaluate_model(models["hazard"], later)
    text = render_model_card(models["hazard"], register.select_cohorts(last=2015), found, later)
    for word in (
        f"{found.brier:.4f}",
        "| pair: school_soon |",
        "| year 7 |",
        "Not causes",
        f"{len(later)} persons",
    ):
        assert word in text, word
    trees = render_model_card(
        models["boosting"], register, evaluate_model(models["boosting"], later), later
    )
    assert "150 trees" in trees
