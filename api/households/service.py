"""Conversion of the store's households to what the service shows."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import date
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, TypeAdapter

from api.households.fact_schemas import FullHouseholdFacts, HouseholdFacts
from api.households.schemas import (
    HouseholdDetail,
    HouseholdSummary,
    MunicipalityBan,
    UpdateHouseholdRequest,
)
from api.problems import RefusedError
from matcher.domain.household import Household, WishKind
from matcher.domain.person import Person
from matcher.store.current import CurrentHousehold, get_municipality_state
from matcher.store.household_state import HouseholdState
from matcher.store.store import Store

HOUSEHOLD_ADAPTER = TypeAdapter(Household)
PERSON_ADAPTER = TypeAdapter(Person)


def summarize_household(
    state: HouseholdState, known: Household | None, today: date
) -> HouseholdSummary:
    """Build the summary of a household that lists show."""
    return HouseholdSummary(
        id=state.id,
        status=state.status,
        persons=state.persons,
        minors=state.minors,
        ready_since=None if known is None else known.ready_since,
        days_waited=None if known is None else (today - known.ready_since).days,
        today=today,
        deadline=None if known is None else known.settle_by,
        municipality=state.municipality,
        answer_by=state.answer_by,
        version=state.version,
    )


def describe_household(household: CurrentHousehold, today: date) -> HouseholdDetail:
    """Build the description of a household with all its facts."""
    state = household.state
    known = None if household.facts is None else state.with_pins_and_bans(household.facts)
    return HouseholdDetail(
        **dict(summarize_household(state, known, today)),
        dwelling=state.dwelling,
        pinned_to=None if known is None else known.pinned_to,
        bans=[
            MunicipalityBan(municipality=ban.municipality, reason=ban.reason)
            for ban in ([] if known is None else known.bans)
        ],
        linked=list(household.linked),
        facts=None if known is None else show_facts(known, today),
    )


def show_facts(household: Household, today: date) -> FullHouseholdFacts:
    """Build the facts of a household and its members, with the members' ages of a day."""
    members = tuple(
        replace(person, age=person.age_on(today), age_stated_on=None)
        for person in household.members
    )
    return FullHouseholdFacts.model_validate(replace(household, members=members))


def updated_household(
    store: Store, before: Household, change: UpdateHouseholdRequest, today: date
) -> Household:
    """Return the facts of a household after a change.

    Parameters
    ----------
    store : Store
    before : Household
        Its facts so far.
    change : UpdateHouseholdRequest
    today : date
        The day on which an age in the change is right.

    Raises
    ------
    RefusedError
        422 when a member to change does not exist, when a new member exists already, or when no
        member would remain.
    UnknownMunicipalityError
        When a wish or a family tie names a municipality that is not in the store.
    """
    members = _members(before, change, today)
    if not members:
        raise _refused(f"household {before.id} would have no member; withdraw it instead")
    after: Household = HOUSEHOLD_ADAPTER.validate_python(
        {**asdict(before), **_set_fields(change.facts), "members": members}
    )
    for number in _named_municipalities(change.facts):
        get_municipality_state(store, number)
    return after


def _members(before: Household, change: UpdateHouseholdRequest, today: date) -> tuple[Person, ...]:
    members = {person.id: person for person in before.members}
    for name in [*(facts.id for facts in change.members), *change.removed]:
        if name not in members:
            identifiers = ", ".join(members)
            raise _refused(f"household {before.id} has no member {name}; it has {identifiers}")
    for new in change.added:
        if new.id in members:
            raise _refused(f"household {before.id} has a member {new.id} already; change it")
        members[new.id] = Person(new.id)
    for facts in (*change.members, *change.added):
        members[facts.id] = _merged(members[facts.id], _set_fields(facts), today)
    return tuple(person for name, person in members.items() if name not in change.removed)


def _merged(person: Person, facts: Mapping[str, Any], today: date) -> Person:
    """Return a member with new facts; a new age is right today, a year of birth replaces an age."""
    dated = {"age_stated_on": None} if "age" in facts else {}
    merged: Person = PERSON_ADAPTER.validate_python({**asdict(person), **facts, **dated})
    if facts.get("age") not in (None, merged.age_on(today)):
        raise _refused(
            f"the age of member {person.id} follows from the year of birth {merged.birth_year} and"
            f" is {merged.age_on(today)}; change the year, or leave it empty"
        )
    return merged.stated_on(today)


def _set_fields(facts: BaseModel) -> dict[str, Any]:
    return facts.model_dump(exclude_unset=True)


def _named_municipalities(facts: HouseholdFacts) -> Iterator[str]:
    """Yield the municipalities that a change names."""
    if facts.lives_in is not None:
        yield facts.lives_in
    yield from (tie.municipality for tie in facts.family)
    yield from (wish.value for wish in facts.wishes if wish.kind is WishKind.MUNICIPALITY)


def _refused(detail: str) -> RefusedError:
    return RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, detail)
