"""What a person must check before the day begins."""

from collections.abc import Mapping
from typing import Any

FAULT_OF_ALARM = {"over-promised": "ledger.over_decided"}
"""Fault code that repeats an alarm of the same municipality, by kind of alarm."""


def needs_attention(report: Mapping[str, Any]) -> bool:
    """Return whether a person must check alarms of a ledger, errors in the data, or a bad plan.

    Parameters
    ----------
    report : mapping
        A night's ``report.json``.
    """
    needs = report["needs"]
    return bool(needs["alarms"] or needs["errors"] or needs["disagrees"])


def collect_attention_points(
    check: Mapping[str, Any], verification: Mapping[str, Any]
) -> dict[str, Any]:
    """Collect what needs attention from the outputs of a night's steps, each point once."""
    covered = {(FAULT_OF_ALARM.get(a["kind"]), a["municipality"]) for a in check["alarms"]}
    faults = [f for f in check["faults"] if (f["code"], f.get("municipality")) not in covered]
    return {
        "alarms": check["alarms"],
        "errors": [fault for fault in faults if fault["severity"] == "error"],
        "disagrees": [f for f in verification["findings"] if f["agrees"] is False],
        "warnings": [fault for fault in faults if fault["severity"] != "error"],
    }
