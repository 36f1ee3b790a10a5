"""The books of a municipality: one ledger a year, of which two can be open at once.

A promise stands in the book of the year in which the household is to move in. One that is not
settled when that year ends goes on to the next: the ledger of the running year counts every promise
that earlier books still hold.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from itertools import pairwise
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
    told : tuple of str
        Counts that somebody has stated, or has said or left to be unknown; beginning the year says
        nothing of these.
    covers : tuple of str
        Counts stated while the year ran; what earlier books hold is in them.
    """

    stated: Ledger = NOTHING_KNOWN
    here: PersonCounts = PersonCounts()
    elsewhere: ReportedCounts = ReportedCounts()
    understated: PersonCounts = PersonCounts()
    imported: dict[str, LedgerFact] = field(default_factory=dict)
    begun: bool = False
    told: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether anything was stated of the year or it was begun.

        A household of the store that moved in then is no report of what others did.
        """
        return replace(self, here=PersonCounts()) != YearBook()

    def begin(self) -> "YearBook":
        """Return the book of a year that begins: nobody is settled or promised in it yet.

        It is the same whether the year is begun before or after somebody tells of it.
        """
        none = {name: 0 for name in COUNT_NAMES if name not in self.told}
        return replace(self, elsewhere=replace(self.elsewhere, **none), begun=True)

    def import_facts(self, facts: Mapping[str, LedgerFact]) -> "YearBook":
        """Return the book after files told of the year; a promise that they leave out is unknown.

        Parameters
        ----------
        facts : mapping of str to value
            What differs from the files before.
        """
        gaps = {name: None for name in PROMISED_NAMES if name not in self.told}
        return replace(
            self,
            elsewhere=replace(self.elsewhere, **gaps),
            told=_united(self.told, gaps),
            imported={**self.imported, **facts},
        )

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
    elsewhere = [getattr(b.elsewhere, name) for b in _holding_books(books, year, today, name)]
    if None in elsewhere:
        return None
    return int(sum(elsewhere)) + count_here(books, year, today, name)


def _holding_books(books: Books, year: int, today: date, name: str) -> Iterator[YearBook]:
    """Iterate over the books whose promises to others stand in a year, the year's own first.

    The running year has those that earlier books carry on, back to the latest that covers the rest.
    """
    yield book_of(books, year)
    earlier = sorted((y for y in books if y < year == today.year), reverse=True)
    for later, y in pairwise((year, *earlier)):
        if name in book_of(books, later).covers:
            return
        if books[y].is_open:
            yield books[y]


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
    book = book_of(books, year)
    covered = [name for name in PROMISED_NAMES if name in counts and year == today.year]
    return {
        **books,
        year: replace(
            book,
            elsewhere=replace(book.elsewhere, **above),
            understated=replace(book.understated, **below),
            told=_united(book.told, counts),
            covers=_united(book.covers, covered),
        ),
    }


def _united(before: Iterable[str], names: Iterable[str]) -> tuple[str, ...]:
    """Return names in one order, whichever were added first."""
    return tuple(sorted({*before, *names}))


def change_counts(books: Books, event: Event) -> dict[int, YearBook]:
    """Return the books after an event of a household, which changes counts by its facts."""
    changed, years = dict(books), change_years(event)
    for key, names in NAMES_BY_YEAR.items():
        changes = {name: event.facts[name] for name in names if name in event.facts}
        if changes:
            changed[years[key]] = book_of(changed, years[key]).add(changes)
    # A change that was undone leaves no book behind.
    return {year: book for year, book in changed.items() if book != YearBook()}


def change_years(event: Event) -> dict[str, int]:
    """Return whose books an event of a household changes: of its promise and of its settlement.

    Each is a fact of the event, or the year of its day where it has none.
    """
    return {key: int(event.facts.get(key, event.day.year)) for key in NAMES_BY_YEAR}


NAMES_BY_YEAR = {"year": PROMISED_NAMES, "settled_year": SETTLED_NAMES}
"""Counts that an event of a household changes, by the fact that names the year of their book."""
