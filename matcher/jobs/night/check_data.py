"""Step check: list alarms of the ledgers, and errors and warnings in the data."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from matcher.domain.instance import Instance
from matcher.domain.ledger import NOTHING_KNOWN
from matcher.files.faults import Fault
from matcher.files.reading import check_instance
from matcher.jobs.job_context import JobContext, JobOutput
from matcher.jobs.night.night_run import NightRun
from matcher.problem.problem import Problem
from matcher.problem.refused_pins import find_refused_pins
from matcher.store.alarms import find_alarms


def check_data(night: NightRun, context: JobContext) -> Mapping[str, JobOutput]:
    """List alarms and faults that a person must check; none of them stops the night."""
    with night.store.read_transaction() as connection:
        alarms = find_alarms(connection, night.projections, night.instance.today)
    facts = {
        "alarms": [asdict(alarm) for alarm in alarms],
        "faults": [*find_faults(night.instance), *find_pin_faults(night.problem)],
    }
    return {"check": JobOutput.of_json(facts)}


def find_faults(instance: Instance) -> list[dict[str, Any]]:
    """List every fault with its kind and the household or municipality concerned.

    Parameters
    ----------
    instance : Instance
        The instance from the store, checked as the cells of its files would be.
    """
    subjects = _subjects(instance)
    return [_fault_facts(fault, subjects) for fault in check_instance(instance)]


def find_pin_faults(problem: Problem) -> list[dict[str, Any]]:
    """List every pin that a rule of the night's policy refuses, by household.

    Parameters
    ----------
    problem : Problem
        The instance of the night under its policy.
    """
    return [
        {**_fault_facts(refused.fault(), {}), "household": household}
        for refused in find_refused_pins(problem)
        for household in refused.households
    ]


def _subjects(instance: Instance) -> Mapping[str, tuple[str, Sequence[str]]]:
    """Return by table what its rows describe, and the identifier of each row's subject."""
    queue, places = instance.households, instance.municipalities
    return {
        "households": ("household", [h.id for h in queue]),
        "members": ("household", [h.id for h in queue for _ in h.members]),
        "municipalities": ("municipality", [m.number for m in places]),
        "next_year": (
            "municipality",
            [m.number for m in places if m.next_ledger != NOTHING_KNOWN],
        ),
        "dwellings": ("municipality", [m.number for m in places for _ in m.dwellings]),
        "weeks": ("municipality", [m.number for m in places for _ in m.weeks]),
    }


def _fault_facts(fault: Fault, subjects: Mapping[str, tuple[str, Sequence[str]]]) -> dict[str, Any]:
    subject = {}
    if fault.file in subjects and fault.row is not None:
        kind, identifiers = subjects[fault.file]
        # Rows are numbered as in a file: the header is row 1.
        subject = {kind: identifiers[fault.row - 2]}
    return {
        "severity": fault.severity,
        "code": fault.code,
        "table": fault.file,
        "column": fault.column,
        "value": fault.value,
        "facts": dict(fault.facts),
        **subject,
    }
