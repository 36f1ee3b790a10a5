"""Read tables from pandas data frames."""

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]

from matcher.files.raw_table import (
    RawTable,
    build_raw_table,
    cell_text,
    column_as_text,
    header_name,
)


def raw_from_frame(table: str, frame: pd.DataFrame) -> RawTable:
    """Convert the cells of a data frame to text; faults name ``table`` as the file.

    Parameters
    ----------
    table : str
        Name of the table.
    frame : pandas.DataFrame
        Has the same columns as the file of the table.
    """
    names = [header_name(str(name)) for name in frame.columns]
    texts = [_texts(frame.iloc[:, place]) for place in range(len(names))]
    return build_raw_table(table, names, texts, np.arange(2, 2 + len(frame), dtype=np.int64))


def _texts(series: "pd.Series[Any]") -> Any:
    if series.dtype == object:
        values = [_python_value(value) for value in series.tolist()]
        return pa.array([cell_text(value) for value in values], pa.string())
    return column_as_text(pa.array(series, from_pandas=True))


def _python_value(value: Any) -> Any:
    if value is pd.NA or value is pd.NaT:
        return None
    return value.item() if isinstance(value, np.generic) else value
