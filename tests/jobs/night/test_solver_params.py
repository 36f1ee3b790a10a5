"""The solver's parameters are part of what determines a night."""

from matcher.jobs.night.night_run import NightParameters
from matcher.policy.policy import Policy
from matcher.solve.params.solver_params import BackendParams, SolverParams


def test_a_night_with_the_defaults_is_stored_as_before_there_were_any():
    """So that a night that was begun then is continued."""
    night = NightParameters(Policy.default())
    assert "solver_params" not in night.to_mapping()
    assert NightParameters.from_mapping(night.to_mapping()) == night


def test_other_parameters_are_stored_with_the_night_and_read_again():
    """A repetition uses them."""
    params = SolverParams(backends=BackendParams(threads=1))
    night = NightParameters(Policy.default(), solver_params=params)
    assert night.to_mapping()["solver_params"] == {"backends": {"threads": 1}}
    assert NightParameters.from_mapping(night.to_mapping()) == night
