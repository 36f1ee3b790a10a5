"""What a person must look at before the day begins."""

from collections.abc import Mapping
from typing import Any

TOLD_BY_ALARMS = {"over-promised": "ledger.over_decided"}
"""Faults that say of a municipality what an alarm of it says already."""


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
    """Gather what needs a person from the outputs of a night's steps, each thing once."""
    told = {(TOLD_BY_ALARMS.get(a["kind"]), a["municipality"]) for a in check["alarms"]}
    faults = [f for f in check["faults"] if (f["code"], f.get("municipality")) not in told]
    return {
        "alarms": check["alarms"],
        "errors": [fault for fault in faults if fault["severity"] == "error"],
        "disagrees": [f for f in verification["findings"] if f["agrees"] is False],
        "warnings": [fault for fault in faults if fault["severity"] != "error"],
    }
