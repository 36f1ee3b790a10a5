"""The instance after the latest event, updated from new events without reading everything again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from matcher.domain.instance import Instance
from matcher.store import tables
from matcher.store.errors import UnusableInstanceError
from matcher.store.instance_loading import (
    QUEUE_STATUSES,
    ResolvedProjections,
    build_municipalities,
    build_queue,
    build_queue_parts,
    rewind_projections,
)
from matcher.store.payloads import TRAVEL_TIMES_ADAPTER, load_payloads, parse_probabilities
from matcher.store.projections import PROJECTION_NAMES, Projections, load_projections, load_state
from matcher.store.unit_of_work import read_latest_event_id

UNCACHED_PARTS = ("probabilities", "travel_times")
"""Parts whose texts are not kept in memory: they can be long, and they seldom change."""


@dataclass(frozen=True, eq=False)
class InstanceProjection:
    """The instance after the latest event, as :func:`load_instance_at` would return it.

    A value that has not changed from one standing to the next is the same Python object. Callers
    can therefore find changes by comparing identities.

    Parameters
    ----------
    version : int
        Identifier of the latest event.
    instance : Instance
    resolved : ResolvedProjections
        The states with the texts of all parts but the large ones.
    """

    version: int
    instance: Instance
    resolved: ResolvedProjections

    @classmethod
    def load(cls, connection: Connection, day: date) -> "InstanceProjection":
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
        projections = load_projections(connection)
        if not projections.parts:
            raise UnusableInstanceError("nothing has been imported; import a queue first")
        empty = cls(0, Instance(day, (), ()), ResolvedProjections(Projections(), {}))
        return empty._updated(connection, projections, _Touched.everything(projections))

    def catch_up(self, connection: Connection) -> "InstanceProjection":
        """Apply the events since; return this same object when the connection sees no new ones."""
        if read_latest_event_id(connection) <= self.version:
            return self
        touched, previous = _Touched.since(connection, self.version), self.resolved.projections
        projections = Projections(
            dict(previous.households), dict(previous.municipalities), dict(previous.parts)
        )
        for table, name in PROJECTION_NAMES.items():
            keys = getattr(touched, name)
            getattr(projections, name).update({k: load_state(connection, table, k) for k in keys})
        return self._updated(connection, projections, touched)

    def rewind(self, connection: Connection, last_event: int) -> "InstanceProjection":
        """Return the instance after an earlier event, as ``load_instance_at`` would.

        Parameters
        ----------
        last_event : int
            Identifier of that event.
        """
        if last_event >= self.version:
            return self
        projections = rewind_projections(connection, self.resolved.projections, last_event)
        return self._updated(
            connection, projections, _Touched.since(connection, last_event), last_event
        )

    def _updated(
        self,
        connection: Connection,
        projections: Projections,
        touched: "_Touched",
        version: int | None = None,
    ) -> "InstanceProjection":
        resolved = ResolvedProjections(projections, self._part_texts(connection, projections))
        changes = {
            **self._queue(connection, resolved, touched),
            **self._municipalities(connection, resolved, touched),
            **_large_parts(connection, projections, touched),
        }
        instance = self.instance.replace(
            name=resolved.names("name")[0], made_up=resolved.names("made_up"), **changes
        )
        return InstanceProjection(version or read_latest_event_id(connection), instance, resolved)

    def _part_texts(self, connection: Connection, projections: Projections) -> Mapping[str, str]:
        needed = {
            state.content for name, state in projections.parts.items() if name not in UNCACHED_PARTS
        }
        loaded = {hash_: text for hash_, text in self.resolved.payloads.items() if hash_ in needed}
        return loaded | load_payloads(connection, needed - loaded.keys())

    def _queue(
        self, connection: Connection, resolved: ResolvedProjections, touched: "_Touched"
    ) -> dict[str, Any]:
        """Return the instance's fields about the queue, with new values where events touched it."""
        if not (touched.households or touched.parts):
            return {}
        previous, states = self.instance, resolved.projections.households
        before = {h.id: h for h in previous.households}
        waiting = [n for n in resolved.names("households") if states[n].status in QUEUE_STATUSES]
        affected = touched.with_linked((*resolved.links, *self._links))
        stale = [n for n in waiting if n in affected or n not in before]
        texts = load_payloads(connection, (states[n].content for n in stale))
        with_texts = ResolvedProjections(resolved.projections, {**resolved.payloads, **texts})
        new = build_queue(with_texts, stale, previous.today)
        queue = {n: _reuse_equal(before.get(n), new.get(n)) for n in waiting}
        parts = build_queue_parts(resolved, queue)
        return {
            "households": _reuse_identical(previous.households, tuple(queue.values())),
            **{name: _reuse_equal(getattr(previous, name), part) for name, part in parts.items()},
        }

    @property
    def _links(self) -> tuple[tuple[str, str], ...]:
        return self.resolved.links if self.resolved.projections.parts else ()

    def _municipalities(
        self, connection: Connection, resolved: ResolvedProjections, touched: "_Touched"
    ) -> dict[str, Any]:
        """Return the instance's municipalities, with new values where events touched them."""
        if not (touched.municipalities or touched.parts):
            return {}
        before = {m.number: m for m in self.instance.municipalities}
        numbers, states = resolved.names("municipalities"), resolved.projections.municipalities
        stale = [n for n in numbers if n in touched.municipalities or n not in before]
        hashes = (h for n in stale for h in states[n].contents)
        texts = load_payloads(connection, hashes)
        described = ResolvedProjections(resolved.projections, texts)
        new = build_municipalities(described, stale, self.instance.today)
        places = tuple(_reuse_equal(before.get(n), new.get(n)) for n in numbers)
        return {"municipalities": _reuse_identical(self.instance.municipalities, places)}


@dataclass(frozen=True, slots=True)
class _Touched:
    """Identifiers of the subjects of a range of events."""

    households: frozenset[str]
    municipalities: frozenset[str]
    parts: frozenset[str]

    @classmethod
    def everything(cls, projections: Projections) -> "_Touched":
        return cls(*(frozenset(getattr(projections, name)) for name in PROJECTION_NAMES.values()))

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


def _large_parts(
    connection: Connection, projections: Projections, touched: _Touched
) -> dict[str, Any]:
    changed = {
        name: projections.parts[name].content for name in UNCACHED_PARTS if name in touched.parts
    }
    texts = load_payloads(connection, changed.values())
    values: dict[str, Any] = {}
    if "travel_times" in changed:
        values["travel_times"] = TRAVEL_TIMES_ADAPTER.validate_json(texts[changed["travel_times"]])
    if "probabilities" in changed:
        text = texts[changed["probabilities"]]
        values["probabilities"] = parse_probabilities(text) if text else None
    return values


def _reuse_equal(old: Any, new: Any) -> Any:
    """Return the old value when there is no new one or the new one is equal; else the new one."""
    return old if new is None or old == new else new


def _reuse_identical(old: tuple[Any, ...], new: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the old tuple when it holds the same objects; else the new one."""
    same = len(old) == len(new) and all(a is b for a, b in zip(old, new, strict=True))
    return old if same else new
