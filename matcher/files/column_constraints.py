"""Check one column: no required cell is empty, no unique value occurs twice, all are in range.

pandera runs these checks lazily, so that it reports all failures at once. The parsers of this
package read the cells: pandera coerces a whole column or reports that this failed, and cannot tell
a lost leading zero from a decimal comma. Columns are validated one at a time, so that the memory
for a million failures in one column is released before the next column.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
from numpy.typing import NDArray
from pandera.errors import SchemaErrors

from matcher.files.column_values import ColumnValues
from matcher.files.faults import FaultLog
from matcher.files.raw_table import RawTable
from matcher.files.row_faults import log_row_faults
from matcher.files.schema import ColumnSchema

FAULT_CODES = {
    "not_nullable": "cell.empty",
    "field_uniqueness": "cell.twice",
    "greater_than_or_equal_to": "number.too_low",
    "less_than_or_equal_to": "number.too_high",
}


def check_column(
    raw: RawTable, name: str, column: ColumnSchema, values: ColumnValues, log: FaultLog
) -> None:
    """Log every cell that breaks a constraint of its column."""
    if column.required or column.unique:
        text = pd.Series(raw.columns[name].to_pandas(), dtype="str")
        if column.required and not column.gaps:
            _log_failures(log, raw, name, _failures(text, pa.Column(nullable=False)))
        if column.unique:
            # The first row of a repeated value is correct; empty cells do not count as repeated.
            unique = pa.Column(unique=True, report_duplicates="exclude_first")
            _log_failures(log, raw, name, _failures(text.dropna(), unique))
    bounds = _bounds(column)
    if bounds:
        facts = {"low": _bound_text(column.low), "high": _bound_text(column.high)}
        rule = pa.Column(float, checks=bounds, nullable=True)
        _log_failures(log, raw, name, _failures(pd.Series(values.to_floats()), rule), facts)


def _bounds(column: ColumnSchema) -> list[pa.Check]:
    return [
        *([] if column.low is None else [pa.Check.ge(column.low)]),
        *([] if column.high is None else [pa.Check.le(column.high)]),
    ]


def _failures(series: "pd.Series[Any]", rule: pa.Column) -> dict[str, NDArray[np.int64]]:
    """Return the rows that break a rule, by fault code."""
    try:
        pa.DataFrameSchema({"cells": rule}).validate(series.to_frame("cells"), lazy=True)
    except SchemaErrors as error:
        return {
            FAULT_CODES[str(check).partition("(")[0]]: np.sort(
                cases["index"].to_numpy(dtype=np.int64)
            )
            for check, cases in error.failure_cases.groupby("check", sort=True)
        }
    return {}


def _log_failures(
    log: FaultLog,
    raw: RawTable,
    name: str,
    failures: Mapping[str, NDArray[np.int64]],
    facts: Mapping[str, str] | None = None,
) -> None:
    for code, rows in failures.items():
        log_row_faults(log, raw, code, rows, column=name, facts=facts)


def _bound_text(bound: float | None) -> str:
    return "" if bound is None else f"{bound:g}"
