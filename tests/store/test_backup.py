"""A backup made while others write is whole, and a store restored from it goes on."""

import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from matcher.store import (
    BackupError,
    ErasedError,
    Store,
    backup,
    find_differences,
    get_municipality_state,
    load_instance_at,
    restore,
    upgrade,
)
from tests.store.conftest import make_database
from tests.store.private_postgres import USER, program, url
from tests.store.small import DAY, imported, promised, proposed, small


@pytest.fixture
def on_sqlite(sqlite_template, tmp_path):
    """A store on SQLite with a promise in it."""
    restore(sqlite_template, f"sqlite:///{tmp_path}/store.db")
    with Store.open(f"sqlite:///{tmp_path}/store.db") as store:
        imported(store, small(40, decided=50))
        promised(store, "H0")
        yield store


def test_a_restored_store_is_as_it_was_and_goes_on(on_sqlite, tmp_path):
    """What was recorded after the backup is not in it."""
    backup(on_sqlite, tmp_path / "backup.db")
    before = load_instance_at(on_sqlite, DAY)
    promised(on_sqlite, "H1")
    restore(tmp_path / "backup.db", f"sqlite:///{tmp_path}/again.db")
    upgrade(f"sqlite:///{tmp_path}/again.db")
    with Store.open(f"sqlite:///{tmp_path}/again.db") as again:
        assert load_instance_at(again, DAY) == before
        promised(again, "H2")
        assert get_municipality_state(again, "0301").ledger.promised == 2
        assert find_differences(again) == []
        with again.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_backup_while_others_write_is_one_moment(on_sqlite, tmp_path):
    """Its snapshots are what its events say, whatever came in meanwhile."""
    names = [f"H{k}" for k in range(1, 40)]
    with ThreadPoolExecutor(4) as pool:
        writing = [pool.submit(promised, on_sqlite, name) for name in names]
        for number in range(5):
            backup(on_sqlite, tmp_path / f"backup{number}.db")
        assert all(done.result() for done in writing)
    for number in range(5):
        with Store.open(f"sqlite:///{tmp_path}/backup{number}.db") as copy:
            assert find_differences(copy) == []


def test_no_file_is_written_over(on_sqlite, tmp_path):
    """Neither by a backup nor by a restored store."""
    backup(on_sqlite, tmp_path / "backup.db")
    with pytest.raises(BackupError, match=r"backup\.db is there already"):
        backup(on_sqlite, tmp_path / "backup.db")
    with pytest.raises(BackupError, match=r"store\.db is there already"):
        restore(tmp_path / "backup.db", f"sqlite:///{tmp_path}/store.db")


def test_what_is_no_backup_is_not_restored(tmp_path):
    """Missing or damaged, it leaves nothing behind."""
    with pytest.raises(BackupError, match=r"there is no backup gone\.db"):
        restore(tmp_path / "gone.db", f"sqlite:///{tmp_path}/store.db")
    (tmp_path / "notes.db").write_text("not a database\n" * 100, encoding="utf-8")
    with pytest.raises(BackupError, match=r"notes\.db cannot be copied"):
        restore(tmp_path / "notes.db", f"sqlite:///{tmp_path}/store.db")
    assert [file.name for file in tmp_path.iterdir()] == ["notes.db"]


def test_postgresql_has_its_own_tools(postgres, tmp_path):
    """The errors name them."""
    make_database(postgres, "own-tools", "template")
    address = url(postgres, "own-tools")
    with Store.open(address) as store, pytest.raises(BackupError, match="pg_dump"):
        backup(store, tmp_path / "backup.db")
    with pytest.raises(BackupError, match="pg_restore"):
        restore(tmp_path / "backup.db", address)


def test_a_dump_of_postgresql_restored_is_as_it_was(postgres, tmp_path):
    """With its guards: pg_dump and pg_restore as the guide has them."""
    dump, back = program("pg_dump"), program("pg_restore")
    if dump is None or back is None:
        pytest.skip("pg_dump and pg_restore are not on this machine")
    for name, template in (("dumped", "template"), ("restored", "template1")):
        make_database(postgres, name, template)
    with Store.open(url(postgres, "dumped")) as store:
        imported(store, small(decided=5))
        promised(store, "H0")
        before = load_instance_at(store, DAY)
    file = str(tmp_path / "store.dump")
    own = ["-h", postgres, "-U", USER]
    subprocess.run([dump, *own, "--format=custom", f"--file={file}", "dumped"], check=True)
    restored = ["--exit-on-error", "--single-transaction", "--dbname=restored", file]
    subprocess.run([back, *own, *restored], check=True)
    with Store.open(url(postgres, "restored")) as store:
        assert load_instance_at(store, DAY) == before
        assert find_differences(store) == []
        promised(store, "H1")
        with pytest.raises(Exception, match="event is never changed"), store.engine.begin() as c:
            c.exec_driver_sql("DELETE FROM event")


def test_what_is_erased_is_told_and_the_rest_still_stands(store):
    """A content can be deleted; its events, and the ledger, stay as they are."""
    imported(store, small(decided=5))
    proposed(store, "H0")
    with store.engine.begin() as connection:
        gone = connection.exec_driver_sql("DELETE FROM content WHERE kind = 'household'").rowcount
    assert gone == 3
    with pytest.raises(ErasedError, match=r"3 of .* contents have been erased"):
        load_instance_at(store, DAY)
    assert get_municipality_state(store, "0301").ledger.decided == 5
