"""Read tables from Parquet files whose columns are text or typed."""

from pathlib import Path

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from matcher.files.faults import FaultLog
from matcher.files.raw_table import RawTable, build_raw_table, column_as_text, header_name
from matcher.files.schema import TableSchema


def read_parquet(path: Path, table: TableSchema, log: FaultLog) -> RawTable | None:
    """Read the columns of a Parquet file as text; return None and log the reason on failure."""
    try:
        cells = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        reason = str(error).splitlines()[0].rpartition("': ")[2].rstrip(".")
        log.add(path.name, "file.unreadable", why=reason)
        return None
    names = [header_name(name) for name in cells.column_names]
    texts = [column_as_text(column) for column in cells.columns]
    return build_raw_table(
        path.name, names, texts, np.arange(2, 2 + cells.num_rows, dtype=np.int64)
    )
