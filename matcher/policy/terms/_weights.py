"""Check of the weights of terms: finite numbers, and not below a minimum."""

import math


def require_at_least(minimum: float, **weights: float) -> None:
    """Check that every named weight is a finite number of at least ``least``.

    Raises
    ------
    ValueError
        When a weight is below ``least`` or not finite. A negative cost would make a spread term
        reward what it is meant to prevent, and make it non-convex, so that no solver could
        prove a plan.
    """
    for name, weight in weights.items():
        if not (math.isfinite(weight) and weight >= minimum):
            raise ValueError(f"{name} is {weight}; give a number of {minimum:g} or more")
