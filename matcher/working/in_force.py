"""What is in force: the last complete night, and its policy."""

from matcher.batch import Night
from matcher.policy import Policy
from matcher.store.database import Store
from matcher.store.database.runs import latest_complete

WITH_PROJECT = "project"
"""Source of the policies that come with the project."""


def last_night(store: Store) -> Night | None:
    """Give the last complete night, None before the first."""
    run = latest_complete(store)
    return None if run is None else Night(store, run)


def policy_in_force(store: Store) -> tuple[Policy, str]:
    """Give the policy of the last complete night, the default one before the first; its source."""
    night = last_night(store)
    if night is None:
        return Policy.default(), WITH_PROJECT
    return night.question.policy, night.run.id
