"""From the store's households to what the service shows."""

from datetime import date

from api.households.facts import WholeFacts
from api.households.schemas import BanFacts, HouseholdLine, HouseholdWhole
from matcher.domain import Household
from matcher.store.database import HouseholdState
from matcher.store.database.states import HouseholdNow


def line(state: HouseholdState, known: Household | None, today: date) -> HouseholdLine:
    """Give a household as a list shows it."""
    return HouseholdLine(
        id=state.id,
        status=state.status,
        persons=state.persons,
        minors=state.minors,
        ready_since=None if known is None else known.ready_since,
        days_waited=None if known is None else (today - known.ready_since).days,
        deadline=None if known is None else known.deadline,
        municipality=state.municipality,
        answer_by=state.answer_by,
        version=state.version,
    )


def whole(household: HouseholdNow, today: date) -> HouseholdWhole:
    """Give a household with all that is known of it."""
    state, known = household.state, household.known
    return HouseholdWhole(
        **dict(line(state, known, today)),
        dwelling=state.dwelling,
        pinned_to=None if known is None else known.pinned_to,
        bans=[
            BanFacts(municipality=ban.municipality, reason=ban.reason)
            for ban in ([] if known is None else known.bans)
        ],
        linked=list(household.linked),
        facts=None if known is None else WholeFacts.model_validate(known),
    )
