"""One way to tell of the same fault in many rows."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.store.faults import KEPT, FaultLog
from matcher.store.raw import RawTable

Facts = Mapping[str, str] | Callable[[int], Mapping[str, str]]


def tell(
    log: FaultLog,
    raw: RawTable,
    code: str,
    rows: NDArray[np.integer[Any]],
    *,
    column: str | None = None,
    facts: Facts | None = None,
) -> None:
    """Put the same fault about several rows in the log, without a step for each of a million.

    Parameters
    ----------
    log, raw, code
        Where to, about which table, what kind of fault.
    rows : array of int
        Places in the table, from 0, ascending.
    column : str or None
        Which cells; None for the rows as a whole.
    facts : mapping, or callable from place to mapping
        What the sentences mention.
    """
    for row in rows[:KEPT].tolist():
        known = facts(row) if callable(facts) else facts or {}
        value = raw.text(column, row) if column else ""
        log.add(raw.file, code, row=int(raw.rows[row]), column=column, value=value, **known)
    log.leave_out(raw.file, column, code, max(0, len(rows) - KEPT))
