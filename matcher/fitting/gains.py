"""Would another placement have made more stay? Judged with data that the model has not seen.

A model that picks the best place for everyone picks its own errors as well: where it happens to
be too high, it places. So the gain it promises itself (*plug-in*) is too large, in a world where
places change nothing as well. Here a placement is judged by what happened to those who came, by
chance, where it would have sent them: weighted by how likely that was (*inverse propensity*), and
with a second model that takes up most of the noise (*doubly robust*).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from matcher.fitting.coding import coded
from matcher.fitting.fit import fit
from matcher.fitting.models import FittedModel
from matcher.fitting.register import PAIR, Register, RegisterError
from matcher.stay import kinds
from matcher.stay.model import NORMAL_95
from matcher.tables import BoolArray, FloatArray, IntArray

TEMPERATURE = 0.005
"""How sharply the best arm is chosen, in probability: small, but not so small as to flicker."""
ROUNDS = 300
"""Rounds in which the prices of the arms are brought to their places."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A gain in the share who stay, with its standard error, in probability."""

    gain: float
    error: float

    @property
    def interval(self) -> tuple[float, float]:
        """Within which the gain lies, with a certainty of 95 %."""
        half = NORMAL_95 * self.error
        return self.gain - half, self.gain + half


@dataclass(frozen=True, slots=True)
class Gains:
    """The same placement's gain over what happened, judged in three ways.

    Parameters
    ----------
    plug_in : Estimate
        What the model promises itself; not to be believed.
    inverse_propensity, doubly_robust : Estimate
        By outcomes of held-out persons; the last is the one to quote.
    """

    plug_in: Estimate
    inverse_propensity: Estimate
    doubly_robust: Estimate


PairFits = Callable[[pd.DataFrame], Mapping[str, FloatArray]]
"""How well persons fit the places in their rows, -1 to 1, by pair effect."""
PLACE = ("municipality", *kinds.LEVELS, "has_school")
"""Columns that belong to the place, and change when someone comes to another."""


def estimate_gains(
    register: Register,
    method: str,
    horizon: int,
    pair_fits: PairFits | None = None,
    propensity: FloatArray | None = None,
) -> Gains:
    """Fit on one half, place the other half as well as that model can, and judge the placement.

    The placement keeps how many come to each centrality class, so that what it gains is matching
    and not filling. Every other person is in one half; each half takes both parts in turn.

    Parameters
    ----------
    register : Register
        Persons of whom it is known who came where.
    method : str
        How the model is fitted.
    horizon : int
        Years within which staying counts.
    pair_fits : callable or None
        Works out the pair effects for the places in the rows of persons. Without it pair effects
        are left out: those in the register are of the place that each came to, and would tell it.
    propensity : float array, shape (persons, 6), or None
        Chance of coming to each centrality class given what is known of a person; the shares of
        those who came, the same for everyone, unless given.

    Raises
    ------
    RegisterError
        When the centrality of someone's municipality is not known, or nobody came to a class.
    """
    known = (register.years >= horizon) | register.moved
    used = _with_pairs(register.where(known), pair_fits)
    shares = np.bincount(_arms(used)) / len(used)
    chances = np.tile(shares, (len(used), 1)) if propensity is None else propensity[known]
    half = np.arange(len(used)) % 2 == 0
    parts = []
    for side in (half, ~half):
        model = fit(used.where(~side), method, horizon)
        parts.append(_one_half(model, used.where(side), chances[side], pair_fits))
    return Gains(*(_estimate(np.concatenate(values)) for values in zip(*parts, strict=True)))


def _one_half(
    model: FittedModel, held: Register, chance: FloatArray, pair_fits: PairFits | None
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """What each person of one half adds to the estimates, by a model fitted on the other."""
    arm = _arms(held)
    stay = _staying(model, held.people, arm, pair_fits)
    return _judged(stay, ~held.moved_within(model.horizon), arm, chance)


def _with_pairs(register: Register, pair_fits: PairFits | None) -> Register:
    people = register.people[[c for c in register.people if not str(c).startswith(PAIR)]]
    if pair_fits is not None:
        people = people.assign(**{f"{PAIR}{p}": fit for p, fit in pair_fits(people).items()})
    return Register(people, register.years, register.moved)


def _judged(
    stay: FloatArray, stayed: BoolArray, arm: IntArray, chance: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """What each person adds to the three estimates of the gain."""
    placed = place(stay, np.bincount(arm) / len(arm))
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
    """Centrality class that each came to, from 0, shape (persons,)."""
    came = coded(register.people).codes["centrality"]
    count = np.bincount(came[came >= 0], minlength=len(kinds.LEVELS["centrality"]))
    if (came < 0).any() or not count.all():
        raise RegisterError(
            "gains need persons in every centrality class, and no class unknown; "
            f"there are {', '.join(map(str, count))} in the classes from 1 on"
        )
    return came


def _staying(
    model: FittedModel, people: pd.DataFrame, arm: IntArray, pair_fits: PairFits | None
) -> FloatArray:
    """Predicted probability of staying had each come to each arm, shape (persons, arms).

    Everyone gets the places of those who did come to an arm, in turn, so that its municipalities
    count as often as they were used.
    """
    columns = [c for c in PLACE if c in people]
    out = np.empty((len(people), int(arm.max()) + 1))
    for k in range(out.shape[1]):
        inside = np.flatnonzero(arm == k)
        donor = inside[np.arange(len(people)) % len(inside)]
        moved_there = people.copy()
        moved_there[columns] = people[columns].iloc[donor].to_numpy()
        fits = {} if pair_fits is None else pair_fits(moved_there)
        moved_there = moved_there.assign(**{f"{PAIR}{p}": fit for p, fit in fits.items()})
        out[:, k] = 1.0 - np.clip(model.moving(coded(moved_there)), 0.0, 1.0)
    return out


def place(points: FloatArray, shares: FloatArray) -> FloatArray:
    """Place everyone where they are worth most, with as many in each arm as its share says.

    Prices on the arms are raised and lowered until the shares are met (Sinkhorn's method).

    Parameters
    ----------
    points : float array, shape (persons, arms)
        What each is worth where, in probability.
    shares : float array, shape (arms,)
        Share of the persons that each arm takes.

    Returns
    -------
    float array, shape (persons, arms)
        How much of each person is placed where; rows sum to 1.
    """
    price = np.zeros(len(shares))
    for _ in range(ROUNDS):
        placed = _soft(points - price)
        price = price + TEMPERATURE * np.log(placed.mean(axis=0) / shares)
    return _soft(points - price)


def _soft(worth: FloatArray) -> FloatArray:
    scaled = np.exp((worth - worth.max(axis=1, keepdims=True)) / TEMPERATURE)
    return np.asarray(scaled / scaled.sum(axis=1, keepdims=True))


def _estimate(values: FloatArray) -> Estimate:
    return Estimate(float(values.mean()), float(values.std() / np.sqrt(len(values))))


def as_rows(gains: Gains) -> Mapping[str, Estimate]:
    """The three estimates by name."""
    names = ("plug_in", "inverse_propensity", "doubly_robust")
    return {name: getattr(gains, name) for name in names}
