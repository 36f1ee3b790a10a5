"""Writing an instance to a folder, so that reading it gives the same instance."""

from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any, Literal

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]

from matcher.domain import Instance
from matcher.store.arrow_text import cell_text
from matcher.store.cells import Cells, cells_of
from matcher.store.errors import UnwritableError
from matcher.store.faults import FaultLog
from matcher.store.raw import RawTable, raw_table
from matcher.store.reading import make_instance, parse_tables
from matcher.store.schema import schema
from matcher.store.settings import FILE, InstanceFacts, write_facts
from matcher.store.tabular import WRITERS, write_table

Format = Literal["csv", "xlsx", "parquet"]


def write(instance: Instance, folder: str | Path, format: Format = "csv") -> None:
    """Write an instance's tables and ``instance.toml`` to a folder.

    A new folder appears whole or not at all. In a folder that is there, each file is replaced
    whole, tables that the instance lacks are removed, and other files are left alone.

    Parameters
    ----------
    instance : Instance
        What to write.
    folder : str or Path
        Where; made when it is not there.
    format : "csv", "xlsx" or "parquet"
        Kind of file. The same instance gives the same bytes as CSV on every machine.

    Raises
    ------
    FaultsError
        When the instance has faults for which reading would refuse it.
    UnwritableError
        When a value would not come back the same, such as an id with a space before it.
    """
    if f".{format}" not in WRITERS:
        raise UnwritableError(f"unknown format {format!r}; there are csv, xlsx and parquet")
    target = Path(folder)
    facts = InstanceFacts(instance.name, instance.today, instance.made_up)
    tables = cells_of(instance)
    _prove(instance, facts, tables)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(mkdtemp(dir=target.parent, prefix=f".{target.name}."))
    try:
        _write_all(unfinished, facts, tables, format)
        _put_in_place(unfinished, target)
    finally:
        rmtree(unfinished, ignore_errors=True)


def _write_all(
    folder: Path, facts: InstanceFacts, tables: dict[str, Cells], format: Format
) -> None:
    folder.chmod(0o755)
    (folder / FILE).write_text(write_facts(facts), encoding="utf-8", newline="\n")
    for name, cells in tables.items():
        write_table(folder / f"{name}.{format}", cells)


def _put_in_place(unfinished: Path, target: Path) -> None:
    if not target.exists():
        unfinished.rename(target)
        return
    written = {file.name for file in unfinished.iterdir()}
    for file in sorted(unfinished.iterdir()):
        file.replace(target / file.name)
    for name in schema().tables:
        for ending in WRITERS:
            if f"{name}{ending}" not in written:
                (target / f"{name}{ending}").unlink(missing_ok=True)


def _prove(instance: Instance, facts: InstanceFacts, tables: dict[str, Cells]) -> None:
    """Make sure that reading the cells gives the instance back."""
    log = FaultLog()
    raw = {name: _raw(name, cells) for name, cells in tables.items()}
    back = make_instance(facts, parse_tables(raw, instance.today, log), log)
    if back.replace(probabilities=None) == instance.replace(probabilities=None):
        return
    raise UnwritableError(
        f"would not come back the same from a file: {_first_change(instance, back)}"
    )


def _raw(name: str, cells: Cells) -> RawTable:
    texts = [pa.array(map(cell_text, column), pa.string()) for column in cells.values()]
    rows = np.arange(2, 2 + len(texts[0]), dtype=np.int64)
    return raw_table(name, list(cells), texts, rows)


def _first_change(one: Instance, other: Instance) -> str:
    for part in ("households", "municipalities"):
        for before, after in zip(getattr(one, part), getattr(other, part), strict=False):
            for name in before.__dataclass_fields__:
                if (was := getattr(before, name)) != getattr(after, name):
                    return f"{part} {_key(before)}, {name}: {was!r}"
    return "links, travel times or the earlier plan"


def _key(value: Any) -> str:
    return str(getattr(value, "id", None) or getattr(value, "number", ""))
