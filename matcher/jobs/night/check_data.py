"""Step check: list alarms of the ledgers, and errors and warnings in the data."""

from collections.abc import Mapping
from dataclasses import asdict

from matcher.jobs.night.faults import find_faults
from matcher.jobs.night.night_run import NightContext, NightRun, StepOutput
from matcher.store.alarms import find_alarms


def check_data(night: NightRun, context: NightContext) -> Mapping[str, StepOutput]:
    """List alarms and faults that a person must check; none of them stops the night."""
    with night.store.read_transaction() as connection:
        alarms = find_alarms(connection, night.projections)
    return {
        "check": StepOutput.of_json(
            {
                "alarms": [asdict(alarm) for alarm in alarms],
                "faults": find_faults(night.instance),
            }
        )
    }
