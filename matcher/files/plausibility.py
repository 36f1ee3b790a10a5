"""Find rows that contradict themselves or are unlikely; most of these faults are warnings."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from matcher.domain.answer import Answer
from matcher.domain.planned_week import start_of_week
from matcher.domain.tables.vocabulary import LINK_SIGN
from matcher.files.faults import FaultLog, log_row_faults
from matcher.files.ledgers import check_ledgers
from matcher.files.parsed_table import ColumnValues, ParsedTable
from matcher.files.relations import ParsedTables


def check_plausibility(tables: ParsedTables, today: date | None, log: FaultLog) -> None:
    """Log rows that contradict themselves or are unlikely to be correct."""
    if "households" in tables:
        _household_ids(tables["households"], log)
    if "members" in tables:
        _members(tables["members"], log)
    if "municipalities" in tables:
        check_ledgers(tables["municipalities"], log, _year_facts(today, is_next=False))
    if "next_year" in tables:
        check_ledgers(tables["next_year"], log, _year_facts(today, is_next=True))
    if "weeks" in tables and today is not None:
        _plans_by_weeks(tables["weeks"], today, log)


def _year_facts(today: date | None, *, is_next: bool) -> dict[str, str]:
    """Name the year of a ledger; relative to a day that cannot be read."""
    if today is not None:
        return {"year": str(today.year + is_next)}
    if is_next:
        return {"year.en": "next year", "year.nb": "neste år"}
    return {"year.en": "this year", "year.nb": "i år"}


def _household_ids(households: ParsedTable, log: FaultLog) -> None:
    ids = households["id"]
    rows = ids.rows_where([LINK_SIGN in (identifier or "") for identifier in ids.distinct])
    log_row_faults(log, households.raw, "household.plus", rows, column="id")


def _members(members: ParsedTable, log: FaultLog) -> None:
    not_needed = _is(members["hospital"], Answer.NO)
    for name in ("hospital_minutes", "hospital_name"):
        rows = np.flatnonzero(not_needed & (members[name].codes >= 0))
        log_row_faults(log, members.raw, "hospital.not_needed", rows, column=name)


def _plans_by_weeks(weeks: ParsedTable, today: date, log: FaultLog) -> None:
    """Log the plans of which every week has passed, at the last of their rows."""
    codes, over = (
        weeks["municipality"].codes,
        _days(weeks["week"]) < np.datetime64(start_of_week(today)),
    )
    last_row = {code: row for row, code in enumerate(codes.tolist())}
    passed = [row for code, row in last_row.items() if over[codes == code].all()]
    rows = np.array(sorted(passed), dtype=np.intp)
    log_row_faults(log, weeks.raw, "week.passed", rows, column="week")


def _days(values: ColumnValues) -> NDArray[np.datetime64]:
    return np.array([*values.distinct, None], dtype="datetime64[D]")[values.codes]


def _is(values: ColumnValues, wanted: object) -> NDArray[np.bool_]:
    is_wanted = [value is wanted for value in values.distinct]
    return np.array([*is_wanted, False], dtype=np.bool_)[values.codes]
