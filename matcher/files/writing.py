"""Write an instance to a folder, so that reading the folder gives the same instance."""

from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any, Literal

from matcher.domain.instance import Instance
from matcher.files.errors import UnwritableError
from matcher.files.faults import FaultLog
from matcher.files.instance_cells import Cells, cells_of, raw_table_of
from matcher.files.instance_facts import INSTANCE_FILE, InstanceFacts, format_instance_facts
from matcher.files.reading import build_instance, parse_tables
from matcher.files.schema import schema
from matcher.files.table_files import WRITERS, write_table

FileFormat = Literal["csv", "xlsx", "parquet"]


def write(instance: Instance, folder: str | Path, format: FileFormat = "csv") -> None:
    """Write an instance's tables and ``instance.toml`` to a folder.

    A new folder is created atomically. In an existing folder each file is replaced atomically,
    files of tables that the instance lacks are removed, and other files are not changed.

    Parameters
    ----------
    instance : Instance
        Instance to write.
    folder : str or Path
        Folder to write to; created when it does not exist.
    format : "csv", "xlsx" or "parquet"
        File format. As CSV, the same instance gives the same bytes on every machine.

    Raises
    ------
    FaultsError
        When the instance has faults with which it could not be read.
    UnwritableError
        When a value would change by writing and reading, such as an id with a leading space.
    """
    if f".{format}" not in WRITERS:
        raise UnwritableError(f"unknown format {format!r}; there are csv, xlsx and parquet")
    target = Path(folder)
    facts = InstanceFacts(instance.name, instance.today, instance.made_up)
    tables = cells_of(instance)
    _check_round_trip(instance, facts, tables)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(mkdtemp(dir=target.parent, prefix=f".{target.name}."))
    try:
        _write_all(unfinished, facts, tables, format)
        _put_in_place(unfinished, target)
    finally:
        rmtree(unfinished, ignore_errors=True)


def _write_all(
    folder: Path, facts: InstanceFacts, tables: dict[str, Cells], format: FileFormat
) -> None:
    folder.chmod(0o755)
    (folder / INSTANCE_FILE).write_text(
        format_instance_facts(facts), encoding="utf-8", newline="\n"
    )
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


def _check_round_trip(instance: Instance, facts: InstanceFacts, tables: dict[str, Cells]) -> None:
    """Raise unless reading the cells gives the same instance."""
    log = FaultLog()
    raw = {name: raw_table_of(name, cells) for name, cells in tables.items()}
    reread = build_instance(facts, parse_tables(raw, instance.today, log), log)
    if reread.replace(probabilities=None) == instance.replace(probabilities=None):
        return
    raise UnwritableError(
        f"would not come back the same from a file: {_first_change(instance, reread)}"
    )


def _first_change(original: Instance, reread: Instance) -> str:
    for part in ("households", "municipalities"):
        for before, after in zip(getattr(original, part), getattr(reread, part), strict=False):
            for name in before.__dataclass_fields__:
                if (value := getattr(before, name)) != getattr(after, name):
                    return f"{part} {_key(before)}, {name}: {value!r}"
    return "links, travel times, the earlier plan or suggestions"


def _key(value: Any) -> str:
    return str(getattr(value, "id", None) or getattr(value, "number", ""))
