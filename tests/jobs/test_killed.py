"""Workers that are killed leave nothing half done, and what they had is done once by others."""

import pytest

from benchmarks.worker_kills import kill_workers
from tests.store.small import small


@pytest.mark.slow
def test_killed_workers_leave_no_half_answers_and_none_twice(store_url):
    """At a few random moments; ``treffsikker bench worker-kills`` does it hundreds of times."""
    tally = kill_workers(store_url, small(households=5, persons=2, decided=10), 3)
    assert tally.faults == []
    assert tally.kills == 3
    assert tally.answers >= 1
