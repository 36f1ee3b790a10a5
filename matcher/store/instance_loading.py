"""Load the instance to plan on for any day, as it was known at the end of that day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, not_, or_, select

from matcher.domain.household import Household
from matcher.domain.instance import Instance
from matcher.domain.municipality import Municipality
from matcher.domain.placement import Placement, Plan
from matcher.store import tables
from matcher.store.errors import UnusableInstanceError
from matcher.store.events import read_events
from matcher.store.household_state import HouseholdState, Status
from matcher.store.municipality_state import MunicipalityState
from matcher.store.payloads import (
    DWELLINGS_ADAPTER,
    HOUSEHOLD_ADAPTER,
    LINKS_ADAPTER,
    MUNICIPALITY_ADAPTER,
    NAMES_ADAPTER,
    PLACEMENTS_ADAPTER,
    TRAVEL_TIMES_ADAPTER,
    WEEKS_ADAPTER,
    load_payloads,
    parse_probabilities,
)
from matcher.store.projections import Projections, load_projections
from matcher.store.store import Store
from matcher.store.weeks import weeks_left

QUEUE_STATUSES = (Status.READY, Status.PROPOSED)
PLACE_HOLDING_STATUSES = (Status.PROMISED, Status.SETTLED)


@dataclass(frozen=True, slots=True)
class ResolvedProjections:
    """States with the texts of the contents that they refer to.

    Parameters
    ----------
    projections : Projections
        The states.
    payloads : mapping of str to str
        Contents by hash; only the texts that the caller reads need to be present.
    """

    projections: Projections
    payloads: Mapping[str, str]

    def part_text(self, name: str) -> str:
        """Return the text of a part of the instance."""
        return self.payloads[self.projections.parts[name].content]

    def names(self, part: str) -> tuple[str, ...]:
        """Return a part that lists names, such as the identifiers of the queue, in its order."""
        names: tuple[str, ...] = NAMES_ADAPTER.validate_json(self.part_text(part))
        return names

    @property
    def links(self) -> tuple[tuple[str, str], ...]:
        """Households that must come to the same municipality."""
        pairs: tuple[tuple[str, str], ...] = LINKS_ADAPTER.validate_json(self.part_text("links"))
        return pairs


def load_projections_at(
    connection: Connection, day: date, last_event: int | None = None
) -> Projections:
    """Load all states as they were at the end of a day.

    Parameters
    ----------
    day : date
        Leave out events of later days.
    last_event : int or None
        Identifier of the last event to apply; None for no limit.
    """
    c = tables.events.c
    since = c.day > day if last_event is None else or_(c.day > day, c.id > last_event)
    return _rewound(connection, load_projections(connection), since)


def rewind_projections(
    connection: Connection, projections: Projections, last_event: int
) -> Projections:
    """Compute the states after an earlier event from the present states.

    Parameters
    ----------
    projections : Projections
        The present states; not modified.
    last_event : int
        Identifier of that event.
    """
    projections = Projections(
        dict(projections.households), dict(projections.municipalities), dict(projections.parts)
    )
    return _rewound(connection, projections, tables.events.c.id > last_event)


def _rewound(
    connection: Connection, projections: Projections, since: ColumnElement[bool]
) -> Projections:
    """Remove the effect of the latest events by replaying only the subjects that they touched."""
    c = tables.events.c
    subjects = (c.household, c.municipality, c.part)
    touched = (column.in_(select(column).where(since)) for column in subjects)
    replayed = Projections.replay(read_events(connection, not_(since), or_(*touched)))
    for states, earlier, column in (
        (projections.households, replayed.households, c.household),
        (projections.municipalities, replayed.municipalities, c.municipality),
        (projections.parts, replayed.parts, c.part),
    ):
        keys = select(column).where(since, column.is_not(None)).distinct()
        _restore(states, earlier, connection.execute(keys).scalars())
    return projections


def _restore(states: dict[str, Any], earlier: dict[str, Any], keys: Iterable[str]) -> None:
    for key in keys:
        states.pop(key)
        if key in earlier:
            states[key] = earlier[key]


def load_instance_at(store: Store, day: date, last_event: int | None = None) -> Instance:
    """Load the instance to plan on, as known at the end of a day.

    The queue holds the ready and the proposed households; open proposals are the earlier plan. A
    municipality's no is a ban. A household that is linked to a promised or settled household is
    pinned to the same municipality. Promised dwellings are left out.

    Parameters
    ----------
    day : date
        The instance's ``today``.
    last_event : int or None
        Identifier of the last event to apply, to repeat the plan of an earlier night; None for no
        limit.

    Raises
    ------
    UnusableInstanceError
        When nothing had been imported by that day.
    ErasedError
        When a content that the instance needs has been erased since.
    """
    with store.read_transaction() as connection:
        return build_instance(connection, load_projections_at(connection, day, last_event), day)


def build_instance(connection: Connection, projections: Projections, day: date) -> Instance:
    """Build the instance to plan on from states that were loaded already.

    Raises
    ------
    UnusableInstanceError
        When nothing had been imported.
    ErasedError
        When a content that the instance needs has been erased since.
    """
    if not projections.parts:
        raise UnusableInstanceError(
            f"nothing was imported by {day}; take the queue's files in first, as"
            " `treffsikker nightly --import FOLDER` does"
        )
    payloads = load_payloads(connection, _needed_hashes(projections))
    resolved = ResolvedProjections(projections, payloads)
    queue = build_queue(resolved, resolved.names("households"), day)
    places = build_municipalities(resolved, resolved.names("municipalities"), day)
    pairs = resolved.part_text("probabilities")
    return Instance(
        today=day,
        households=tuple(queue.values()),
        municipalities=tuple(places.values()),
        name=resolved.names("name")[0],
        travel_times=TRAVEL_TIMES_ADAPTER.validate_json(resolved.part_text("travel_times")),
        probabilities=parse_probabilities(pairs) if pairs else None,
        made_up=resolved.names("made_up"),
        **build_queue_parts(resolved, queue),
    )


def _needed_hashes(projections: Projections) -> Iterable[str]:
    yield from (state.content for state in projections.parts.values())
    yield from (s.content for s in projections.households.values() if s.status in QUEUE_STATUSES)
    for state in projections.municipalities.values():
        yield from state.contents


def build_queue(
    resolved: ResolvedProjections, identifiers: Iterable[str], day: date
) -> dict[str, Household]:
    """Build the households that wait, of those given, in the given order, as old as on a day."""
    pins = _pins_by_links(resolved)
    states = (resolved.projections.households[identifier] for identifier in identifiers)
    return {
        s.id: _build_household(resolved, s, pins.get(s.id)).aged_to(day)
        for s in states
        if s.status in QUEUE_STATUSES
    }


def _build_household(
    resolved: ResolvedProjections, state: HouseholdState, pin: str | None
) -> Household:
    household = state.with_pins_and_bans(
        HOUSEHOLD_ADAPTER.validate_json(resolved.payloads[state.content])
    )
    return replace(household, pinned_to=household.pinned_to or pin)


def _pins_by_links(resolved: ResolvedProjections) -> dict[str, str]:
    """Map a household to the municipality of a linked household that is promised or settled."""
    pins = {}
    for pair in resolved.links:
        for household, partner in (pair, pair[::-1]):
            state = resolved.projections.households.get(partner)
            if (
                state is not None
                and state.status in PLACE_HOLDING_STATUSES
                and state.municipality is not None
            ):
                pins[household] = state.municipality
    return pins


def build_municipalities(
    resolved: ResolvedProjections, numbers: Iterable[str], day: date
) -> dict[str, Municipality]:
    """Build municipalities with their ledger, free dwellings and weeks, in the given order."""
    coming: dict[str | None, list[HouseholdState]] = {}
    for state in resolved.projections.households.values():
        if state.status in PLACE_HOLDING_STATUSES:
            coming.setdefault(state.municipality, []).append(state)
    return {n: _build_municipality(resolved, n, coming.get(n, []), day) for n in numbers}


def _build_municipality(
    resolved: ResolvedProjections, number: str, coming: Sequence[HouseholdState], day: date
) -> Municipality:
    """Build a municipality without the dwellings and weeks that others take, who are to come."""
    state, taken = resolved.projections.municipalities[number], {s.dwelling for s in coming}
    described = describe_municipality(state, resolved.payloads, day)
    return replace(
        described,
        dwellings=tuple(home for home in described.dwellings if home.id not in taken),
        weeks=weeks_left(described.weeks, state.weeks_version, coming, day),
    )


def describe_municipality(
    state: MunicipalityState, payloads: Mapping[str, str], day: date
) -> Municipality:
    """Build a municipality as it was last described, with its ledgers, dwellings and weeks."""
    described = MUNICIPALITY_ADAPTER.validate_json(payloads[state.content])
    return replace(
        described,
        ledger=state.ledger_of(day.year, day),
        next_ledger=state.ledger_of(day.year + 1, day),
        reports_dwellings=state.reports_dwellings(described.reports_dwellings),
        dwellings=DWELLINGS_ADAPTER.validate_json(payloads[state.dwellings]),
        weeks=WEEKS_ADAPTER.validate_json(payloads[state.weeks]) if state.weeks else (),
    )


def build_queue_parts(
    resolved: ResolvedProjections, queue: Mapping[str, Household]
) -> dict[str, Any]:
    """Build the parts of an instance that depend on the queue: links within it, open proposals."""
    return {
        "links": tuple(pair for pair in resolved.links if queue.keys() >= set(pair)),
        "earlier_plan": _earlier_plan(resolved, queue.values()),
    }


def _earlier_plan(resolved: ResolvedProjections, queue: Iterable[Household]) -> Plan:
    """Build the plan of open proposals: a recorded proposal replaces one from the files."""
    states = [resolved.projections.households[household.id] for household in queue]
    proposed = {
        s.id: s.municipality for s in states if s.status is Status.PROPOSED and s.municipality
    }
    not_recorded = {s.id for s in states if s.id not in proposed and not s.refused}
    from_files = PLACEMENTS_ADAPTER.validate_json(resolved.part_text("earlier_plan"))
    filed = [placement for placement in from_files if placement.household in not_recorded]
    recorded = [Placement(household, number) for household, number in proposed.items()]
    return Plan((*filed, *recorded))
