"""Fitting finds the truth that a register was made from, and files hold models whole."""

import json

import numpy as np
import pytest
import statsmodels.api as sm
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from instances.register import SimulationTruth, simulate_register
from matcher.stay import Coefficients, Horizon
from matcher.stay.fitting.coding import DesignSpec, code_rows
from matcher.stay.fitting.fit import (
    BOOSTING_PARAMETERS,
    FITTING_METHODS,
    fit_model,
    number_municipalities,
)
from matcher.stay.fitting.hazard import NoConvergenceError, PersonYears, fit_hazard
from matcher.stay.fitting.model_files import ModelFileError, hash_model, load_model, save_model
from matcher.stay.fitting.models import LinearModel, build_features
from matcher.stay.fitting.register import RegisterError, build_register
from tests.stay.fitting.conftest import PLANTED

pytestmark = pytest.mark.slow


def linear_effects(register):
    """Effects and their errors of a linear model, by variable and level."""
    model = fit_model(register, "linear")
    assert isinstance(model, LinearModel)
    return model.effects.by_name


def test_refitting_recovers_table_4_and_what_was_planted(register):
    """All effects within the errors: none off by four, one in twenty by two, spread about one."""
    published = Coefficients.read(Horizon.SEVEN_YEARS).by_level
    off = []
    for (variable, level), (value, error) in linear_effects(register).items():
        truth = -PLANTED[level] if variable == "pair" else published[variable, level].value
        off.append((value - truth) / error)
    assert len(off) == 52
    assert np.abs(off).max() < 4
    assert np.mean(np.abs(off) > 2) < 0.12
    assert 0.5 < np.std(off) < 1.5


def test_a_planted_effect_is_told_from_none():
    """8 points more of the teenagers without a school, a hundredth of 100 000 persons."""
    rows = simulate_register(100_000, 1, SimulationTruth(pair_sizes={"school_soon": 0.08}))
    value, error = linear_effects(build_register(rows))["pair", "school_soon"]
    assert value == pytest.approx(-0.08, abs=2.5 * error)
    assert abs(value) > 3 * error


def test_errors_are_wider_where_municipalities_differ():
    """Of what is known of places, when each adds something of its own."""
    errors = []
    for between in (0.0, 0.08):
        people = build_register(simulate_register(6000, 2, SimulationTruth(between=between)))
        errors.append(linear_effects(people)["centrality", "5"][1])
    assert errors[1] > 1.3 * errors[0]


def test_the_linear_model_is_least_squares(register, models):
    """Against the normal equations; means by group come back exactly."""
    used = register.select_cohorts(last=2015)
    rows, moved = code_rows(used.people), used.moved_within(7)
    matrix = models["linear"].effects.design.matrix(rows)
    expected = np.linalg.lstsq(matrix, moved.astype(float), rcond=None)[0]
    assert models["linear"].effects.values == pytest.approx(expected, abs=1e-8)
    predicted = models["linear"].predict_moving(rows)
    for code in range(9):
        chosen = rows.codes["origin"] == code
        assert predicted[chosen].mean() == pytest.approx(moved[chosen].mean())


def test_the_hazard_is_the_regression_on_the_rows(register):
    """Effects and clustered errors of statsmodels on person-years written out."""
    few = register.select(np.arange(len(register)) < 1500)
    rows = code_rows(few.people)
    matrix = DesignSpec.learn(rows).matrix(rows)[:, :6]
    layout = PersonYears.from_durations(matrix, few.followed_years, few.moved, 5)
    person, year = np.nonzero(layout.followed)
    years = (year[:, None] == np.arange(1, 5)).astype(float)
    outcome = layout.moved[person, year].astype(float)
    found = sm.Logit(outcome, np.hstack([matrix[person], years])).fit(
        disp=0, cov_type="cluster", cov_kwds={"groups": number_municipalities(few)[person]}
    )
    values, covariance = fit_hazard(layout, number_municipalities(few))
    assert values == pytest.approx(found.params, abs=1e-5)
    assert np.sqrt(np.diag(covariance)) == pytest.approx(found.bse, rel=1e-4)


def test_the_logit_is_statsmodels_own(register, models):
    """Effects and clustered errors."""
    used = register.select_cohorts(last=2015)
    rows = code_rows(used.people)
    effects = models["logit"].effects
    found = sm.Logit(used.moved_within(7).astype(float), effects.design.matrix(rows)).fit(
        disp=0, cov_type="cluster", cov_kwds={"groups": number_municipalities(used)}
    )
    assert effects.values == pytest.approx(found.params, abs=1e-5)
    assert effects.standard_errors == pytest.approx(found.bse, rel=1e-4)


def test_a_hazard_without_an_answer_is_an_error():
    """One group always moves at once: its effect grows without end."""
    always = np.repeat([True, False], 100)
    moved = always | (np.arange(200) % 3 == 0)
    facts = np.column_stack([np.ones(200), always])
    layout = PersonYears.from_durations(facts, np.where(always, 1, 3), moved, 3)
    with pytest.raises(NoConvergenceError, match="nobody does"):
        fit_hazard(layout, np.arange(200) % 10)


def test_survival_falls_and_ends_at_the_horizon(models, register):
    """Year by year, and one less the probability of moving at last."""
    rows = code_rows(register.people)
    curves = models["hazard"].predict_survival(rows)
    assert curves.shape == (len(register), 7)
    assert (np.diff(curves, axis=1) < 0).all()
    assert models["hazard"].predict_moving(rows) == pytest.approx(1 - curves[:, -1])


def test_exported_trees_say_what_scikit_learn_says(register, models):
    """Every probability, of facts that are not known as well."""
    used = register.select_cohorts(last=2015)
    asked = build_features(code_rows(used.people), used.pair_effects)
    with threadpool_limits(1):
        grown = HistGradientBoostingClassifier(**BOOSTING_PARAMETERS).fit(
            asked, used.moved_within(7)
        )
        asked[::7, 3] = np.nan
        asked[::5, 5] = np.nan
        expected = grown.predict_proba(asked)[:, 1]
    got = 1 / (1 + np.exp(-models["boosting"].trees.predict(asked)))
    assert got == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("method", FITTING_METHODS)
def test_a_model_comes_back_from_its_file(models, register, method, tmp_path):
    """The same numbers, predictions and hash; the file is plain JSON."""
    path = tmp_path / "model.json"
    save_model(models[method], path)
    json.loads(path.read_text())
    again = load_model(path)
    rows = code_rows(register.people.head(50))
    assert again.predict_moving(rows).tolist() == models[method].predict_moving(rows).tolist()
    assert again.cohorts == (2010, 2015)
    assert hash_model(again) == hash_model(models[method])


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", '{"method": "magic"}', '{"method": "linear", "format": 99}']
)
def test_a_file_that_is_no_model_is_refused(tmp_path, text):
    """By name; nothing in it is run."""
    path = tmp_path / "odd.json"
    path.write_text(text)
    with pytest.raises(ModelFileError, match=r"odd\.json"):
        load_model(path)


def test_too_few_persons_are_no_data(register):
    """And neither are those who all did the same, or a method that does not exist."""
    with pytest.raises(RegisterError, match="200"):
        fit_model(register.select(np.arange(len(register)) < 100), "linear")
    with pytest.raises(RegisterError, match="some who moved"):
        fit_model(register.select(~register.moved), "linear")
    with pytest.raises(RegisterError, match="'guess'"):
        fit_model(register, "guess")


@pytest.mark.parametrize("method", FITTING_METHODS)
def test_every_method_sees_more_than_the_mean(models, register, method):
    """On the cohort that was held out, against the share who moved."""
    later = register.select_cohorts(first=2016)
    moved = later.moved_within(7)
    predicted = np.clip(models[method].predict_moving(code_rows(later.people)), 0, 1)
    assert ((predicted - moved) ** 2).mean() < 0.95 * moved.var()
