"""Pins, bans and new facts of a household, as people record them."""

from dataclasses import replace

from matcher.domain.household import Ban, BanReason, Household
from matcher.store.checks import PROTECTIVE_BANS, load_household
from matcher.store.contradiction_checks import check_contradictions
from matcher.store.errors import ChangeError, WrongStatusError
from matcher.store.events import Event, EventKind
from matcher.store.household_state import Status
from matcher.store.payloads import HOUSEHOLD_ADAPTER, dump_json, load_payloads
from matcher.store.stamp import Stamp
from matcher.store.store import Store


def pin(
    store: Store,
    household: str,
    municipality: str,
    stamp: Stamp,
) -> Event:
    """Pin a household to a municipality; nights plan it there and nowhere else.

    Parameters
    ----------
    household, municipality : str
        Identifier and four-digit number.
    stamp : Stamp
        When, by whom and why, and the version of the household that the caller has read.

    Raises
    ------
    PinOrBanError
        When the household is pinned there already, or a ban rules the municipality out.
    ContradictionError
        When it must come elsewhere: where its family is, or with a household it is linked to.
    """
    with store.unit_of_work() as work:
        facts = load_household(work, work.get_household_state(household, stamp.version))
        work.get_municipality_state(municipality)
        if facts.pinned_to == municipality:
            raise PinOrBanError(f"household {household} is pinned to {municipality} already")
        if municipality in {ban.municipality for ban in facts.bans}:
            raise PinOrBanError(
                f"household {household} must not come to {municipality}: lift the ban first"
            )
        pinned = replace(facts, pinned_to=municipality)
        check_contradictions(work, facts, pinned, stamp.at.date())
        return work.record(
            EventKind.PINNED,
            stamp,
            household=household,
            municipality=municipality,
        )


def unpin(
    store: Store,
    household: str,
    stamp: Stamp,
) -> Event:
    """Remove the pin of a household, also a pin from the files.

    Raises
    ------
    PinOrBanError
        When the household is not pinned.
    """
    with store.unit_of_work() as work:
        facts = load_household(work, work.get_household_state(household, stamp.version))
        if facts.pinned_to is None:
            raise PinOrBanError(f"household {household} is not pinned")
        return work.record(EventKind.UNPINNED, stamp, household=household)


def ban(
    store: Store,
    household: str,
    municipality: str,
    ban_reason: BanReason,
    stamp: Stamp,
) -> Event:
    """Rule a municipality out for a household.

    Parameters
    ----------
    ban_reason : BanReason
        Kind of ban. Bans for security and address protection cannot be overridden.

    Raises
    ------
    PinOrBanError
        When the household has this ban already, or is pinned to the municipality.
    ContradictionError
        When it, or a household that it is linked to, must come there. A ban that keeps people
        from harm is recorded all the same: it bars the municipality whatever else is recorded.
    """
    with store.unit_of_work() as work:
        facts = load_household(work, work.get_household_state(household, stamp.version))
        work.get_municipality_state(municipality)
        if Ban(municipality, ban_reason) in facts.bans:
            raise PinOrBanError(
                f"household {household} is banned from {municipality} already: {ban_reason}"
            )
        if facts.pinned_to == municipality:
            raise PinOrBanError(
                f"household {household} is pinned to {municipality}: unpin it first"
            )
        if ban_reason not in PROTECTIVE_BANS:
            banned = replace(facts, bans=(*facts.bans, Ban(municipality, ban_reason)))
            check_contradictions(work, facts, banned, stamp.at.date())
        return work.record(
            EventKind.BANNED,
            stamp,
            household=household,
            municipality=municipality,
            facts={"why": str(ban_reason)},
        )


def unban(
    store: Store,
    household: str,
    municipality: str,
    ban_reason: BanReason,
    stamp: Stamp,
) -> Event:
    """Lift the ban of one kind on a municipality; bans of other kinds stay.

    Raises
    ------
    PinOrBanError
        When the household has no such ban.
    """
    with store.unit_of_work() as work:
        facts = load_household(work, work.get_household_state(household, stamp.version))
        if Ban(municipality, ban_reason) not in facts.bans:
            raise PinOrBanError(
                f"household {household} has no ban from {municipality}: {ban_reason}"
            )
        return work.record(
            EventKind.UNBANNED,
            stamp,
            household=household,
            municipality=municipality,
            facts={"why": str(ban_reason)},
        )


def revise_household(
    store: Store,
    facts: Household,
    stamp: Stamp,
) -> Event:
    """Record new facts of a household.

    They are valid until a person or an import changes them; an import changes them only when its
    description of the household differs from the previous import.

    Parameters
    ----------
    facts : Household
        The full new description. Its pin and bans are those of the files, see
        :func:`get_filed_household`; pins and bans that people have set stay as they are.

    Raises
    ------
    PinOrBanError
        When the description has not changed.
    WrongStatusError
        When the household has settled or is withdrawn.
    ContradictionError
        When the new facts do not go together.
    """
    with store.unit_of_work() as work:
        state = work.get_household_state(facts.id, stamp.version)
        if state.status in (Status.SETTLED, Status.WITHDRAWN):
            raise WrongStatusError(f"household {facts.id} is {state.status}; nothing is changed")
        content = work.add_payload("household", dump_json(HOUSEHOLD_ADAPTER, facts))
        if content == state.content:
            raise PinOrBanError(f"nothing is new of household {facts.id}")
        before, after = load_household(work, state), state.with_pins_and_bans(facts)
        check_contradictions(work, before, after, stamp.at.date())
        minors = facts.minors_on(stamp.at.date())
        return work.record(
            EventKind.CHANGED,
            stamp,
            household=facts.id,
            content=content,
            facts={"persons": facts.size, "minors": minors},
        )


def get_filed_household(store: Store, household: str) -> Household:
    """Return the description of a household, with the pin and bans of the files alone.

    Raises
    ------
    ErasedError
        When the household has been erased.
    """
    with store.unit_of_work() as work:
        state = work.get_household_state(household)
        work.flush()
        text = load_payloads(work.connection, [state.content])[state.content]
        description: Household = HOUSEHOLD_ADAPTER.validate_json(text)
        return description


class PinOrBanError(ChangeError):
    """A pin, ban or new fact changes nothing, or contradicts another pin or ban."""
