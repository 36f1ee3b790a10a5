"""Estimate how many more would have stayed under another placement, on held-out data.

A model that chooses the best place for everyone also selects its own errors: it places persons
where its prediction happens to be too high. So the gain that the model predicts for itself
(*plug-in*) is too large, even in a world where places change nothing. This module judges a
placement by the outcomes of persons who by chance came to the place that it would have chosen:
weighted by how likely that was (*inverse propensity*), and with a second model that removes most of
the noise (*doubly robust*).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from matcher.domain.tables.array_types import BoolArray, FloatArray, IntArray
from matcher.stay import municipalities as kinds
from matcher.stay.fitting.coding import code_rows
from matcher.stay.fitting.fit import fit_model
from matcher.stay.fitting.models import FittedModel
from matcher.stay.fitting.register import PAIR_PREFIX, Register, RegisterError
from matcher.stay.model import NORMAL_95

TEMPERATURE = 0.005
"""Temperature of the choice of arm, in probability: small, but large enough for stable prices."""
PRICE_ROUNDS = 300
"""Rounds in which the prices of the arms are adjusted to their shares."""


@dataclass(frozen=True, slots=True)
class GainEstimate:
    """A gain in the share who stay, with its standard error, in probability."""

    gain: float
    error: float

    @property
    def interval(self) -> tuple[float, float]:
        """Interval within which the gain lies with a probability of 95 %."""
        half = NORMAL_95 * self.error
        return self.gain - half, self.gain + half


@dataclass(frozen=True, slots=True)
class MatchingGains:
    """Three estimates of the gain of one placement over what happened.

    Parameters
    ----------
    plug_in : GainEstimate
        The model's own prediction; too large, and not to be quoted.
    inverse_propensity, doubly_robust : GainEstimate
        Estimates from outcomes of held-out persons; quote the doubly robust one.
    """

    plug_in: GainEstimate
    inverse_propensity: GainEstimate
    doubly_robust: GainEstimate


PairFitFunction = Callable[[pd.DataFrame], Mapping[str, FloatArray]]
"""Function that returns how well persons fit the places in their rows, -1 to 1, by pair effect."""
PLACE = ("municipality", *kinds.PLACE_LEVELS, "has_school")
"""Columns of the place: they change when a person comes to another place."""


def estimate_matching_gains(
    register: Register,
    method: str,
    horizon: int,
    pair_fits: PairFitFunction | None = None,
    propensity: FloatArray | None = None,
) -> MatchingGains:
    """Fit a model on one half, place the other half by that model, and judge the placement.

    The placement keeps the number of persons in each centrality class, so that the gain is from
    matching and not from filling. Every second person belongs to one half; each half is used once
    for fitting and once for judging.

    Parameters
    ----------
    register : Register
        Persons with their municipality of settlement.
    method : str
        How the model is fitted.
    horizon : int
        Years within which staying counts.
    pair_fits : callable or None
        Computes the pair effects for the places in the rows of persons. Without it, pair effects
        are left out: those in the register belong to the place that each person came to, and would
        reveal it.
    propensity : float array, shape (persons, 6), or None
        Probability of coming to each centrality class, given the facts of a person; without it,
        the observed shares, the same for everyone.

    Raises
    ------
    RegisterError
        When a person's centrality class is unknown, or a class has no persons.
    """
    known = (register.followed_years >= horizon) | register.moved
    used = _with_pairs(register.select(known), pair_fits)
    shares = np.bincount(_arms(used)) / len(used)
    chances = np.tile(shares, (len(used), 1)) if propensity is None else propensity[known]
    half = np.arange(len(used)) % 2 == 0
    parts = []
    for side in (half, ~half):
        model = fit_model(used.select(~side), method, horizon)
        parts.append(_half_contributions(model, used.select(side), chances[side], pair_fits))
    return MatchingGains(
        *(_estimate(np.concatenate(values)) for values in zip(*parts, strict=True))
    )


def _half_contributions(
    model: FittedModel, held_out: Register, chance: FloatArray, pair_fits: PairFitFunction | None
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Contribution of each person of one half to the estimates, by a model of the other half."""
    arm = _arms(held_out)
    stay = _staying_by_arm(model, held_out.people, arm, pair_fits)
    return _contributions(stay, ~held_out.moved_within(model.horizon), arm, chance)


def _with_pairs(register: Register, pair_fits: PairFitFunction | None) -> Register:
    people = register.people[[c for c in register.people if not str(c).startswith(PAIR_PREFIX)]]
    if pair_fits is not None:
        people = people.assign(**{f"{PAIR_PREFIX}{p}": fit for p, fit in pair_fits(people).items()})
    return Register(people, register.followed_years, register.moved)


def _contributions(
    stay: FloatArray, stayed: BoolArray, arm: IntArray, chance: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Contribution of each person to the three estimates of the gain."""
    placed = place_persons(stay, np.bincount(arm) / len(arm))
    came = np.arange(len(arm)), arm
    weight = placed[came] / chance[came]
    expected, before = (placed * stay).sum(axis=1), (chance * stay).sum(axis=1)
    level = float((weight * stayed).sum() / weight.sum())
    return (
        expected - stay[came],
        weight / weight.mean() * (stayed - level) + level - stayed,
        expected - before + (weight - 1.0) * (stayed - stay[came]),
    )


def _arms(register: Register) -> IntArray:
    """Centrality class that each person came to, from 0, shape (persons,)."""
    came = code_rows(register.people).codes["centrality"]
    count = np.bincount(came[came >= 0], minlength=len(kinds.PLACE_LEVELS["centrality"]))
    if (came < 0).any() or not count.all():
        raise RegisterError(
            "gains need persons in every centrality class, and no class unknown; "
            f"there are {', '.join(map(str, count))} in the classes from 1 on"
        )
    return came


def _staying_by_arm(
    model: FittedModel, people: pd.DataFrame, arm: IntArray, pair_fits: PairFitFunction | None
) -> FloatArray:
    """Predict the probability of staying of each person in each arm, shape (persons, arms).

    In each arm, persons get in turn the places of the persons who came to that arm, so that its
    municipalities count as often as they were used.
    """
    columns = [c for c in PLACE if c in people]
    out = np.empty((len(people), int(arm.max()) + 1))
    for k in range(out.shape[1]):
        inside = np.flatnonzero(arm == k)
        donor = inside[np.arange(len(people)) % len(inside)]
        moved_there = people.copy()
        moved_there[columns] = people[columns].iloc[donor].to_numpy()
        fits = {} if pair_fits is None else pair_fits(moved_there)
        moved_there = moved_there.assign(**{f"{PAIR_PREFIX}{p}": fit for p, fit in fits.items()})
        out[:, k] = 1.0 - np.clip(model.predict_moving(code_rows(moved_there)), 0.0, 1.0)
    return out


def place_persons(points: FloatArray, shares: FloatArray) -> FloatArray:
    """Place persons where they have most points, with the required share in each arm.

    The prices of the arms are adjusted until the shares are met (Sinkhorn's method).

    Parameters
    ----------
    points : float array, shape (persons, arms)
        Points of each person in each arm, in probability.
    shares : float array, shape (arms,)
        Share of the persons that each arm takes.

    Returns
    -------
    float array, shape (persons, arms)
        Fraction of each person placed in each arm; rows sum to 1.
    """
    price = np.zeros(len(shares))
    for _ in range(PRICE_ROUNDS):
        placed = _softmax(points - price)
        price = price + TEMPERATURE * np.log(placed.mean(axis=0) / shares)
    return _softmax(points - price)


def _softmax(worth: FloatArray) -> FloatArray:
    scaled = np.exp((worth - worth.max(axis=1, keepdims=True)) / TEMPERATURE)
    return np.asarray(scaled / scaled.sum(axis=1, keepdims=True))


def _estimate(values: FloatArray) -> GainEstimate:
    return GainEstimate(float(values.mean()), float(values.std() / np.sqrt(len(values))))


def estimates_by_name(gains: MatchingGains) -> Mapping[str, GainEstimate]:
    """Return the three estimates by name."""
    names = ("plug_in", "inverse_propensity", "doubly_robust")
    return {name: getattr(gains, name) for name in names}
