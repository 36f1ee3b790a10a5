"""A year has the same books in whatever order it is told, and undoing gives back what was."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.domain import Ledger
from matcher.store import (
    ChangeError,
    NoCapacityError,
    Store,
    UnusableNumberError,
    WrongStatusError,
    begin_ledger_year,
    decline,
    find_differences,
    get_municipality_state,
    import_instance,
    promise,
    propose,
    revise_ledger,
    settle,
    undo,
)
from tests.ledgers import known
from tests.store.small import household
from tests.store.test_sums_over_years import DAYS, attempt, check_sums, steps
from tests.store.test_years import AUTUMN, DECEMBER, NAMES, NEW_YEAR, asked, autumn, ledger, on

LATE_DECEMBER = date(2024, 12, 30)


@contextmanager
def opened(template: Path) -> Iterator[Store]:
    """A store of its own, whose tables are there."""
    with TemporaryDirectory() as folder:
        shutil.copy(template, Path(folder) / "store.db")
        with Store.open(f"sqlite:///{folder}/store.db") as store:
            yield store


def all_promised(store: Store, day: date) -> None:
    """Take a queue in on a day, and promise everyone a place."""
    import_instance(store, autumn().replace(today=day), on(day))
    for name in NAMES:
        asked(store, name, day)
        promise(store, name, on(day))


def files_of_january(store: Store) -> None:
    """A decision, and nothing of what others are promised or have settled."""
    place = replace(autumn().municipalities[0], ledger=Ledger(decided=8))
    files = autumn().replace(today=NEW_YEAR, municipalities=(place,))
    import_instance(store, files, on(NEW_YEAR), withdraw_many=True)


def settled_by_mistake(store: Store) -> None:
    """Undone before anything else."""
    settle(store, "H3", on(NEW_YEAR), moved_in=LATE_DECEMBER)
    undo(store, "H3", on(NEW_YEAR))


FACTS: Mapping[str, Callable[[Store], Any]] = {
    "begun": lambda store: begin_ledger_year(store, 2025, on(NEW_YEAR)),
    "decided": lambda store: revise_ledger(store, "0301", {"decided": 8}, on(NEW_YEAR)),
    "files": files_of_january,
    "settled in January": lambda store: settle(store, "H0", on(NEW_YEAR)),
    "settled in December": lambda store: settle(store, "H1", on(NEW_YEAR), moved_in=LATE_DECEMBER),
    "a no": lambda store: decline(store, "H2", on(NEW_YEAR)),
    "a mistake": settled_by_mistake,
}


def books_after(template: Path, start: date, facts: list[str]) -> Any:
    """The books after facts of January, and what the ledgers of both years show."""
    with opened(template) as store:
        all_promised(store, start)
        for fact in facts:
            FACTS[fact](store)
        assert find_differences(store) == []
        books = get_municipality_state(store, "0301").books
        return books, [ledger(store, year, NEW_YEAR) for year in (2024, 2025)]


@pytest.mark.slow
@given(
    st.sampled_from((AUTUMN, NEW_YEAR)),
    st.lists(st.sampled_from(tuple(FACTS)), unique=True).flatmap(
        lambda facts: st.tuples(st.just(facts), st.permutations(facts))
    ),
)
@settings(max_examples=25)
def test_a_year_is_the_same_in_whatever_order_it_is_told(sqlite_template, start, orders):
    """Begun, decided, settled, declined, undone: with a book of the year before or without."""
    first, other = (books_after(sqlite_template, start, facts) for facts in orders)
    assert first == other


@pytest.mark.slow
@given(st.lists(steps, max_size=15))
@settings(max_examples=30)
def test_undoing_at_once_gives_back_the_books(sqlite_template, history):
    """All of them, on both sides of the year's end; and nobody is lost or counted twice."""
    with opened(sqlite_template) as store:
        import_instance(store, autumn(decided=6), on(AUTUMN))
        begin_ledger_year(store, 2025, on(AUTUMN))
        revise_ledger(store, "0301", {"decided": 4}, on(AUTUMN), year=2025)
        at = 0
        for what, name, moves_on in history:
            at = min(len(DAYS) - 1, at + moves_on)
            before = get_municipality_state(store, "0301")
            attempt(store, what, name, DAYS[at])
            if what != "undo" and get_municipality_state(store, "0301") != before:
                with suppress(NoCapacityError):
                    undo(store, name, on(DAYS[at]))
                    assert get_municipality_state(store, "0301").books == before.books
                    attempt(store, what, name, DAYS[at])
            check_sums(store, DAYS[at])


@pytest.mark.parametrize("orders", [("begun", "settled in January"), ("begun", "decided")])
def test_a_year_is_begun_before_or_after_what_january_brings(sqlite_template, orders):
    """Neither a settlement nor a decision says that others' promises are not known."""
    for facts in (list(orders), list(reversed(orders))):
        _, (_, shown) = books_after(sqlite_template, AUTUMN, ["decided", *facts])
        assert shown.open == 0
        assert None not in (shown.settled, shown.promised)


def test_a_settlement_in_a_year_without_a_book_closes_nothing(store):
    """First taken in in January; who moved in in December takes no place of the new year."""
    all_promised(store, NEW_YEAR)
    before = get_municipality_state(store, "0301").books
    settle(store, "H0", on(NEW_YEAR), moved_in=LATE_DECEMBER)
    shown = ledger(store, 2025, NEW_YEAR)
    assert (shown.settled, shown.promised, shown.open) == (0, 6, 4)
    with pytest.raises(UnusableNumberError, match="the ledger of 2024 is not open"):
        revise_ledger(store, "0301", {"settled": 5}, on(NEW_YEAR), year=2024)
    undo(store, "H0", on(NEW_YEAR))
    assert get_municipality_state(store, "0301").books == before


def test_files_of_the_old_year_that_come_last_take_nothing_of_the_new(store):
    """What was promised by January is in January's number already, also where it was less."""
    january = autumn(promised=1).replace(today=NEW_YEAR)
    import_instance(store, january, on(NEW_YEAR))
    import_instance(store, autumn(promised=5).replace(today=LATE_DECEMBER), on(NEW_YEAR))
    shown = ledger(store, 2025, NEW_YEAR)
    assert (shown.decided, shown.promised, shown.open) == (10, 1, 9)


def test_who_moved_in_is_recorded_within_a_year(store):
    """A day further back is a mistake, and would take no place of any year that counts."""
    all_promised(store, NEW_YEAR)
    with pytest.raises(WrongStatusError, match="1994-06-02, which is more than a year before"):
        settle(store, "H0", on(NEW_YEAR), moved_in=date(1994, 6, 2))
    with pytest.raises(WrongStatusError, match="more than a year"):
        settle(store, "H0", on(NEW_YEAR), moved_in=date(2024, 1, 2))
    settle(store, "H0", on(NEW_YEAR), moved_in=date(2024, 1, 3))


def test_a_settlement_does_not_come_back_as_a_promise_to_a_year_that_is_full(store):
    """Undone after the year's end, it is a promise of the new year, which needs places there."""
    import_instance(store, autumn(persons=5, decided=10), on(AUTUMN))
    asked(store, "H0", AUTUMN)
    promise(store, "H0", on(AUTUMN))
    settle(store, "H0", on(DECEMBER))
    begin_ledger_year(store, 2025, on(DECEMBER))
    revise_ledger(store, "0301", {"decided": 5}, on(NEW_YEAR))
    asked(store, "H1", NEW_YEAR)
    promise(store, "H1", on(NEW_YEAR))
    with pytest.raises(NoCapacityError, match=r"0 open places, 5 needed.*come back into 2025"):
        undo(store, "H0", on(NEW_YEAR))
    assert ledger(store, 2025, NEW_YEAR).open == 0
    revise_ledger(store, "0301", {"decided": 10}, on(NEW_YEAR))
    undo(store, "H0", on(NEW_YEAR))
    assert ledger(store, 2025, NEW_YEAR).promised == 10


def test_what_is_asked_for_this_year_takes_nothing_of_the_next(store):
    """Five are asked for in December; three who can move in January have places of their own."""
    later = replace(household("B", 3), earliest_move=date(2025, 1, 10))
    place = replace(autumn().municipalities[0], lead_days=0, ledger=known(decided=5))
    queue = (household("A", 5), later, replace(later, id="C", members=household("C", 3).members))
    files = autumn().replace(today=LATE_DECEMBER, households=queue, municipalities=(place,))
    import_instance(store, files, on(LATE_DECEMBER))
    begin_ledger_year(store, 2025, on(LATE_DECEMBER))
    revise_ledger(store, "0301", {"decided": 5}, on(LATE_DECEMBER), year=2025)

    def ask(name: str) -> None:
        answer_by = date(2025, 1, 9)
        propose(store, name, "0301", on(LATE_DECEMBER), answer_by=answer_by, asking_share=1.0)

    ask("A")
    ask("B")
    with pytest.raises(ChangeError, match="5 open places, 3 are asked for others already"):
        ask("C")
