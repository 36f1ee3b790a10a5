"""The instance as it is now, followed from event to event without reading all of it again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from matcher.domain import Instance
from matcher.store.database import tables
from matcher.store.database.books import NAMES, Books, load_books, load_state
from matcher.store.database.contents import TRAVEL_TIMES, get_contents, pairs_from
from matcher.store.database.errors import UnusableInstanceError
from matcher.store.database.planning import (
    WAITING,
    Said,
    books_before,
    municipalities,
    of_queue,
    waiting_households,
)
from matcher.store.database.work import latest_event

LARGE = ("probabilities", "travel_times")
"""Parts whose texts are not kept: they can be long, and seldom change."""


@dataclass(frozen=True, eq=False)
class Standing:
    """The instance after the latest event, as :func:`instance_at` gives it.

    What is the same from one standing to the next is the very same value, so that those who
    follow see at a glance what has changed.

    Parameters
    ----------
    version : int
        Identifier of the latest event.
    instance : Instance
    said : Said
        The books with the texts of the smaller parts.
    """

    version: int
    instance: Instance
    said: Said

    @classmethod
    def now(cls, connection: Connection, day: date) -> "Standing":
        """Read all of it.

        Parameters
        ----------
        connection : Connection
            As ``Store.reading`` gives it.
        day : date
            The instance's ``today``.

        Raises
        ------
        UnusableInstanceError
            When nothing has been imported.
        """
        books = load_books(connection)
        if not books.parts:
            raise UnusableInstanceError("nothing has been imported; import a queue first")
        nothing = cls(0, Instance(day, (), ()), Said(Books(), {}))
        return nothing._with(connection, books, _Touched.everything(books))

    def after(self, connection: Connection) -> "Standing":
        """Read what has happened since; itself when nothing has that the connection can see."""
        if latest_event(connection) <= self.version:
            return self
        touched, old = _Touched.since(connection, self.version), self.said.books
        books = Books(dict(old.households), dict(old.municipalities), dict(old.parts))
        keys = (touched.households, touched.municipalities, touched.parts)
        for (table, name), some in zip(NAMES.items(), keys, strict=True):
            getattr(books, name).update({k: load_state(connection, table, k) for k in some})
        return self._with(connection, books, touched)

    def before(self, connection: Connection, upto: int) -> "Standing":
        """Give the store as it was after an earlier event, as ``instance_at`` would.

        Parameters
        ----------
        upto : int
            Identifier of that event.
        """
        if upto >= self.version:
            return self
        books = books_before(connection, self.said.books, upto)
        return self._with(connection, books, _Touched.since(connection, upto), upto)

    def _with(
        self, connection: Connection, books: Books, touched: "_Touched", version: int | None = None
    ) -> "Standing":
        said = Said(books, self._part_texts(connection, books))
        changes = {
            **self._queue(connection, said, touched),
            **self._places(connection, said, touched),
            **_large(connection, books, touched),
        }
        instance = self.instance.replace(
            name=said.names("name")[0], made_up=said.names("made_up"), **changes
        )
        return Standing(version or latest_event(connection), instance, said)

    def _part_texts(self, connection: Connection, books: Books) -> Mapping[str, str]:
        needed = {state.content for name, state in books.parts.items() if name not in LARGE}
        kept = {hash_: text for hash_, text in self.said.texts.items() if hash_ in needed}
        return kept | get_contents(connection, needed - kept.keys())

    def _queue(self, connection: Connection, said: Said, touched: "_Touched") -> dict[str, Any]:
        if not (touched.households or touched.parts):
            return {}
        old, states = self.instance, said.books.households
        before = {h.id: h for h in old.households}
        waiting = [n for n in said.names("households") if states[n].status in WAITING]
        affected = touched.with_linked((*said.links, *self._links))
        asked = [n for n in waiting if n in affected or n not in before]
        texts = get_contents(connection, (states[n].content for n in asked))
        new = waiting_households(Said(said.books, {**said.texts, **texts}), asked)
        queue = {n: _kept(before.get(n), new.get(n)) for n in waiting}
        others = of_queue(said, queue)
        return {
            "households": _same(old.households, tuple(queue.values())),
            **{name: _kept(getattr(old, name), value) for name, value in others.items()},
        }

    @property
    def _links(self) -> tuple[tuple[str, str], ...]:
        return self.said.links if self.said.books.parts else ()

    def _places(self, connection: Connection, said: Said, touched: "_Touched") -> dict[str, Any]:
        if not (touched.municipalities or touched.parts):
            return {}
        before = {m.number: m for m in self.instance.municipalities}
        numbers, states = said.names("municipalities"), said.books.municipalities
        asked = [n for n in numbers if n in touched.municipalities or n not in before]
        hashes = (h for n in asked for h in (states[n].content, states[n].dwellings))
        texts = get_contents(connection, hashes)
        new = municipalities(Said(said.books, texts), asked)
        places = tuple(_kept(before.get(n), new.get(n)) for n in numbers)
        return {"municipalities": _same(self.instance.municipalities, places)}


@dataclass(frozen=True, slots=True)
class _Touched:
    """What some events are about."""

    households: frozenset[str]
    municipalities: frozenset[str]
    parts: frozenset[str]

    @classmethod
    def everything(cls, books: Books) -> "_Touched":
        return cls(*(frozenset(getattr(books, name)) for name in NAMES.values()))

    @classmethod
    def since(cls, connection: Connection, version: int) -> "_Touched":
        c = tables.events.c
        rows = connection.execute(select(c.household, c.municipality, c.part).where(c.id > version))
        subjects = zip(*rows.all(), strict=True)
        return cls(*(frozenset(s for s in column if s is not None) for column in subjects))

    def with_linked(self, links: Iterable[tuple[str, str]]) -> set[str]:
        """Households that are touched themselves or by one they are, or were, linked to."""
        anew = "links" in self.parts
        linked = {h for pair in links if anew or self.households & set(pair) for h in pair}
        return linked | self.households


def _large(connection: Connection, books: Books, touched: _Touched) -> dict[str, Any]:
    changed = {name: books.parts[name].content for name in LARGE if name in touched.parts}
    texts = get_contents(connection, changed.values())
    out: dict[str, Any] = {}
    if "travel_times" in changed:
        out["travel_times"] = TRAVEL_TIMES.validate_json(texts[changed["travel_times"]])
    if "probabilities" in changed:
        text = texts[changed["probabilities"]]
        out["probabilities"] = pairs_from(text) if text else None
    return out


def _kept(old: Any, new: Any) -> Any:
    """The old value where there is no new one, or an equal one."""
    return old if new is None or old == new else new


def _same(old: tuple[Any, ...], new: tuple[Any, ...]) -> tuple[Any, ...]:
    """The old tuple when it holds the very same values."""
    same = len(old) == len(new) and all(a is b for a, b in zip(old, new, strict=True))
    return old if same else new
