"""Check an instance as if it were files, with faults by household and municipality."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from matcher.domain import Instance
from matcher.files import Fault, FaultsError, check
from matcher.files.instance_cells import cells_of
from matcher.files.writing import write

SUBJECTS = {
    "households": ("household", "id"),
    "members": ("household", "household"),
    "municipalities": ("municipality", "number"),
    "dwellings": ("municipality", "municipality"),
}
"""Subject of a row of a table, and the column that identifies it, by table."""


def find_faults(instance: Instance) -> list[dict[str, Any]]:
    """List every fault with its kind and the household or municipality concerned.

    Parameters
    ----------
    instance : Instance
        The instance from the store; it is written to files, which are checked.
    """
    subjects = _subjects(instance)
    with TemporaryDirectory() as folder:
        files = Path(folder) / "files"
        try:
            write(instance, files)
            faults: Iterable[Fault] = check(files)
        except FaultsError as error:
            faults = error.faults
    return [_plain(fault, subjects.get(Path(fault.file).stem)) for fault in faults]


def _subjects(instance: Instance) -> Mapping[str, Sequence[Any]]:
    """Return the subject of each row, by table; also of files with errors."""
    cells = cells_of(instance)
    return {
        table: cells[table][column] for table, (_, column) in SUBJECTS.items() if table in cells
    }


def _plain(fault: Fault, subjects: Sequence[Any] | None) -> dict[str, Any]:
    table = Path(fault.file).stem
    subject = {}
    if subjects is not None and fault.row is not None:
        # Rows are numbered as in the file: the header is row 1.
        subject = {SUBJECTS[table][0]: str(subjects[fault.row - 2])}
    return {
        "severity": fault.severity,
        "code": fault.code,
        "table": table,
        "column": fault.column,
        "value": fault.value,
        "facts": dict(fault.facts),
        **subject,
    }
