"""Nights killed at random moments, on both databases; hundreds are killed by the benchmark."""

import os
import subprocess
import sys

import pytest

from benchmarks.night_kills import NightKillTally, NightStoreChecker
from matcher.store.runs import complete_run
from tests.jobs.night.conftest import now


@pytest.mark.slow
def test_nights_that_are_killed_lose_nothing_and_are_finished(store_url):
    """After each kill: no half night, no lost event, nothing twice; and then it goes on."""
    words = ["-m", "benchmarks", "kills", "--count", "4", "--database", store_url]
    found = subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, env=dict(os.environ), check=False
    )
    assert found.returncode == 0, found.stdout + found.stderr
    assert "4 kills" in found.stdout + found.stderr


def test_the_one_who_looks_sees_a_half_night(store, store_url, queue, start):
    """A run that is complete without its outputs is told by what is missing."""
    run = start("one").run
    complete_run(store, run.id, worker="one", at=now())
    tally = NightKillTally()
    NightStoreChecker(store_url, tally).check(1, finished=True)
    assert any("complete without" in fault and "suggestions" in fault for fault in tally.faults)
