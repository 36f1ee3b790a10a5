"""What several terms share: a weight is a number, and not below what makes sense."""

import math


def at_least(least: float, **weights: float) -> None:
    """Check parameters by name.

    Raises
    ------
    ValueError
        When one is below ``least`` or not a number at all: a negative cost would make a spread
        term reward what it is there to prevent, and no solver could prove a plan.
    """
    for name, weight in weights.items():
        if not (math.isfinite(weight) and weight >= least):
            raise ValueError(f"{name} is {weight}; give a number of {least:g} or more")
