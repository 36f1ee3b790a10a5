"""What can hardly be meant within one row: most of it only asks someone to look."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from matcher.domain import Answer
from matcher.store.columns import Values
from matcher.store.faults import FaultLog
from matcher.store.parsed import ParsedTable
from matcher.store.references import Tables
from matcher.store.relations import report


def check_rows(tables: Tables, today: date | None, log: FaultLog) -> None:
    """Put rows that contradict themselves, or hardly can be meant, in the log."""
    if "households" in tables:
        _household_days(tables["households"], today, log)
        _pinned_and_banned(tables["households"], log)
    if "members" in tables:
        _members(tables["members"], log)
    if "municipalities" in tables:
        _ledgers(tables["municipalities"], log)


def _household_days(households: ParsedTable, today: date | None, log: FaultLog) -> None:
    ready, deadline = _days(households["ready_since"]), _days(households["deadline"])
    if today is not None:
        rows = np.flatnonzero(ready > np.datetime64(today))
        report(households, "ready_since", "ready_since.future", rows, log, today=today.isoformat())
    for row in np.flatnonzero(deadline < ready):
        ready_since = households.text("ready_since", int(row))
        households.fault(log, "deadline.too_early", int(row), "deadline", ready_since=ready_since)


def _pinned_and_banned(households: ParsedTable, log: FaultLog) -> None:
    pins, bans = households["pinned_to"], households["bans"]
    for row in np.flatnonzero((pins.codes >= 0) & (bans.codes >= 0)):
        pin = pins.distinct[pins.codes[row]]
        if any(ban.municipality == pin for ban in bans.distinct[bans.codes[row]]):
            households.fault(log, "pinned_to.banned", int(row), "pinned_to")


def _members(members: ParsedTable, log: FaultLog) -> None:
    unaccompanied = _is(members["unaccompanied"], True)
    adults = np.flatnonzero(unaccompanied & (members["age"].floats() >= 18))
    for row in adults:
        age = members.text("age", int(row))
        members.fault(log, "unaccompanied.adult", int(row), "unaccompanied", age=age)
    without = _is(members["hospital"], Answer.NO)
    for name in ("hospital_minutes", "hospital_name"):
        rows = np.flatnonzero(without & (members[name].codes >= 0))
        report(members, name, "hospital.not_needed", rows, log)


def _ledgers(municipalities: ParsedTable, log: FaultLog) -> None:
    number = {
        name: np.nan_to_num(municipalities[name].floats())
        for name in ("decided", "settled", "promised", "minors_decided")
    }
    used = number["settled"] + number["promised"]
    for row in np.flatnonzero(used > number["decided"]):
        name = "settled" if number["settled"][row] > number["decided"][row] else "promised"
        facts = {"used": f"{used[row]:g}", "decided": f"{number['decided'][row]:g}"}
        municipalities.fault(log, "ledger.over_decided", int(row), name, **facts)
    minors = np.flatnonzero(number["minors_decided"] > number["decided"])
    report(municipalities, "minors_decided", "ledger.minors", minors, log)


def _days(values: Values) -> NDArray[np.datetime64]:
    return np.array([*values.distinct, None], dtype="datetime64[D]")[values.codes]


def _is(values: Values, wanted: object) -> NDArray[np.bool_]:
    marked = [value is wanted for value in values.distinct]
    return np.array([*marked, False], dtype=np.bool_)[values.codes]
