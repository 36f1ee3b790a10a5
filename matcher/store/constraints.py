"""What holds within a column: nothing missing, nothing twice, everything within its range.

pandera does this part, lazily, so that all failures come at once. Reading cells from text is left
to the store's own parsers: pandera coerces a whole column or says that it failed, and cannot tell
a lost leading zero from a decimal comma. Columns are validated one at a time, so that a million
failures in one are let go before the next.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
from numpy.typing import NDArray
from pandera.errors import SchemaErrors

from matcher.store.columns import Values
from matcher.store.faults import FaultLog
from matcher.store.raw import RawTable
from matcher.store.schema import Column
from matcher.store.telling import tell

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
        if column.required and not column.gaps:
            _tell(log, raw, name, _failures(text, pa.Column(nullable=False)))
        if column.unique:
            # The first row of a value that comes twice is in order; empty cells are not twice.
            once = pa.Column(unique=True, report_duplicates="exclude_first")
            _tell(log, raw, name, _failures(text.dropna(), once))
    bounds = _bounds(column)
    if bounds:
        facts = {"low": _plain(column.low), "high": _plain(column.high)}
        rule = pa.Column(float, checks=bounds, nullable=True)
        _tell(log, raw, name, _failures(pd.Series(values.floats()), rule), facts)


def _bounds(column: Column) -> list[pa.Check]:
    return [
        *([] if column.low is None else [pa.Check.ge(column.low)]),
        *([] if column.high is None else [pa.Check.le(column.high)]),
    ]


def _failures(series: "pd.Series[Any]", rule: pa.Column) -> dict[str, NDArray[np.int64]]:
    """Give the rows that break a rule, by the fault's code."""
    try:
        pa.DataFrameSchema({"cells": rule}).validate(series.to_frame("cells"), lazy=True)
    except SchemaErrors as error:
        return {
            CODES[str(check).partition("(")[0]]: np.sort(found["index"].to_numpy(dtype=np.int64))
            for check, found in error.failure_cases.groupby("check", sort=True)
        }
    return {}


def _tell(
    log: FaultLog,
    raw: RawTable,
    name: str,
    failures: Mapping[str, NDArray[np.int64]],
    facts: Mapping[str, str] | None = None,
) -> None:
    for code, rows in failures.items():
        tell(log, raw, code, rows, column=name, facts=facts)


def _plain(bound: float | None) -> str:
    return "" if bound is None else f"{bound:g}"
