"""Simulated register data of who moved when, with a known truth."""

from instances.register.simulate import pair_fits, simulate_register
from instances.register.truth import Truth

__all__ = ["Truth", "pair_fits", "simulate_register"]
