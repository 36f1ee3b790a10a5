"""What checking files would tell of an instance, by household and municipality."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from matcher.domain import Instance
from matcher.store import Fault, FaultsError, check
from matcher.store.cells import cells_of
from matcher.store.writing import write

SUBJECTS = {
    "households": ("household", "id"),
    "members": ("household", "household"),
    "municipalities": ("municipality", "number"),
    "dwellings": ("municipality", "municipality"),
}
"""Whom a row of a table is about, and in which column it says so."""


def faults_of(instance: Instance) -> list[dict[str, Any]]:
    """Give every fault with its kind and the household or municipality that it is about.

    Parameters
    ----------
    instance : Instance
        As the store has it; checked as the files it would be.
    """
    subjects = _subjects(instance)
    with TemporaryDirectory() as folder:
        files = Path(folder) / "files"
        try:
            write(instance, files)
            found: Iterable[Fault] = check(files)
        except FaultsError as error:
            found = error.faults
    return [_plain(fault, subjects.get(Path(fault.file).stem)) for fault in found]


def _subjects(instance: Instance) -> Mapping[str, Sequence[Any]]:
    """Whom each row is about, by table; those of files that would be refused are known as well."""
    cells = cells_of(instance)
    return {
        table: cells[table][column] for table, (_, column) in SUBJECTS.items() if table in cells
    }


def _plain(fault: Fault, subjects: Sequence[Any] | None) -> dict[str, Any]:
    table = Path(fault.file).stem
    who = {}
    if subjects is not None and fault.row is not None:
        # As a person sees it in the file: the header is row 1.
        who = {SUBJECTS[table][0]: str(subjects[fault.row - 2])}
    return {
        "severity": fault.severity,
        "code": fault.code,
        "table": table,
        "column": fault.column,
        "value": fault.value,
        "facts": dict(fault.facts),
        **who,
    }
