"""Whatever happens over a year's end, every person with a place is in one of the years."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.store import (
    ChangeError,
    Status,
    Store,
    begin_ledger_year,
    decline,
    find_differences,
    get_household_state,
    import_instance,
    promise,
    revise_ledger,
    settle,
    undo,
    withdraw,
)
from tests.store.test_years import AUTUMN, DECEMBER, NAMES, NEW_YEAR, asked, autumn, ledger, on

DAYS = (AUTUMN, DECEMBER, date(2024, 12, 30), NEW_YEAR, date(2025, 6, 1))
steps = st.tuples(
    st.sampled_from(
        (
            "ask",
            "promise",
            "promise for January",
            "settle",
            "settle in December",
            "no",
            "withdraw",
            "undo",
        )
    ),
    st.sampled_from(NAMES),
    st.booleans(),
)


STEPS: dict[str, Callable[..., Any]] = {
    "promise": promise,
    "settle": settle,
    "no": decline,
    "withdraw": withdraw,
    "undo": undo,
}


def attempt(store: Store, what: str, name: str, day: date) -> None:
    """Let something happen to a household, if it can."""
    stamp = on(day)
    try:
        if what == "ask":
            asked(store, name, day)
        elif what == "promise for January":
            promise(store, name, stamp, move_in=NEW_YEAR)
        elif what == "settle in December":
            settle(store, name, stamp, moved_in=date(2024, 12, 30))
        else:
            STEPS[what](store, name, stamp)
    except ChangeError:
        pass


def check_sums(store: Store, today: date) -> None:
    """Every person with a place is counted once, in one of the years, and none above a decision."""
    states = [get_household_state(store, name) for name in NAMES]
    ledgers = [ledger(store, year, today) for year in (2024, 2025)]
    for status, number in ((Status.SETTLED, "settled"), (Status.PROMISED, "promised")):
        held = sum(s.held_persons for s in states if s.status is status)
        assert sum(getattr(book, number) for book in ledgers) == held
    assert find_differences(store) == []
    if today.year == 2024:
        assert all(book.open is not None and book.open >= 0 for book in ledgers)


@pytest.mark.slow
@given(st.lists(steps, max_size=25))
@settings(max_examples=40)
def test_no_place_is_counted_twice_over_any_years_end(sqlite_template, history):
    """Whatever is promised, settled and undone on both sides of the year's end."""
    with TemporaryDirectory() as folder:
        shutil.copy(sqlite_template, Path(folder) / "store.db")
        with Store.open(f"sqlite:///{folder}/store.db") as store:
            import_instance(store, autumn(decided=6), on(AUTUMN))
            begin_ledger_year(store, 2025, on(AUTUMN))
            revise_ledger(store, "0301", {"decided": 4}, on(AUTUMN), year=2025)
            at = 0
            for what, name, moves_on in history:
                at = min(len(DAYS) - 1, at + moves_on)
                attempt(store, what, name, DAYS[at])
                check_sums(store, DAYS[at])
