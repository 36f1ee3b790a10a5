"""Checks before a change of a household: status, open places, dwelling, protection."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import select

from matcher.domain.household import Ban, BanReason, Household
from matcher.domain.trace import Trace
from matcher.store import tables
from matcher.store.asked_for import OVER_ASKED
from matcher.store.errors import (
    ProtectedError,
    ReasonRequiredError,
    TakenDwellingError,
    WrongStatusError,
)
from matcher.store.events import EventKind, read_events
from matcher.store.household_state import HouseholdState, Status
from matcher.store.payloads import (
    DWELLINGS_ADAPTER,
    HOUSEHOLD_ADAPTER,
    LINKS_ADAPTER,
    load_payloads,
)
from matcher.store.unit_of_work import UnitOfWork

ALLOWED_STATUSES: Mapping[EventKind, tuple[Status, ...]] = {
    EventKind.PROPOSED: (Status.READY,),
    EventKind.PROMISED: (Status.PROPOSED,),
    EventKind.SETTLED: (Status.PROMISED,),
    EventKind.DECLINED: (Status.PROPOSED, Status.PROMISED),
    EventKind.LAPSED: (Status.PROPOSED,),
    EventKind.WITHDRAWN: (Status.READY, Status.PROPOSED, Status.PROMISED),
}
"""Statuses that a household must have before each kind of change."""
JOINT_KINDS = (EventKind.PROPOSED, EventKind.PROMISED, EventKind.DECLINED, EventKind.LAPSED)
"""Changes that happen to linked households together, if they have the same status and place."""
PLACE_HOLDING_STATUSES = (Status.PROMISED, Status.SETTLED)
PROTECTIVE_BANS: Mapping[BanReason, str] = {
    BanReason.SECURITY: "security",
    BanReason.ADDRESS_PROTECTION: "address_protection",
}
"""The rule that enforces each ban that protects people from harm."""


def check_status(work: UnitOfWork, state: HouseholdState, kind: EventKind) -> None:
    """Check that a household's status allows a kind of change.

    Raises
    ------
    WrongStatusError
        When the status does not allow it; the message names the latest change.
    """
    if state.status not in ALLOWED_STATUSES[kind]:
        work.flush()
        of_household = tables.events.c.household == state.id
        latest = next(read_events(work.connection, of_household, newest=1), None)
        allowed = " or ".join(ALLOWED_STATUSES[kind])
        raise WrongStatusError(
            f"household {state.id} is {state.status} and cannot be {kind}; it must be {allowed}."
            f" Latest change: {latest}"
        )


def load_household(work: UnitOfWork, state: HouseholdState) -> Household:
    """Load what is known of a household, with the pins and bans that people have set.

    Raises
    ------
    ErasedError
        When the household has been erased.
    """
    work.flush()
    text = load_payloads(work.connection, [state.content])[state.content]
    return state.with_pins_and_bans(HOUSEHOLD_ADAPTER.validate_json(text))


def load_linked_states(work: UnitOfWork, household: str) -> list[HouseholdState]:
    """Load the states of the households that a household is linked to, directly or through others.

    The household itself is not included.
    """
    part = work.get_part_state("links")
    if part is None:
        return []
    work.flush()
    pairs = LINKS_ADAPTER.validate_json(
        load_payloads(work.connection, [part.content])[part.content]
    )
    group = [household]
    for member in group:
        for pair in pairs:
            if member in pair:
                group += [name for name in pair if name not in group]
    return [work.get_household_state(name) for name in group[1:]]


def load_joint_states(
    work: UnitOfWork, state: HouseholdState, kind: EventKind
) -> list[HouseholdState]:
    """Return a household and the linked households that change together with it."""
    if kind not in JOINT_KINDS:
        return [state]
    position = (state.status, state.municipality)
    joint = [
        s for s in load_linked_states(work, state.id) if (s.status, s.municipality) == position
    ]
    return [state, *joint]


def check_protection(work: UnitOfWork, number: str, states: Sequence[HouseholdState]) -> None:
    """Check that no protective ban rules the municipality out, also no ban set after the proposal.

    Raises
    ------
    ProtectedError
        When a protective ban rules it out for one of the households.
    """
    for state in states:
        bans = [ban for ban in load_household(work, state).bans if ban.municipality == number]
        rules = [PROTECTIVE_BANS[ban.reason] for ban in bans if ban.reason in PROTECTIVE_BANS]
        if rules:
            raise ProtectedError(state.id, number, sorted(rules))


def check_dwelling(work: UnitOfWork, number: str, dwelling: str) -> None:
    """Check that a dwelling is on a municipality's list and promised to nobody.

    Raises
    ------
    TakenDwellingError
        When it is not on the list, or is promised.
    """
    work.flush()
    content = work.get_municipality_state(number).dwellings
    listed = DWELLINGS_ADAPTER.validate_json(load_payloads(work.connection, [content])[content])
    if dwelling not in {home.id for home in listed}:
        raise TakenDwellingError(f"dwelling {dwelling} is not among those of {number}")
    holders = select(tables.households.c.id).where(
        tables.households.c.municipality == number,
        tables.households.c.status.in_(PLACE_HOLDING_STATUSES),
    )
    for name in work.connection.execute(holders).scalars():
        if work.get_household_state(name).dwelling == dwelling:
            raise TakenDwellingError(f"dwelling {dwelling} is promised to household {name}")


def check_proposal(
    work: UnitOfWork,
    states: Sequence[HouseholdState],
    number: str,
    trace: Trace | None,
    has_reason: bool,
    *,
    over_asked: str | None = None,
) -> list[str]:
    """Check that households may be proposed to a municipality; return what the proposal overrides.

    Parameters
    ----------
    states : sequence of HouseholdState
        The household of the call first, then those proposed with it.
    trace : Trace or None
        What the person who proposes was shown; None when nothing was.
    has_reason : bool
        Whether a person has stated a reason for overriding.
    over_asked : str or None
        By how much the proposal asks for more than the policy wants; None when it does not.

    Raises
    ------
    WrongStatusError
        When the municipality has said no to one of them.
    ProtectedError
        When a rule keeps one of them from harm there.
    ReasonRequiredError
        When the proposal overrides something and no reason is stated.
    """
    check_protection(work, number, states)
    facts = [load_household(work, state) for state in states]
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
    overridden += [] if over_asked is None else [OVER_ASKED]
    if overridden and not has_reason:
        raise ReasonRequiredError(states[0].id, number, dict.fromkeys(overridden), over_asked)
    return list(dict.fromkeys(overridden))


def _overridden(
    work: UnitOfWork,
    states: Sequence[HouseholdState],
    number: str,
    bans: Iterable[Ban],
    trace: Trace | None,
) -> Iterator[str]:
    if trace is not None and trace.suggested not in (None, number):
        yield "suggestion"
    if bans:
        yield "ban"
    if any(load_household(work, state).pinned_to not in (None, number) for state in states):
        yield "pin"
    linked_places = (state.municipality for state in load_linked_states(work, states[0].id))
    if any(place not in (None, number) for place in linked_places):
        yield "link"
