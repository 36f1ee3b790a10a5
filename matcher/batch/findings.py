"""What a person must look at before the day begins."""

from collections.abc import Mapping
from typing import Any


def must_look(report: Mapping[str, Any]) -> bool:
    """Whether someone must look: alarms of a ledger, errors in the data, or a plan that fails.

    Parameters
    ----------
    report : mapping
        A night's ``report.json``.
    """
    needs = report["needs"]
    return bool(needs["alarms"] or needs["errors"] or needs["disagrees"])


def needs_of(check: Mapping[str, Any], verification: Mapping[str, Any]) -> dict[str, Any]:
    """Gather what needs a person from the outputs of a night's steps."""
    faults = check["faults"]
    return {
        "alarms": check["alarms"],
        "errors": [fault for fault in faults if fault["severity"] == "error"],
        "disagrees": [f for f in verification["findings"] if f["agrees"] is False],
        "warnings": [fault for fault in faults if fault["severity"] != "error"],
    }
