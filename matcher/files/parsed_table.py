"""A table with parsed cells: columns of values beside the text that they were parsed from."""

from dataclasses import dataclass

from matcher.files.column_constraints import check_column
from matcher.files.column_values import ColumnValues, empty_column, read_column
from matcher.files.faults import FaultLog
from matcher.files.raw_table import RawTable
from matcher.files.schema import TableSchema
from matcher.files.word_cells import nearest_word


@dataclass(frozen=True, slots=True, eq=False)
class ParsedTable:
    """The values of every column of the schema; a column that the file lacks is empty."""

    raw: RawTable
    columns: dict[str, ColumnValues]

    def __len__(self) -> int:
        return len(self.raw)

    def __getitem__(self, name: str) -> ColumnValues:
        return self.columns[name]


def parse_table(raw: RawTable, table: TableSchema, log: FaultLog) -> ParsedTable:
    """Parse and check every column of a table, each independently of the others."""
    _check_header(raw, table, log)
    columns: dict[str, ColumnValues] = {}
    for name, column in table.columns.items():
        if name not in raw.columns:
            columns[name] = empty_column(len(raw))
            continue
        columns[name] = read_column(raw, name, column, log)
        check_column(raw, name, column, columns[name], log)
    return ParsedTable(raw, columns)


def _check_header(raw: RawTable, table: TableSchema, log: FaultLog) -> None:
    for name in raw.duplicate_names:
        log.add(raw.file, "column.twice", row=1, column=name, value=name)
    missing = [name for name in table.columns if name not in raw.columns]
    for name in missing:
        if table.columns[name].required:
            log.add(raw.file, "column.missing", row=1, column=name)
    if table.other_columns:
        return
    for name in raw.columns:
        if name in table.columns:
            continue
        near = nearest_word(name, missing)
        if near is None:
            log.add(raw.file, "column.unknown", row=1, column=name, value=name)
        else:
            log.add(raw.file, "column.misspelt", row=1, column=name, value=name, nearest=near)
