"""What holds within a column: nothing missing, nothing twice, everything within its range.

pandera does this part, lazily, so that all failures come at once. Reading cells from text is left
to the store's own parsers: pandera coerces a whole column or says that it failed, and cannot tell
a lost leading zero from a decimal comma. Columns are validated one at a time, so that a million
failures in one are let go before the next.
"""

from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from matcher.store.columns import Values
from matcher.store.faults import KEPT, FaultLog
from matcher.store.raw import RawTable
from matcher.store.schema import Column

CODES = {
    "not_nullable": "cell.empty",
    "field_uniqueness": "cell.twice",
    "greater_than_or_equal_to": "number.too_low",
    "less_than_or_equal_to": "number.too_high",
}


def check_column(raw: RawTable, name: str, column: Column, values: Values, log: FaultLog) -> None:
    """Put every breach of a column's constraints in the log."""
    if column.required or column.unique:
        text = pd.Series(raw.columns[name].to_pandas(), dtype="str")
        _validate(raw, name, text, pa.Column(nullable=not column.required), log)
        known = text.dropna()
        _validate(raw, name, known, pa.Column(unique=column.unique), log)
    if column.low is not None or column.high is not None:
        bounds = [
            *([] if column.low is None else [pa.Check.ge(column.low)]),
            *([] if column.high is None else [pa.Check.le(column.high)]),
        ]
        numbers = pd.Series(values.floats())
        _validate(raw, name, numbers, pa.Column(float, checks=bounds, nullable=True), log, column)


def _validate(
    raw: RawTable,
    name: str,
    series: "pd.Series[Any]",
    rule: pa.Column,
    log: FaultLog,
    column: Column | None = None,
) -> None:
    if rule.unique:
        # pandera tells of every row of a value that comes twice; the first one is in order.
        rule = pa.Column(unique=True, report_duplicates="exclude_first")
    try:
        pa.DataFrameSchema({name: rule}).validate(series.to_frame(name), lazy=True)
    except SchemaErrors as error:
        failures = error.failure_cases
        for check, found in failures.groupby("check", sort=True):
            code = CODES[str(check).partition("(")[0]]
            _report(raw, name, code, np.sort(found["index"].to_numpy(dtype=np.int64)), log, column)


def _report(
    raw: RawTable, name: str, code: str, rows: Any, log: FaultLog, column: Column | None
) -> None:
    facts = {} if column is None else {"low": _plain(column.low), "high": _plain(column.high)}
    for row in rows[:KEPT]:
        value = raw.columns[name][int(row)].as_py() or ""
        log.add(raw.file, code, row=int(raw.rows[row]), column=name, value=value, **facts)
    log.leave_out(raw.file, name, code, max(0, len(rows) - KEPT))


def _plain(bound: float | None) -> str:
    return "" if bound is None else f"{bound:g}"
