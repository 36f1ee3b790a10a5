"""Checks before a change of a household: status, open places, dwelling, protection."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from sqlalchemy import select

from matcher.domain import Ban, BanReason, Household
from matcher.store.database import tables
from matcher.store.database.contents import DWELLINGS, HOUSEHOLD, LINKS, get_contents
from matcher.store.database.errors import (
    NoRoomError,
    ProtectedError,
    ReasonNeededError,
    TakenDwellingError,
    WrongStatusError,
)
from matcher.store.database.events import Event, EventKind, read_events
from matcher.store.database.household_state import HouseholdState, Status
from matcher.store.database.work import Work
from matcher.trace import Trace

FROM: Mapping[EventKind, tuple[Status, ...]] = {
    EventKind.PROPOSED: (Status.READY,),
    EventKind.PROMISED: (Status.PROPOSED,),
    EventKind.SETTLED: (Status.PROMISED,),
    EventKind.DECLINED: (Status.PROPOSED, Status.PROMISED),
    EventKind.LAPSED: (Status.PROPOSED,),
    EventKind.WITHDRAWN: (Status.READY, Status.PROPOSED, Status.PROMISED),
}
"""Statuses that a household must have before each kind of change."""
TOGETHER = (EventKind.PROPOSED, EventKind.PROMISED, EventKind.DECLINED, EventKind.LAPSED)
"""Changes that happen to linked households together, if they have the same status and place."""
HOLDING = (Status.PROMISED, Status.SETTLED)
ON_LEDGER = (
    EventKind.PROMISED,
    EventKind.SETTLED,
    EventKind.DECLINED,
    EventKind.WITHDRAWN,
    EventKind.UNDONE,
    EventKind.COUNTED,
    EventKind.REVISED,
    EventKind.YEAR_BEGUN,
)
"""Events that can change a ledger."""
TOLD = 3
"""Number of changes that an error message lists."""
LOOKED_AT = 100
"""Number of latest events that are searched for these changes.

Not each of them changes the ledger: a household without a promise can be withdrawn.
"""
PROTECTIVE: Mapping[BanReason, str] = {
    BanReason.SECURITY: "security",
    BanReason.ADDRESS_PROTECTION: "address_protection",
}
"""The rule that enforces each ban that protects people from harm."""


def check_status(work: Work, state: HouseholdState, kind: EventKind) -> None:
    """Check that a household's status allows a kind of change.

    Raises
    ------
    WrongStatusError
        When the status does not allow it; the message names the latest change.
    """
    if state.status not in FROM[kind]:
        work.flush()
        of_household = tables.events.c.household == state.id
        latest = next(read_events(work.connection, of_household, newest=1), None)
        allowed = " or ".join(FROM[kind])
        raise WrongStatusError(
            f"household {state.id} is {state.status} and cannot be {kind}; it must be {allowed}."
            f" Latest change: {latest}"
        )


def known(work: Work, state: HouseholdState) -> Household:
    """Load what is known of a household, with the pins and bans that people have set.

    Raises
    ------
    ErasedError
        When the household has been erased.
    """
    work.flush()
    text = get_contents(work.connection, [state.content])[state.content]
    return state.known(HOUSEHOLD.validate_json(text))


def linked(work: Work, household: str) -> list[HouseholdState]:
    """Load the states of the households that a household is linked to, directly or through others.

    The household itself is not included.
    """
    part = work.part("links")
    if part is None:
        return []
    work.flush()
    pairs = LINKS.validate_json(get_contents(work.connection, [part.content])[part.content])
    group = [household]
    for member in group:
        for pair in pairs:
            if member in pair:
                group += [name for name in pair if name not in group]
    return [work.household(name) for name in group[1:]]


def along(work: Work, state: HouseholdState, kind: EventKind) -> list[HouseholdState]:
    """Return a household and the linked households that change together with it."""
    if kind not in TOGETHER:
        return [state]
    position = (state.status, state.municipality)
    joint = [s for s in linked(work, state.id) if (s.status, s.municipality) == position]
    return [state, *joint]


def check_room(
    work: Work, number: str, states: Sequence[HouseholdState], held: bool = False
) -> None:
    """Check that a municipality has enough places for all the households together.

    Parameters
    ----------
    held : bool
        Count the places of the promise that comes back, not the households' present size.

    Raises
    ------
    NoRoomError
        When there are too few; the error lists the latest changes of the ledger.
    """
    ledger = work.municipality(number).ledger
    for what, needed, open_ in (
        ("places", sum(s.held_persons if held else s.persons for s in states), ledger.open),
        (
            "places for unaccompanied minors",
            sum(s.held_minors if held else s.minors for s in states),
            ledger.minors_open,
        ),
    ):
        if needed > 0 and needed > open_:
            raise NoRoomError(number, what, needed, open_, _ledger_changes(work, number))


def _ledger_changes(work: Work, number: str) -> list[Event]:
    """Return the latest events that changed a ledger; proposals do not change it."""
    work.flush()
    events = read_events(
        work.connection,
        tables.events.c.municipality == number,
        tables.events.c.kind.in_(ON_LEDGER),
        newest=LOOKED_AT,
    )
    # An event of a household has changed the ledger only when its facts have "promised".
    changes = (event for event in events if event.household is None or "promised" in event.facts)
    return list(islice(changes, TOLD))


def check_harm(work: Work, number: str, states: Sequence[HouseholdState]) -> None:
    """Check that no protective ban rules the municipality out, also no ban set after the proposal.

    Raises
    ------
    ProtectedError
        When a protective ban rules it out for one of the households.
    """
    for state in states:
        bans = [ban for ban in known(work, state).bans if ban.municipality == number]
        rules = [PROTECTIVE[ban.reason] for ban in bans if ban.reason in PROTECTIVE]
        if rules:
            raise ProtectedError(state.id, number, sorted(rules))


def check_dwelling(work: Work, number: str, dwelling: str) -> None:
    """Check that a dwelling is on a municipality's list and promised to nobody.

    Raises
    ------
    TakenDwellingError
        When it is not on the list, or is promised.
    """
    work.flush()
    content = work.municipality(number).dwellings
    listed = DWELLINGS.validate_json(get_contents(work.connection, [content])[content])
    if dwelling not in {home.id for home in listed}:
        raise TakenDwellingError(f"dwelling {dwelling} is not among those of {number}")
    holders = select(tables.households.c.id).where(
        tables.households.c.municipality == number, tables.households.c.status.in_(HOLDING)
    )
    for name in work.connection.execute(holders).scalars():
        if work.household(name).dwelling == dwelling:
            raise TakenDwellingError(f"dwelling {dwelling} is promised to household {name}")


def check_proposal(
    work: Work, states: Sequence[HouseholdState], number: str, trace: Trace | None, stated: bool
) -> list[str]:
    """Check that households may be proposed to a municipality; return what the proposal overrides.

    Parameters
    ----------
    states : sequence of HouseholdState
        The household of the call first, then those proposed with it.
    trace : Trace or None
        What the person who proposes was shown; None when nothing was.
    stated : bool
        Whether a person has stated a reason for overriding.

    Raises
    ------
    WrongStatusError
        When the municipality has said no to one of them.
    ProtectedError
        When a rule keeps one of them from harm there.
    ReasonNeededError
        When the proposal overrides something and no reason is stated.
    """
    check_harm(work, number, states)
    facts = [known(work, state) for state in states]
    bans = {ban for household in facts for ban in household.bans if ban.municipality == number}
    if Ban(number, BanReason.REFUSED) in bans:
        raise WrongStatusError(
            f"municipality {number} has said no to {states[0].id}: propose another one, or lift the"
            " no (refused) first when it has changed its mind"
        )
    option = None if trace is None else trace.option(number)
    broken = () if option is None else option.broken
    protective = [cause.of for cause in broken if cause.protects]
    if protective:
        raise ProtectedError(states[0].id, number, protective)
    overridden = [*_overridden(work, states, number, bans, trace), *(cause.of for cause in broken)]
    if overridden and not stated:
        raise ReasonNeededError(states[0].id, number, dict.fromkeys(overridden))
    return list(dict.fromkeys(overridden))


def _overridden(
    work: Work,
    states: Sequence[HouseholdState],
    number: str,
    bans: Iterable[Ban],
    trace: Trace | None,
) -> Iterator[str]:
    if trace is not None and trace.suggested not in (None, number):
        yield "suggestion"
    if bans:
        yield "ban"
    if any(known(work, state).pinned_to not in (None, number) for state in states):
        yield "pin"
    linked_places = (state.municipality for state in linked(work, states[0].id))
    if any(place not in (None, number) for place in linked_places):
        yield "link"
