"""The instance after the latest event, updated from new events without reading everything again."""

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
"""Parts whose texts are not kept in memory: they can be long, and they seldom change."""


@dataclass(frozen=True, eq=False)
class Standing:
    """The instance after the latest event, as :func:`instance_at` would return it.

    A value that has not changed from one standing to the next is the same Python object. Callers
    can therefore find changes by comparing identities.

    Parameters
    ----------
    version : int
        Identifier of the latest event.
    instance : Instance
    said : Said
        The states with the texts of all parts but the large ones.
    """

    version: int
    instance: Instance
    said: Said

    @classmethod
    def now(cls, connection: Connection, day: date) -> "Standing":
        """Read the whole instance.

        Parameters
        ----------
        connection : Connection
            A connection from ``Store.reading``.
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
        empty = cls(0, Instance(day, (), ()), Said(Books(), {}))
        return empty._updated(connection, books, _Touched.everything(books))

    def after(self, connection: Connection) -> "Standing":
        """Apply the events since; return this same object when the connection sees no new ones."""
        if latest_event(connection) <= self.version:
            return self
        touched, previous = _Touched.since(connection, self.version), self.said.books
        books = Books(
            dict(previous.households), dict(previous.municipalities), dict(previous.parts)
        )
        for table, name in NAMES.items():
            keys = getattr(touched, name)
            getattr(books, name).update({k: load_state(connection, table, k) for k in keys})
        return self._updated(connection, books, touched)

    def before(self, connection: Connection, upto: int) -> "Standing":
        """Return the instance after an earlier event, as ``instance_at`` would.

        Parameters
        ----------
        upto : int
            Identifier of that event.
        """
        if upto >= self.version:
            return self
        books = books_before(connection, self.said.books, upto)
        return self._updated(connection, books, _Touched.since(connection, upto), upto)

    def _updated(
        self, connection: Connection, books: Books, touched: "_Touched", version: int | None = None
    ) -> "Standing":
        resolved = Said(books, self._part_texts(connection, books))
        changes = {
            **self._queue(connection, resolved, touched),
            **self._municipalities(connection, resolved, touched),
            **_large_parts(connection, books, touched),
        }
        instance = self.instance.replace(
            name=resolved.names("name")[0], made_up=resolved.names("made_up"), **changes
        )
        return Standing(version or latest_event(connection), instance, resolved)

    def _part_texts(self, connection: Connection, books: Books) -> Mapping[str, str]:
        needed = {state.content for name, state in books.parts.items() if name not in LARGE}
        loaded = {hash_: text for hash_, text in self.said.texts.items() if hash_ in needed}
        return loaded | get_contents(connection, needed - loaded.keys())

    def _queue(self, connection: Connection, resolved: Said, touched: "_Touched") -> dict[str, Any]:
        """Return the instance's fields about the queue, with new values where events touched it."""
        if not (touched.households or touched.parts):
            return {}
        previous, states = self.instance, resolved.books.households
        before = {h.id: h for h in previous.households}
        waiting = [n for n in resolved.names("households") if states[n].status in WAITING]
        affected = touched.with_linked((*resolved.links, *self._links))
        stale = [n for n in waiting if n in affected or n not in before]
        texts = get_contents(connection, (states[n].content for n in stale))
        new = waiting_households(Said(resolved.books, {**resolved.texts, **texts}), stale)
        queue = {n: _reuse_equal(before.get(n), new.get(n)) for n in waiting}
        parts = of_queue(resolved, queue)
        return {
            "households": _reuse_identical(previous.households, tuple(queue.values())),
            **{name: _reuse_equal(getattr(previous, name), part) for name, part in parts.items()},
        }

    @property
    def _links(self) -> tuple[tuple[str, str], ...]:
        return self.said.links if self.said.books.parts else ()

    def _municipalities(
        self, connection: Connection, resolved: Said, touched: "_Touched"
    ) -> dict[str, Any]:
        """Return the instance's municipalities, with new values where events touched them."""
        if not (touched.municipalities or touched.parts):
            return {}
        before = {m.number: m for m in self.instance.municipalities}
        numbers, states = resolved.names("municipalities"), resolved.books.municipalities
        stale = [n for n in numbers if n in touched.municipalities or n not in before]
        hashes = (h for n in stale for h in (states[n].content, states[n].dwellings))
        texts = get_contents(connection, hashes)
        new = municipalities(Said(resolved.books, texts), stale)
        places = tuple(_reuse_equal(before.get(n), new.get(n)) for n in numbers)
        return {"municipalities": _reuse_identical(self.instance.municipalities, places)}


@dataclass(frozen=True, slots=True)
class _Touched:
    """Identifiers of the subjects of a range of events."""

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
        """Return the touched households and those that are, or were, linked to one of them."""
        relinked = "links" in self.parts
        linked = {h for pair in links if relinked or self.households & set(pair) for h in pair}
        return linked | self.households


def _large_parts(connection: Connection, books: Books, touched: _Touched) -> dict[str, Any]:
    changed = {name: books.parts[name].content for name in LARGE if name in touched.parts}
    texts = get_contents(connection, changed.values())
    values: dict[str, Any] = {}
    if "travel_times" in changed:
        values["travel_times"] = TRAVEL_TIMES.validate_json(texts[changed["travel_times"]])
    if "probabilities" in changed:
        text = texts[changed["probabilities"]]
        values["probabilities"] = pairs_from(text) if text else None
    return values


def _reuse_equal(old: Any, new: Any) -> Any:
    """Return the old value when there is no new one or the new one is equal; else the new one."""
    return old if new is None or old == new else new


def _reuse_identical(old: tuple[Any, ...], new: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the old tuple when it holds the same objects; else the new one."""
    same = len(old) == len(new) and all(a is b for a, b in zip(old, new, strict=True))
    return old if same else new
