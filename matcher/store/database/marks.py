"""What people say of a household: where it is pinned, where it must not come, what is new."""

from datetime import datetime

from matcher.domain import Ban, BanReason, Household
from matcher.store.database.checks import known
from matcher.store.database.contents import HOUSEHOLD, get_contents, text_of
from matcher.store.database.errors import ChangeError, WrongStatusError
from matcher.store.database.events import Event, EventKind
from matcher.store.database.household_state import Status
from matcher.store.database.store import Store


def pin(
    store: Store, household: str, municipality: str, *, at: datetime, actor: str, reason: str,
    version: int | None = None,
) -> Event:  # fmt: skip
    """Decide where a household comes; nights plan it there and nowhere else.

    Parameters
    ----------
    household, municipality : str
        Identifier and four-digit number.
    at, actor, reason
        See :meth:`Work.record`; so in all functions here.
    version : int or None
        The version of the household that the caller looked at; None when it makes no difference.

    Raises
    ------
    MarkError
        When the household is pinned there already, or must not come there.
    """
    with store.writing() as work:
        facts = known(work, work.household(household, version))
        work.municipality(municipality)
        if facts.pinned_to == municipality:
            raise MarkError(f"household {household} is pinned to {municipality} already")
        if municipality in {ban.municipality for ban in facts.bans}:
            raise MarkError(
                f"household {household} must not come to {municipality}: lift the ban first"
            )
        return work.record(
            EventKind.PINNED, at=at, actor=actor, reason=reason, household=household,
            municipality=municipality,
        )  # fmt: skip


def unpin(
    store: Store, household: str, *, at: datetime, actor: str, reason: str,
    version: int | None = None,
) -> Event:  # fmt: skip
    """Free a household from its pin, also one that came with the files.

    Raises
    ------
    MarkError
        When it is not pinned.
    """
    with store.writing() as work:
        if known(work, work.household(household, version)).pinned_to is None:
            raise MarkError(f"household {household} is not pinned")
        return work.record(
            EventKind.UNPINNED, at=at, actor=actor, reason=reason, household=household
        )


def ban(
    store: Store, household: str, municipality: str, why: BanReason, *, at: datetime, actor: str,
    reason: str, version: int | None = None,
) -> Event:  # fmt: skip
    """Rule a municipality out for a household.

    Parameters
    ----------
    why : BanReason
        What kind of ban; security and address protection cannot be overridden.

    Raises
    ------
    MarkError
        When it is ruled out for that already, or the household is pinned there.
    """
    with store.writing() as work:
        facts = known(work, work.household(household, version))
        work.municipality(municipality)
        if Ban(municipality, why) in facts.bans:
            raise MarkError(f"household {household} is banned from {municipality} already: {why}")
        if facts.pinned_to == municipality:
            raise MarkError(f"household {household} is pinned to {municipality}: unpin it first")
        return work.record(
            EventKind.BANNED, at=at, actor=actor, reason=reason, household=household,
            municipality=municipality, facts={"why": str(why)},
        )  # fmt: skip


def unban(
    store: Store, household: str, municipality: str, why: BanReason, *, at: datetime, actor: str,
    reason: str, version: int | None = None,
) -> Event:  # fmt: skip
    """Lift the ban of one kind from a municipality; bans of other kinds stay.

    Raises
    ------
    MarkError
        When there is no such ban.
    """
    with store.writing() as work:
        facts = known(work, work.household(household, version))
        if Ban(municipality, why) not in facts.bans:
            raise MarkError(f"household {household} has no ban from {municipality}: {why}")
        return work.record(
            EventKind.UNBANNED, at=at, actor=actor, reason=reason, household=household,
            municipality=municipality, facts={"why": str(why)},
        )  # fmt: skip


def describe(
    store: Store, facts: Household, *, at: datetime, actor: str, reason: str,
    version: int | None = None,
) -> Event:  # fmt: skip
    """Record what is newly known of a household.

    It holds until people or files say otherwise: files as they were before say nothing new.

    Parameters
    ----------
    facts : Household
        All that is known now. Pins and bans are those of the files, see :func:`filed`; what
        people pinned and ruled out stands.

    Raises
    ------
    MarkError
        When nothing is new.
    WrongStatusError
        When the household has settled or is withdrawn.
    """
    with store.writing() as work:
        state = work.household(facts.id, version)
        if state.status in (Status.SETTLED, Status.WITHDRAWN):
            raise WrongStatusError(f"household {facts.id} is {state.status}; nothing is changed")
        content = work.say("household", text_of(HOUSEHOLD, facts))
        if content == state.content:
            raise MarkError(f"nothing is new of household {facts.id}")
        minors = sum(person.unaccompanied for person in facts.members)
        return work.record(
            EventKind.CHANGED, at=at, actor=actor, reason=reason, household=facts.id,
            content=content, facts={"persons": facts.size, "minors": minors},
        )  # fmt: skip


def filed(store: Store, household: str) -> Household:
    """Give what is known of a household, with the pin and bans of the files alone.

    Raises
    ------
    ErasedError
        When it has been erased.
    """
    with store.writing() as work:
        state = work.household(household)
        work.flush()
        text = get_contents(work.connection, [state.content])[state.content]
        found: Household = HOUSEHOLD.validate_json(text)
        return found


class MarkError(ChangeError):
    """What is asked for is so already, or goes against something that a person has said."""
