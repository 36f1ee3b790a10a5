"""Fitting a stay model on register data: four methods, errors robust within municipalities."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np
import statsmodels.api as sm
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from matcher.domain.tables.array_types import IntArray
from matcher.stay.fitting.coding import DesignSpec, code_rows
from matcher.stay.fitting.fitted_effects import FittedEffects
from matcher.stay.fitting.hazard import PersonYears, fit_hazard
from matcher.stay.fitting.models import (
    BoostedModel,
    FittedModel,
    HazardModel,
    LinearModel,
    LogitModel,
    build_features,
)
from matcher.stay.fitting.register import Register, RegisterError
from matcher.stay.fitting.trees import DecisionTree, TreeEnsemble

FittingMethod = Literal["linear", "logit", "hazard", "boosting"]
BOOSTING_PARAMETERS: Mapping[str, Any] = {
    "max_iter": 150,
    "learning_rate": 0.08,
    "max_leaf_nodes": 15,
    "min_samples_leaf": 100,
    "l2_regularization": 5.0,
    "early_stopping": False,
    "random_state": 0,
}
"""Parameters of the boosting: many small trees, no randomness."""
MIN_PERSONS = 200
"""Fewest persons that a model is fitted on."""


def fit_model(register: Register, method: FittingMethod | str, horizon: int = 7) -> FittedModel:
    """Fit a model of who moves within a number of years.

    Parameters
    ----------
    register : Register
        Persons that the model is fitted on.
    method : "linear", "logit", "hazard" or "boosting"
        Form of the model. The hazard model uses every year in which a person was followed; the
        other models use persons known to have moved, or not, within the horizon.
    horizon : int
        Years since settlement.

    Raises
    ------
    RegisterError
        When the method does not exist, fewer than 200 persons remain, or nobody or everybody moved.
    """
    if method not in _METHODS:
        raise RegisterError(f"{method!r} is no method of fitting; use {', '.join(_METHODS)}")
    used = register if method == "hazard" else register.with_known_outcome(horizon)
    moved = used.moved_within(horizon)
    if len(used) < MIN_PERSONS or moved.all() or not moved.any():
        raise RegisterError(
            f"{len(used)} persons of whom {int(moved.sum())} moved within {horizon} years are too "
            f"few to fit a model on; give at least {MIN_PERSONS}, some who moved and some who "
            "did not"
        )
    # Such small tasks are slower on several threads, and much slower on a busy machine.
    with threadpool_limits(1):
        return _METHODS[method](used, horizon)


def _linear(register: Register, horizon: int) -> LinearModel:
    rows = code_rows(register.people)
    design = DesignSpec.learn(rows)
    outcome = register.moved_within(horizon).astype(np.float64)
    regression = sm.OLS(outcome, design.matrix(rows)).fit(
        cov_type="cluster", cov_kwds={"groups": number_municipalities(register)}
    )
    return LinearModel(
        horizon,
        register.settlement_range,
        FittedEffects(design, regression.params, regression.cov_params()),
    )


def _logit(register: Register, horizon: int) -> LogitModel:
    rows = code_rows(register.people)
    design = DesignSpec.learn(rows)
    # A single period: whether a person moved within the horizon.
    whole = np.ones(len(register), dtype=np.int64)
    single_period = PersonYears.from_durations(
        design.matrix(rows), whole, register.moved_within(horizon), 1
    )
    return LogitModel(
        horizon,
        register.settlement_range,
        FittedEffects(design, *fit_hazard(single_period, number_municipalities(register))),
    )


def _hazard(register: Register, horizon: int) -> HazardModel:
    rows = code_rows(register.people)
    design = DesignSpec.learn(rows)
    rows_by_year = PersonYears.from_durations(
        design.matrix(rows), register.followed_years, register.moved, horizon
    )
    values, covariance = fit_hazard(rows_by_year, number_municipalities(register))
    columns = len(design.column_names)
    effects = FittedEffects(design, values[:columns], covariance[:columns, :columns])
    errors = np.sqrt(np.diag(covariance)[columns:])
    by_year = [np.concatenate([[0.0], x]) for x in (values[columns:], errors)]
    return HazardModel(horizon, register.settlement_range, effects, *by_year)


def _boosting(register: Register, horizon: int) -> BoostedModel:
    rows = code_rows(register.people)
    inputs = build_features(rows, tuple(rows.pair_fits))
    classifier = HistGradientBoostingClassifier(**BOOSTING_PARAMETERS)
    classifier.fit(inputs, register.moved_within(horizon))
    # The trees are not part of scikit-learn's public interface; a test checks their sum.
    trees = tuple(_tree(step[0].nodes) for step in classifier._predictors)
    base = float(np.ravel(classifier._baseline_prediction)[0])
    return BoostedModel(
        horizon, register.settlement_range, TreeEnsemble(base, trees), tuple(rows.pair_fits)
    )


def _tree(nodes: np.ndarray) -> DecisionTree:
    leaf = nodes["is_leaf"].astype(bool)
    return DecisionTree(
        feature=np.where(leaf, -1, nodes["feature_idx"]).astype(np.int64),
        threshold=np.where(leaf, 0.0, nodes["num_threshold"]).astype(np.float64),
        missing_left=nodes["missing_go_to_left"].astype(bool),
        left=nodes["left"].astype(np.int64),
        right=nodes["right"].astype(np.int64),
        value=nodes["value"].astype(np.float64),
    )


def number_municipalities(register: Register) -> IntArray:
    """Number the municipalities from 0, shape (persons,)."""
    _, code = np.unique(register.people["municipality"].astype(str), return_inverse=True)
    return code.astype(np.int64)


_METHODS: Mapping[str, Callable[[Register, int], FittedModel]] = {
    "linear": _linear,
    "logit": _logit,
    "hazard": _hazard,
    "boosting": _boosting,
}
FITTING_METHODS = tuple(_METHODS)
