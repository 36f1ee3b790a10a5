"""Backups of a store on SQLite, while it is in use; PostgreSQL has tools of its own."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url

from matcher.store.database.errors import BackupError
from matcher.store.database.store import Store


def backup(store: Store, file: str | Path) -> None:
    """Copy a store on SQLite to a new file, whole, while others read and write.

    Parameters
    ----------
    file : str or Path
        Where; appears when it is complete, and must not be there before.

    Raises
    ------
    BackupError
        When the file is there, or the store is on PostgreSQL.
    """
    if store.engine.dialect.name != "sqlite":
        raise BackupError("a store on PostgreSQL is backed up with pg_dump")
    _copy(store.engine.url.database or "", Path(file))


def restore(file: str | Path, url: str) -> None:
    """Make a store on SQLite from a backup; call ``upgrade`` afterwards when it is an old one.

    Parameters
    ----------
    file : str or Path
        As :func:`backup` wrote it.
    url : str
        ``sqlite:///`` and a file that is not there yet.

    Raises
    ------
    BackupError
        When the backup is not there or damaged, the file is there, or the URL is not SQLite's.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise BackupError("a store on PostgreSQL is restored with pg_restore")
    if not Path(file).is_file():
        raise BackupError(f"there is no backup {Path(file).name}")
    _copy(str(file), Path(parsed.database))


def _copy(source: str, target: Path) -> None:
    if target.exists():
        raise BackupError(f"{target.name} is there already; name another file, or move it away")
    unfinished = target.with_name(f".{target.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(unfinished)) as new:
            old.backup(new)
            found = new.execute("PRAGMA integrity_check").fetchone()[0]
        if found != "ok":
            raise BackupError(f"{Path(source).name} is damaged: {found}")
        unfinished.rename(target)
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{Path(source).name} cannot be copied: {error}") from error
    finally:
        unfinished.unlink(missing_ok=True)
