"""What of a night needs the attention of a person, and what of it is urgent."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from matcher.domain.ledger import NOTHING_KNOWN, LedgerGap
from matcher.jobs.night.night_run import NightRun
from matcher.problem.problem import Problem
from matcher.store.household_state import Status

FAULT_OF_ALARM = {
    "over-promised": "ledger.over_decided",
    "not reported": "ledger.not_reported",
}
"""Fault code that repeats an alarm of the same municipality, by kind of alarm."""
URGENT = ("undecided", "late", "alarms", "errors", "disagrees")
"""What makes a night urgent; an older report lacks some."""


def needs_attention(report: Mapping[str, Any]) -> bool:
    """Return whether a person must look before the plan is used.

    At alarms of a ledger, errors in the data, a bad plan, decisions of next year that bar places,
    or households that have no place and are past their deadline.

    Parameters
    ----------
    report : mapping
        A night's ``report.json``.
    """
    needs = report["needs"]
    return any(needs.get(name) for name in URGENT)


def collect_needs(night: NightRun, unplaced: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Collect what needs attention, by kind.

    Parameters
    ----------
    night : NightRun
    unplaced : sequence of mapping
        Rows of the report.
    """
    check, verification = (night.read_json_output(name) for name in ("check", "verification"))
    day = night.run.day.isoformat()
    return {
        "undecided": find_undecided(night.problem),
        "late": [row["household"] for row in unplaced if (row["deadline"] or day) < day],
        **collect_attention_points(check, verification),
        "overdue": _list_overdue(night),
    }


def find_undecided(problem: Problem) -> dict[str, Any] | None:
    """Find municipalities whose decision of next year is not recorded, and bars places now.

    Returns
    -------
    dict or None
        ``year``, the numbers of the ``municipalities``, the places ``open`` there this year, and
        whether the year is ``begun`` in any of them. None where no open place is barred.
    """
    m, places = problem.municipalities, problem.instance.municipalities
    rows = (m.next_year & (m.gap == LedgerGap.DECISION)).nonzero()[0].tolist()
    barred = [places[row] for row in rows if (places[row].ledger.open or 0) > 0]
    if not barred:
        return None
    return {
        "year": m.year + 1,
        "municipalities": [place.number for place in barred],
        "open": sum(place.ledger.open or 0 for place in barred),
        "begun": any(place.next_ledger != NOTHING_KNOWN for place in barred),
    }


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


def _list_overdue(night: NightRun) -> list[dict[str, Any]]:
    """List proposals whose answer from the municipality is overdue, the oldest first."""
    waiting = [
        state
        for state in night.projections.households.values()
        if state.status is Status.PROPOSED and state.is_overdue(night.run.day)
    ]
    return [
        {
            "household": state.id,
            "municipality": state.municipality,
            "answer_by": (state.answer_by or date.min).isoformat(),
        }
        for state in sorted(waiting, key=lambda state: (state.answer_by or date.min, state.id))
    ]
