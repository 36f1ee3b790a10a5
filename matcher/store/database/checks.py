"""What must hold before something happens to a household: status, room, home, protection."""

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
"""States from which each thing can happen."""
TOGETHER = (EventKind.PROPOSED, EventKind.PROMISED, EventKind.DECLINED, EventKind.LAPSED)
"""What happens to linked households in one go, to those that stand alike."""
HOLDING = (Status.PROMISED, Status.SETTLED)
ON_LEDGER = (
    EventKind.PROMISED, EventKind.SETTLED, EventKind.DECLINED, EventKind.WITHDRAWN,
    EventKind.UNDONE, EventKind.COUNTED, EventKind.REVISED, EventKind.YEAR_BEGUN,
)  # fmt: skip
"""What can change a ledger."""
TOLD = 3
"""Changes that an error tells of."""
LOOKED_AT = 100
"""Events among which they are found: a household without a promise can leave without a change."""
PROTECTIVE: Mapping[BanReason, str] = {
    BanReason.SECURITY: "security",
    BanReason.ADDRESS_PROTECTION: "address_protection",
}
"""Rules of bans that keep people from harm."""


def check_status(work: Work, state: HouseholdState, kind: EventKind) -> None:
    """Make sure that something can happen to a household as it stands.

    Raises
    ------
    WrongStatusError
        When it cannot; with the latest change.
    """
    if state.status not in FROM[kind]:
        work.flush()
        mine = tables.events.c.household == state.id
        latest = next(read_events(work.connection, mine, newest=1), None)
        allowed = " or ".join(FROM[kind])
        raise WrongStatusError(
            f"household {state.id} is {state.status} and cannot be {kind}; it must be {allowed}."
            f" Latest change: {latest}"
        )


def known(work: Work, state: HouseholdState) -> Household:
    """Give what is known of a household, with pins and bans of people.

    Raises
    ------
    ErasedError
        When it has been erased.
    """
    work.flush()
    text = get_contents(work.connection, [state.content])[state.content]
    return state.known(HOUSEHOLD.validate_json(text))


def linked(work: Work, household: str) -> list[HouseholdState]:
    """Give the states of those who must come to the same municipality, directly or through others.

    The household itself is not among them.
    """
    part = work.part("links")
    if part is None:
        return []
    work.flush()
    pairs = LINKS.validate_json(get_contents(work.connection, [part.content])[part.content])
    group = [household]
    for one in group:
        for pair in pairs:
            if one in pair:
                group += [name for name in pair if name not in group]
    return [work.household(name) for name in group[1:]]


def along(work: Work, state: HouseholdState, kind: EventKind) -> list[HouseholdState]:
    """Give a household and those linked to it to whom the same happens."""
    if kind not in TOGETHER:
        return [state]
    stands = (state.status, state.municipality)
    others = [o for o in linked(work, state.id) if (o.status, o.municipality) == stands]
    return [state, *others]


def check_room(
    work: Work, number: str, states: Sequence[HouseholdState], held: bool = False
) -> None:
    """Make sure that a municipality has places for households together.

    Parameters
    ----------
    held : bool
        Places as their promise held them, where it comes back, not as the households are now.

    Raises
    ------
    NoRoomError
        When it has not; with the latest changes of its ledger.
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
    """Give the latest events that changed a ledger; a proposal does not."""
    work.flush()
    found = read_events(
        work.connection, tables.events.c.municipality == number,
        tables.events.c.kind.in_(ON_LEDGER), newest=LOOKED_AT,
    )  # fmt: skip
    # Linked households are facts of a change as well, but no number of the ledger.
    told = (event for event in found if event.household is None or "promised" in event.facts)
    return list(islice(told, TOLD))


def check_harm(work: Work, number: str, states: Sequence[HouseholdState]) -> None:
    """Make sure that nobody comes where a ban keeps them from harm, also one that is new.

    Raises
    ------
    ProtectedError
        When somebody would.
    """
    for state in states:
        bans = [ban for ban in known(work, state).bans if ban.municipality == number]
        rules = [PROTECTIVE[ban.reason] for ban in bans if ban.reason in PROTECTIVE]
        if rules:
            raise ProtectedError(state.id, number, sorted(rules))


def check_dwelling(work: Work, number: str, dwelling: str) -> None:
    """Make sure that a home is on a municipality's list and promised to nobody.

    Raises
    ------
    TakenDwellingError
        When it is not.
    """
    work.flush()
    place = work.municipality(number)
    listed = DWELLINGS.validate_json(
        get_contents(work.connection, [place.dwellings])[place.dwellings]
    )
    if dwelling not in {home.id for home in listed}:
        raise TakenDwellingError(f"dwelling {dwelling} is not among those of {number}")
    held = select(tables.households.c.id).where(
        tables.households.c.municipality == number, tables.households.c.status.in_(HOLDING)
    )
    for other in work.connection.execute(held).scalars():
        if work.household(other).dwelling == dwelling:
            raise TakenDwellingError(f"dwelling {dwelling} is promised to household {other}")


def check_proposal(
    work: Work, states: Sequence[HouseholdState], number: str, trace: Trace | None, stated: bool
) -> list[str]:
    """Make sure that households may be proposed to a municipality; say what that goes against.

    Parameters
    ----------
    states : sequence of HouseholdState
        The household asked for, and those that come along.
    trace : Trace or None
        What was shown; None when nothing was.
    stated : bool
        A person has said why.

    Raises
    ------
    WrongStatusError
        When the municipality has said no to one of them.
    ProtectedError
        When a rule keeps one of them from harm there.
    ReasonNeededError
        When it goes against something that a reason overrides, and there is none.
    """
    check_harm(work, number, states)
    facts = [known(work, state) for state in states]
    bans = {ban for one in facts for ban in one.bans if ban.municipality == number}
    if Ban(number, BanReason.REFUSED) in bans:
        raise WrongStatusError(
            f"municipality {number} has said no to {states[0].id}: propose another one, or lift the"
            " no (refused) first when it has changed its mind"
        )
    option = None if trace is None else trace.option(number)
    broken = () if option is None else option.broken
    kept = [cause.of for cause in broken if cause.protects]
    if kept:
        raise ProtectedError(states[0].id, number, kept)
    against = [*_against(work, states, number, bans, trace), *(cause.of for cause in broken)]
    if against and not stated:
        raise ReasonNeededError(states[0].id, number, dict.fromkeys(against))
    return list(dict.fromkeys(against))


def _against(
    work: Work, states: Sequence[HouseholdState], number: str, bans: Iterable[Ban],
    trace: Trace | None,
) -> Iterator[str]:  # fmt: skip
    if trace is not None and trace.suggested not in (None, number):
        yield "suggestion"
    if bans:
        yield "ban"
    if any(known(work, state).pinned_to not in (None, number) for state in states):
        yield "pin"
    placed = (other.municipality for other in linked(work, states[0].id))
    if any(place not in (None, number) for place in placed):
        yield "link"
