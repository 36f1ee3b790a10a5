"""Log the same fault for many rows."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.files.faults import MAX_FAULTS_PER_CODE, FaultLog
from matcher.files.raw_table import RawTable

RowFacts = Mapping[str, str] | Callable[[int], Mapping[str, str]]


def log_row_faults(
    log: FaultLog,
    raw: RawTable,
    code: str,
    rows: NDArray[np.integer[Any]],
    *,
    column: str | None = None,
    facts: RowFacts | None = None,
) -> None:
    """Log the same fault for several rows; rows after ``MAX_FAULTS_PER_CODE`` are counted.

    Parameters
    ----------
    log, raw, code
        Log to write to, table that has the fault, and code of the fault.
    rows : array of int
        Row indices in the table, from 0, ascending.
    column : str or None
        Column of the cells; None for whole rows.
    facts : mapping, or callable from row index to mapping
        Values that the sentences about the fault mention.
    """
    for row in rows[:MAX_FAULTS_PER_CODE].tolist():
        row_facts = facts(row) if callable(facts) else facts or {}
        value = raw.text(column, row) if column else ""
        log.add(raw.file, code, row=int(raw.rows[row]), column=column, value=value, **row_facts)
    log.count_omitted(raw.file, column, code, max(0, len(rows) - MAX_FAULTS_PER_CODE))
