"""Simulated register data of who moved when, with a known truth."""

from instances.register.simulation import compute_true_pair_fits, simulate_register
from instances.register.truth import SimulationTruth

__all__ = ["SimulationTruth", "compute_true_pair_fits", "simulate_register"]
