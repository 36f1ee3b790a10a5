"""``treffsikker purge``: whom it would erase, whom it erases, and one who asks for it."""

import json
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from matcher.cli import main
from matcher.store import Stamp, Store, get_household_state, import_instance, withdraw
from tests.store.conftest import sqlite_template
from tests.store.small import small

__all__ = ["sqlite_template"]


@pytest.fixture
def url(sqlite_template, tmp_path) -> str:
    """A store where H0 was withdrawn long ago, H1 today, and H2 waits."""
    shutil.copy(sqlite_template, tmp_path / "store.db")
    url, today = f"sqlite:///{tmp_path}/store.db", datetime.now(UTC)
    with Store.open(url) as store:
        then = today - timedelta(days=200)
        import_instance(store, small(), Stamp(then, "test", "import"))
        for name, at in (("H0", then), ("H1", today)):
            withdraw(store, name, Stamp(at, "test", "left"))
    return url


@pytest.fixture
def purge(url, monkeypatch, capsys):
    """Run the command: exit code, and what it printed."""
    monkeypatch.setenv("TREFFSIKKER_DEVELOPMENT", "1")

    def run(*words: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["treffsikker", "purge", "--database", url, *words])
        with pytest.raises(SystemExit) as end:
            main()
        printed = capsys.readouterr()
        return int(end.value.code or 0), printed.out + printed.err

    return run


def erased(url: str) -> list[bool]:
    """Of each household, whether what was known has been erased."""
    with Store.open(url) as store:
        return [get_household_state(store, f"H{k}").erased for k in range(3)]


def test_it_tells_whom_it_would_erase_and_erases_them(purge, url):
    """Those done with for longer than the settings say."""
    code, out = purge("--look", "--json")
    assert (code, json.loads(out)) == (0, {"households": ["H0"]})
    assert erased(url) == [False, False, False]
    assert "1 husstander" in purge("--look")[1]
    code, out = purge("--language", "en")
    assert code == 0
    assert "Erased what was known of 1 households: 1 descriptions" in out
    assert erased(url) == [True, False, False]


def test_one_who_asks_is_erased_with_a_reason(purge, url):
    """And not before it is done with."""
    assert purge("--household", "H1")[0] == 2
    code, out = purge("--household", "H2", "--reason", "asked")
    assert (code, "H2 is ready" in out) == (2, True)
    assert purge("--household", "H1", "--reason", "asked", "--json")[0] == 0
    assert erased(url) == [False, True, False]
