"""Step check: list alarms of the ledgers, and errors and warnings in the data."""

from collections.abc import Mapping
from dataclasses import asdict

from matcher.batch.faults import faults_of
from matcher.batch.night import Hands, Made, Night
from matcher.store.database.alarm import alarms_in


def check(night: Night, hands: Hands) -> Mapping[str, Made]:
    """List alarms and faults that a person must check; none of them stops the night."""
    with night.store.reading() as connection:
        alarms = alarms_in(connection, night.books)
    return {
        "check": Made.of_json(
            {
                "alarms": [asdict(alarm) for alarm in alarms],
                "faults": faults_of(night.instance),
            }
        )
    }
