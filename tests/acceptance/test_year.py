"""``treffsikker year``: a year is begun while promises are open, and both years are shown."""

import json
import shutil
from datetime import UTC, date, datetime

import pytest

from matcher.cli import main
from matcher.store import (
    Stamp,
    Store,
    get_municipality_state,
    import_instance,
    promise,
    propose,
    revise_ledger,
    settle,
)
from tests.store.conftest import sqlite_template
from tests.store.small import small

__all__ = ["sqlite_template"]

OCTOBER, DECEMBER, JANUARY = date(2024, 10, 1), date(2024, 12, 15), date(2025, 1, 7)


def at(day: date) -> Stamp:
    """Somebody at noon of a day."""
    return Stamp(datetime(day.year, day.month, day.day, 12, tzinfo=UTC), "test", "as agreed")


@pytest.fixture
def url(sqlite_template, tmp_path) -> str:
    """A store in October: ten places decided, one household of two promised a place."""
    shutil.copy(sqlite_template, tmp_path / "store.db")
    url = f"sqlite:///{tmp_path}/store.db"
    with Store.open(url) as store:
        queue = small(persons=2, decided=10, settled=1).replace(today=OCTOBER)
        import_instance(store, queue, at(OCTOBER))
        propose(store, "H0", "0301", at(OCTOBER), answer_by=OCTOBER)
        promise(store, "H0", at(OCTOBER))
    return url


@pytest.fixture
def year(url, monkeypatch, capsys):
    """Run the command: exit code, and what it printed."""
    monkeypatch.setenv("TREFFSIKKER_DEVELOPMENT", "1")

    def run(*words: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["treffsikker", "year", *words, "--database", url])
        with pytest.raises(SystemExit) as end:
            main()
        printed = capsys.readouterr()
        return int(end.value.code or 0), printed.out + printed.err

    return run


def sums(year, day: date) -> list[tuple[int, int, int, int]]:
    """Year, decided, settled and promised in all municipalities, as the command shows them."""
    code, out = year("show", "--day", day.isoformat(), "--json")
    assert code == 0
    rows = json.loads(out)["years"]
    return [(r["year"], r["decided"], r["settled"], r["promised"]) for r in rows]


def test_promises_that_are_open_at_the_years_end_go_on_with_the_household(year, url):
    """In December in the old year, from January in the new one, and settled there."""
    code, out = year("begin", "2025", "--day", "2024-12-15", "--language", "en")
    assert (code, "2025 is open in 2 municipalities" in out) == (0, True)
    assert sums(year, DECEMBER) == [(2024, 110, 1, 2), (2025, 0, 0, 0)]
    assert sums(year, JANUARY) == [(2024, 110, 1, 0), (2025, 0, 0, 2)]
    with Store.open(url) as store:
        revise_ledger(store, "0301", {"decided": 7}, at(JANUARY))
        settle(store, "H0", at(JANUARY))
        ledger = get_municipality_state(store, "0301").ledger_of(2025, JANUARY)
        assert (ledger.settled, ledger.promised, ledger.open) == (2, 0, 5)
    assert sums(year, JANUARY) == [(2024, 110, 1, 0), (2025, 7, 2, 0)]
    assert sums(year, OCTOBER) == [(2024, 110, 1, 2)]


def test_what_is_not_known_is_counted_as_not_known(year):
    """A municipality without a decision is one without a decision, not one with none."""
    year("begin", "2025", "--day", "2024-12-15")
    text = year("show", "--day", "2024-12-15", "--language", "en")[1]
    assert "2025: 0 decided, 0 settled, 0 promised in 2 municipalities; 2 without a rec" in text


def test_a_year_is_begun_once_and_no_other_year_is(year):
    """The second time says so; a year far off, or a day that is none, is wrong use."""
    year("begin", "2025", "--day", "2024-12-15")
    code, out = year("begin", "2025", "--day", "2024-12-16", "--language", "en")
    assert (code, "was open in every municipality already" in out) == (0, True)
    code, out = year("begin", "2027", "--day", "2024-12-16", "--language", "en")
    assert (code, "the ledger of 2027 cannot be begun on 2024-12-16" in out) == (2, True)
    code, out = year("begin", "2025", "--day", "christmas", "--language", "en")
    assert (code, "write year-month-day" in out) == (2, True)


def test_without_a_day_the_year_is_begun_on_the_day_that_counts_as_today(year, monkeypatch):
    """The demonstration's day, where one is set, and not the machine's."""
    monkeypatch.setenv("TREFFSIKKER_TODAY", "2024-12-15")
    assert year("begin", "2025")[0] == 0
    shown = json.loads(year("show", "--json")[1])
    assert (shown["day"], [row["year"] for row in shown["years"]]) == ("2024-12-15", [2024, 2025])
