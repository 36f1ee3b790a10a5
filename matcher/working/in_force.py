"""The last complete night, and the policy in force, which is its policy."""

from matcher.batch import Night
from matcher.policy import Policy
from matcher.store.database import Store
from matcher.store.database.runs import latest_complete

WITH_PROJECT = "project"
"""Source of the policies that are part of the project."""


def last_night(store: Store) -> Night | None:
    """Return the last complete night; None before the first."""
    run = latest_complete(store)
    return None if run is None else Night(store, run)


def policy_in_force(store: Store) -> tuple[Policy, str]:
    """Return the policy of the last complete night, else the default one; and its source."""
    night = last_night(store)
    if night is None:
        return Policy.default(), WITH_PROJECT
    return night.question.policy, night.run.id
