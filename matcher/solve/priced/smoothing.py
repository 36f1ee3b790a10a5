"""Smoothed pricing: a unit is spread over all options that are almost the best for it.

At a temperature ``t`` above 0, the maximum over a unit's options is replaced by
``t * log(sum(exp(net / t)))``, and the unit takes a share of each option. The dual is then smooth
in the prices and never below the exact dual, and approaches it as the temperature falls.
"""

import math
from collections.abc import Callable
from functools import cache

import numpy as np

from matcher.domain.tables.array_types import FloatArray
from matcher.solve.priced.pricing import FASTMATH_FLAGS

SmoothedPass = tuple[float, FloatArray]
"""Points above the exact dual over all units, and use by layer and municipality."""


def smooth_options(
    reduced_values: FloatArray,
    use: FloatArray,
    floor: FloatArray,
    temperature: float,
    negligible_temperatures: float,
) -> SmoothedPass:
    """Spread units over the options that are almost the best for them.

    Parameters
    ----------
    reduced_values : float array, shape (units, municipalities)
        Net value less the best; minus infinity where a pair is closed.
    use : float array, shape (units, layers)
    floor : float array, shape (units,)
        Value of staying unplaced, less the best.
    temperature : float
        In points, above 0.
    negligible_temperatures : float
        Options so many temperatures below the best get a share of 0.

    Returns
    -------
    float, float array of shape (layers, municipalities)
        Points above the exact best, and the use by layer and municipality.
    """
    run = load_smoothing_kernel() or smooth_with_numpy
    return run(reduced_values, use, floor, temperature, negligible_temperatures)


def smooth_with_numpy(
    reduced: FloatArray,
    use: FloatArray,
    floor: FloatArray,
    temperature: float,
    negligible_temperatures: float,
) -> SmoothedPass:
    """Smooth in NumPy."""
    lowest = -negligible_temperatures * temperature
    share = np.where(reduced >= lowest, np.exp(reduced / temperature), 0.0)
    total = share.sum(axis=1) + np.exp(floor / temperature)
    reachable = total > 0
    share[reachable] /= total[reachable, None]
    return temperature * float(np.log(total[reachable]).sum()), use.T @ share


@cache
def load_smoothing_kernel() -> Callable[..., SmoothedPass] | None:
    """Return the compiled version; None where nothing can be compiled."""
    try:
        from numba import njit  # noqa: PLC0415  # Takes seconds to load.
    except ImportError:
        return None
    nothing = np.zeros((0, 0))
    try:
        kernel: Callable[..., SmoothedPass] = njit(cache=True, nogil=True, fastmath=FASTMATH_FLAGS)(
            _kernel
        )
        kernel(nothing, nothing, nothing[0:0, :].reshape(-1), 1.0, 1.0)
    except (RuntimeError, OSError):
        kernel = njit(nogil=True, fastmath=FASTMATH_FLAGS)(_kernel)
    return kernel


def _kernel(
    reduced: FloatArray, use: FloatArray, floor: FloatArray, temperature: float, negligible: float
) -> SmoothedPass:
    """Smooth; written for the compiler."""
    count, width = reduced.shape
    demand, share, extra = np.zeros((use.shape[1], width)), np.zeros(width), 0.0
    for k in range(count):
        mass = math.exp(floor[k] / temperature)
        for j in range(width):
            share[j] = 0.0
            if reduced[k, j] >= -negligible * temperature:
                share[j] = math.exp(reduced[k, j] / temperature)
                mass += share[j]
        if mass > 0.0:
            extra += temperature * math.log(mass)
            for layer in range(use.shape[1]):
                used = use[k, layer] / mass
                if used != 0.0:
                    for j in range(width):
                        demand[layer, j] += used * share[j]
    return extra, demand
