"""Quality of a fitted model on persons it was not fitted on: overall, by bin and by group."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

from matcher.domain.tables.array_types import BoolArray, FloatArray
from matcher.stay.fitting.coding import VARIABLE_LEVELS, CodedRows, code_rows
from matcher.stay.fitting.models import FittedModel
from matcher.stay.fitting.register import Register, RegisterError
from matcher.stay.model import NORMAL_95

BINS = 10
CLIP_MARGIN = 0.001
"""Predictions are clipped to this distance from 0 and 1 before a model is judged."""
MIN_PERSONS = 50
"""Groups with fewer persons are neither judged nor shown."""


@dataclass(frozen=True, slots=True)
class CalibrationGroup:
    """Observed and predicted moving share of a group of persons.

    Parameters
    ----------
    variable, level : str
        The group; for a bin of the prediction, the level is its number.
    persons : int
        Number of persons.
    observed, predicted : float
        Share who moved, 0-1.
    error : float
        Standard error of the observed share, robust within municipalities.
    """

    variable: str
    level: str
    persons: int
    observed: float
    predicted: float
    error: float

    @property
    def is_miscalibrated(self) -> bool:
        """Whether observed and predicted differ by more than chance explains (95 %)."""
        return abs(self.observed - self.predicted) > NORMAL_95 * self.error


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Quality of a model on persons it was not fitted on.

    Parameters
    ----------
    persons, left_out : int
        Persons judged on, and persons left out because it is unknown whether they moved within
        the horizon.
    moved : float
        Share who moved.
    predicted : float
        Mean prediction.
    brier, log_loss : float
        Mean squared and logarithmic error; smaller is better.
    brier_of_mean : float
        Brier score when the prediction is the moving share for everyone.
    auc : float
        How often a person who moved is ranked above a person who stayed; 0.5 is chance.
    slope : float
        Slope of the outcome on the predicted log odds; 1 is well calibrated, below 1 means the
        predictions are too extreme.
    bins, groups : tuple of CalibrationGroup
        Calibration by tenths of the prediction, and by every level of every fact.
    """

    persons: int
    left_out: int
    moved: float
    predicted: float
    brier: float
    brier_of_mean: float
    log_loss: float
    auc: float
    slope: float
    bins: tuple[CalibrationGroup, ...]
    groups: tuple[CalibrationGroup, ...]


def select_later_cohorts(model: FittedModel, register: Register) -> Register:
    """Return the persons of later cohorts than the model was fitted on.

    Raises
    ------
    RegisterError
        When there are no later cohorts.
    """
    return register.select_cohorts(first=model.cohorts[1] + 1)


def evaluate_model(model: FittedModel, register: Register) -> Evaluation:
    """Judge a model on persons it was not fitted on.

    Raises
    ------
    RegisterError
        When too few persons have a known outcome, or nobody or everybody moved.
    """
    known = register.with_known_outcome(model.horizon)
    moved = known.moved_within(model.horizon)
    if len(known) < MIN_PERSONS or moved.all() or not moved.any():
        raise RegisterError(
            f"{len(known)} persons of whom {int(moved.sum())} moved within {model.horizon} years "
            f"are too few to judge a model on; give at least {MIN_PERSONS}, some of whom moved"
        )
    rows = code_rows(known.people)
    predicted = np.clip(model.predict_moving(rows), CLIP_MARGIN, 1 - CLIP_MARGIN)
    towns = known.people["municipality"].to_numpy().astype(str)
    return Evaluation(
        persons=len(known),
        left_out=len(register) - len(known),
        moved=float(moved.mean()),
        predicted=float(predicted.mean()),
        brier=float(brier_score_loss(moved, predicted)),
        brier_of_mean=float(moved.var()),
        log_loss=float(log_loss(moved, predicted)),
        auc=float(roc_auc_score(moved, predicted)),
        slope=_slope(moved, predicted),
        bins=tuple(_bins(moved, predicted, towns)),
        groups=tuple(_groups(rows, moved, predicted, towns)),
    )


def _slope(moved: BoolArray, predicted: FloatArray) -> float:
    odds = np.log(predicted / (1 - predicted))
    if np.ptp(odds) < 1e-9:
        return 0.0
    calibration = sm.Logit(moved.astype(np.float64), sm.add_constant(odds)).fit(disp=0)
    return float(calibration.params[1])


def _bins(moved: BoolArray, predicted: FloatArray, towns: np.ndarray) -> Iterator[CalibrationGroup]:
    rank = np.argsort(np.argsort(predicted, kind="stable"), kind="stable")
    tenth = rank * BINS // len(predicted)
    for k in range(BINS):
        yield _group(("bin", str(k + 1)), tenth == k, moved, predicted, towns)


def _groups(
    rows: CodedRows, moved: BoolArray, predicted: FloatArray, towns: np.ndarray
) -> Iterator[CalibrationGroup]:
    for variable, levels in VARIABLE_LEVELS.items():
        for code, level in enumerate(levels):
            chosen = rows.codes[variable] == code
            if chosen.sum() >= MIN_PERSONS:
                yield _group((variable, level), chosen, moved, predicted, towns)


def _group(
    name: tuple[str, str],
    chosen: BoolArray,
    moved: BoolArray,
    predicted: FloatArray,
    towns: np.ndarray,
) -> CalibrationGroup:
    share = float(moved[chosen].mean())
    error = clustered_error((moved[chosen] - share).astype(np.float64), towns[chosen])
    return CalibrationGroup(*name, int(chosen.sum()), share, float(predicted[chosen].mean()), error)


def clustered_error(deviations: FloatArray, towns: np.ndarray) -> float:
    """Return the standard error of a mean with deviations correlated within municipalities."""
    _, code = np.unique(towns, return_inverse=True)
    sums = np.bincount(code, deviations)
    alone = float((deviations**2).sum())
    together = float((sums**2).sum()) * len(sums) / max(1, len(sums) - 1)
    return float(np.sqrt(max(alone, together)) / len(deviations))


def summarise_evaluation(evaluation: Evaluation) -> Mapping[str, float]:
    """Return the overall measures of quality by name."""
    names = (
        "persons",
        "left_out",
        "moved",
        "predicted",
        "brier",
        "brier_of_mean",
        "log_loss",
        "auc",
        "slope",
    )
    return {name: float(getattr(evaluation, name)) for name in names}
