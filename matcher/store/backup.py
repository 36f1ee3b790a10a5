"""Back up a store on SQLite while it is in use; PostgreSQL has its own tools for this."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url

from matcher.store.errors import BackupError
from matcher.store.store import Store


def backup(store: Store, file: str | Path) -> None:
    """Copy a whole store on SQLite to a new file, while others read and write.

    Parameters
    ----------
    file : str or Path
        The new file. It appears only when it is complete, and must not exist before.

    Raises
    ------
    BackupError
        When the file exists, or the store is on PostgreSQL.
    """
    if store.engine.dialect.name != "sqlite":
        raise BackupError("a store on PostgreSQL is backed up with pg_dump")
    _copy(store.engine.url.database or "", Path(file))


def restore(file: str | Path, url: str) -> None:
    """Create a store on SQLite from a backup; call ``upgrade`` afterwards for an old backup.

    Parameters
    ----------
    file : str or Path
        As :func:`backup` wrote it.
    url : str
        ``sqlite:///`` and a file that does not exist yet.

    Raises
    ------
    BackupError
        When the backup is missing or damaged, the new file exists, or the URL is not of SQLite.
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
            verdict = new.execute("PRAGMA integrity_check").fetchone()[0]
        if verdict != "ok":
            raise BackupError(f"{Path(source).name} is damaged: {verdict}")
        unfinished.rename(target)
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{Path(source).name} cannot be copied: {error}") from error
    finally:
        unfinished.unlink(missing_ok=True)
