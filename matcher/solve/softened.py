"""A pass made smooth: a unit is spread over all that is nearly best for it.

With a heat above 0, the best of a unit's options becomes ``heat * log(sum(exp(net / heat)))``,
and its place a share of each. The dual is then smooth in the prices, and never below the exact
one; as the heat falls, it comes down to it.
"""

import math
from collections.abc import Callable
from functools import cache

import numpy as np

from matcher.solve.pass_over_pairs import FREE
from matcher.tables import FloatArray

NEAR = 30.0
"""Heats below the best from which on a share is too small to count."""
Softened = tuple[float, FloatArray]
"""What is beyond the exact best, over all units, and the use by layer and municipality."""


def softened(reduced: FloatArray, use: FloatArray, floor: FloatArray, heat: float) -> Softened:
    """Spread units over what is nearly best for them.

    Parameters
    ----------
    reduced : float array, shape (units, municipalities)
        Net value less the best; minus infinity where a unit cannot go.
    use : float array, shape (units, layers)
    floor : float array, shape (units,)
        Staying unplaced, less the best.
    heat : float
        In points, above 0.

    Returns
    -------
    float, float array of shape (layers, municipalities)
        Points beyond the exact best, and what is used where.
    """
    run = compiled() or twin
    return run(reduced, use, floor, heat)


def twin(reduced: FloatArray, use: FloatArray, floor: FloatArray, heat: float) -> Softened:
    """Spread units in NumPy."""
    share = np.where(reduced >= -NEAR * heat, np.exp(reduced / heat), 0.0)
    mass = share.sum(axis=1) + np.exp(floor / heat)
    some = mass > 0
    share[some] /= mass[some, None]
    return heat * float(np.log(mass[some]).sum()), use.T @ share


@cache
def compiled() -> Callable[..., Softened] | None:
    """Give the compiled twin; None where nothing can be compiled."""
    try:
        from numba import njit  # noqa: PLC0415  # Takes seconds to load.
    except ImportError:
        return None
    nothing = np.zeros((0, 0))
    try:
        kernel: Callable[..., Softened] = njit(cache=True, nogil=True, fastmath=FREE)(_kernel)
        kernel(nothing, nothing, nothing[0:0, :].reshape(-1), 1.0)
    except (RuntimeError, OSError):
        kernel = njit(nogil=True, fastmath=FREE)(_kernel)
    return kernel


def _kernel(reduced: FloatArray, use: FloatArray, floor: FloatArray, heat: float) -> Softened:
    """Spread units; written for the compiler."""
    count, width = reduced.shape
    demand, share, extra = np.zeros((use.shape[1], width)), np.zeros(width), 0.0
    for k in range(count):
        mass = math.exp(floor[k] / heat)
        for j in range(width):
            share[j] = 0.0
            if reduced[k, j] >= -NEAR * heat:
                share[j] = math.exp(reduced[k, j] / heat)
                mass += share[j]
        if mass > 0.0:
            extra += heat * math.log(mass)
            for layer in range(use.shape[1]):
                used = use[k, layer] / mass
                if used != 0.0:
                    for j in range(width):
                        demand[layer, j] += used * share[j]
    return extra, demand
