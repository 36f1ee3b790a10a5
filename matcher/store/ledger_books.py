"""The books of a municipality: one ledger a year, of which two can be open at once.

A promise stands in the book of the year in which the household is to move in. One that is not
settled when that year ends goes on to the next: the ledger of the running year counts every promise
that earlier books still hold.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

from matcher.domain.ledger import NOTHING_KNOWN, Ledger
from matcher.store.events import Event
from matcher.store.ledger_facts import LedgerFact


@dataclass(frozen=True, slots=True)
class PersonCounts:
    """Persons settled and promised, and unaccompanied minors among them."""

    settled: int = 0
    promised: int = 0
    minors_settled: int = 0
    minors_promised: int = 0


@dataclass(frozen=True, slots=True)
class ReportedCounts:
    """Persons settled and promised, and minors among them, as reported; None when not reported."""

    settled: int | None = None
    promised: int | None = None
    minors_settled: int | None = None
    minors_promised: int | None = None


COUNT_NAMES = tuple(f.name for f in fields(PersonCounts))
"""Names of the ledger's numbers that promises and settlements change."""
SETTLED_NAMES = ("settled", "minors_settled")
PROMISED_NAMES = ("promised", "minors_promised")


@dataclass(frozen=True, slots=True)
class YearBook:
    """What is recorded of one year.

    Parameters
    ----------
    stated : Ledger
        What was last stated; settled, promised and receive_now are always None in it.
    here : PersonCounts
        Places that households of the store take up, or give back below 0: a promise of an earlier
        book that was settled or withdrawn under its own year.
    elsewhere : ReportedCounts
        Places that others take up: the stated counts minus those of the store.
    understated : PersonCounts
        By how many persons the latest stated counts were below those of the store.
    imported : mapping of str to value
        The ledger in the latest import, as the facts of an event.
    begun : bool
        Whether the year was opened by itself, before or beside any number of it.
    """

    stated: Ledger = NOTHING_KNOWN
    here: PersonCounts = PersonCounts()
    elsewhere: ReportedCounts = ReportedCounts()
    understated: PersonCounts = PersonCounts()
    imported: dict[str, LedgerFact] = field(default_factory=dict)
    begun: bool = False

    def begin(self, is_new: bool) -> "YearBook":
        """Return the book of a year that begins: nobody is settled in it yet.

        Parameters
        ----------
        is_new : bool
            Whether nothing is recorded of the year. Then nobody is promised in it either; otherwise
            what has not been reported stays so.
        """
        names = COUNT_NAMES if is_new else SETTLED_NAMES
        known = {name: getattr(self.elsewhere, name) or 0 for name in names}
        return replace(self, elsewhere=replace(self.elsewhere, **known), begun=True)

    def add(self, changes: Mapping[str, int]) -> "YearBook":
        """Return the book with counts of the store's households changed."""
        counts = {name: getattr(self.here, name) + value for name, value in changes.items()}
        return replace(self, here=replace(self.here, **counts))


Books = Mapping[int, YearBook]
"""Books by year."""


def book_of(books: Books, year: int) -> YearBook:
    """Return the book of a year; an empty one when the year is not open."""
    return books.get(year, YearBook())


def read_ledger(books: Books, year: int, today: date) -> Ledger:
    """Return the ledger of a year as it stands on a day, without what can be received now.

    Parameters
    ----------
    books : mapping of int to YearBook
    year : int
        An earlier year has no promises left: they have gone on to the running one.
    today : date
    """
    if year not in books and year != today.year:
        return NOTHING_KNOWN
    counts: dict[str, Any] = {
        **{name: _settled(books, year, today, name) for name in SETTLED_NAMES},
        **{name: _promised(books, year, today, name) for name in PROMISED_NAMES},
    }
    return replace(book_of(books, year).stated, **counts)


def _settled(books: Books, year: int, today: date, name: str) -> int | None:
    if year > today.year:
        return 0
    elsewhere: int | None = getattr(book_of(books, year).elsewhere, name)
    return None if elsewhere is None else elsewhere + count_here(books, year, today, name)


def _promised(books: Books, year: int, today: date, name: str) -> int | None:
    if year < today.year:
        return 0
    held = [book_of(books, year), *(b for y, b in books.items() if y < year == today.year)]
    elsewhere = [getattr(book.elsewhere, name) for book in held]
    if None in elsewhere:
        return None
    return int(sum(elsewhere)) + count_here(books, year, today, name)


def count_here(books: Books, year: int, today: date, name: str) -> int:
    """Count persons of the store's households in the ledger of a year as it stands on a day."""
    if name in SETTLED_NAMES or year > today.year:
        return int(getattr(book_of(books, year).here, name))
    if year < today.year:
        return 0
    return sum(getattr(book.here, name) for y, book in books.items() if y <= year)


def state_counts(
    books: Books, year: int, today: date, counts: Mapping[str, int | None]
) -> dict[int, YearBook]:
    """Return the books after counts of a year were stated; they include the store's households.

    Parameters
    ----------
    counts : mapping of str to (int or None)
        Stated counts by name; None takes one back.
    """
    excess = {
        name: None if value is None else value - count_here(books, year, today, name)
        for name, value in counts.items()
    }
    above = {n: None if v is None else max(0, v) for n, v in excess.items()}
    below = {n: 0 if v is None else max(0, -v) for n, v in excess.items()}
    cleared = _without_earlier(books, year, today, set(counts) & set(PROMISED_NAMES))
    book = book_of(books, year)
    return {
        **cleared,
        year: replace(
            book,
            elsewhere=replace(book.elsewhere, **above),
            understated=replace(book.understated, **below),
        ),
    }


def _without_earlier(books: Books, year: int, today: date, names: set[str]) -> dict[int, YearBook]:
    """Return the books in which a promise stated for the running year covers the earlier ones."""
    if year != today.year or not names:
        return dict(books)
    return {
        y: replace(book, elsewhere=replace(book.elsewhere, **dict.fromkeys(names, 0)))
        if y < year
        else book
        for y, book in books.items()
    }


def change_counts(books: Books, event: Event) -> dict[int, YearBook]:
    """Return the books after an event of a household, which changes counts by its facts."""
    changed, years = dict(books), change_years(event)
    for key, names in NAMES_BY_YEAR.items():
        changes = {name: event.facts[name] for name in names if name in event.facts}
        if changes:
            changed[years[key]] = book_of(changed, years[key]).add(changes)
    return changed


def change_years(event: Event) -> dict[str, int]:
    """Return whose books an event of a household changes: of its promise and of its settlement.

    Each is a fact of the event, or the year of its day where it has none.
    """
    return {key: int(event.facts.get(key, event.day.year)) for key in NAMES_BY_YEAR}


NAMES_BY_YEAR = {"year": PROMISED_NAMES, "settled_year": SETTLED_NAMES}
"""Counts that an event of a household changes, by the fact that names the year of their book."""
