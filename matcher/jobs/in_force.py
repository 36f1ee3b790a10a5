"""The last complete night, and the policy in force, which is its policy."""

from matcher.jobs.night.night_run import NightRun
from matcher.policy.policy import Policy
from matcher.store.runs import find_run_in_force
from matcher.store.store import Store

BUNDLED = "project"
"""Source of the policies that are part of the project."""


def latest_night(store: Store) -> NightRun | None:
    """Return the last complete night; None before the first."""
    run = find_run_in_force(store)
    return None if run is None else NightRun(store, run)


def policy_in_force(store: Store) -> tuple[Policy, str]:
    """Return the policy of the last complete night, else the default one; and its source."""
    night = latest_night(store)
    if night is None:
        return Policy.default(), BUNDLED
    return night.parameters.policy, night.run.id
