"""A caseworker who asks for placements, before and after a night."""

import pytest

from matcher.domain.roles import Role
from tests.api.conftest import NOON
from tests.api.live.nights import kept_night
from tests.api.placements.ranked import DAY, both_open
from tests.api.queue import fill


@pytest.fixture
def caseworker(client_as, app):
    """A caseworker, with a small queue in the store: ten places in 0301, a hundred in 4601."""
    fill(app, both_open())
    return client_as(Role.CASEWORKER)


@pytest.fixture
def night(app, caseworker):
    """A complete night of that queue."""
    return kept_night(app.state.store, DAY, NOON)
