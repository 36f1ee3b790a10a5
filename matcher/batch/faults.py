"""What checking files would tell of an instance, by household and municipality."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from matcher.domain import Instance
from matcher.store import Fault, FaultsError, check
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
    with TemporaryDirectory() as folder:
        files = Path(folder) / "files"
        try:
            write(instance, files)
        except FaultsError as error:
            return [_plain(fault, None) for fault in error.faults]
        found = check(files)
        subjects = {table: _subjects(files, table) for table in SUBJECTS}
    return [_plain(fault, subjects.get(Path(fault.file).stem)) for fault in found]


def _subjects(files: Path, table: str) -> pd.Series | None:
    path, (_, column) = files / f"{table}.csv", SUBJECTS[table]
    return pd.read_csv(path, dtype=str)[column] if path.is_file() else None


def _plain(fault: Fault, subjects: pd.Series | None) -> dict[str, Any]:
    table = Path(fault.file).stem
    who = {}
    if subjects is not None and fault.row is not None:
        # As a person sees it in the file: the header is row 1.
        who = {SUBJECTS[table][0]: str(subjects.iloc[fault.row - 2])}
    return {
        "severity": fault.severity,
        "code": fault.code,
        "table": table,
        "column": fault.column,
        "value": fault.value,
        "facts": dict(fault.facts),
        **who,
    }
