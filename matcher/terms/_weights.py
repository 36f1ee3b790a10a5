"""Check of the weights of terms: finite numbers, and not below a minimum."""

import math


def at_least(least: float, **weights: float) -> None:
    """Check that every named weight is a finite number of at least ``least``.

    Raises
    ------
    ValueError
        When a weight is below ``least`` or not finite. A negative cost would make a spread term
        reward what it is meant to prevent, and make it non-convex, so that no solver could
        prove a plan.
    """
    for name, weight in weights.items():
        if not (math.isfinite(weight) and weight >= least):
            raise ValueError(f"{name} is {weight}; give a number of {least:g} or more")
