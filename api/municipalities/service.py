"""Conversion of the store's municipalities to what the service shows."""

from dataclasses import asdict
from datetime import date

from api.access.guard import in_scope
from api.access.principal import Principal
from api.municipalities.ledger_schemas import MunicipalityLedger
from api.municipalities.schemas import (
    DwellingDetail,
    DwellingFacts,
    MunicipalityAlarm,
    MunicipalityDetail,
    MunicipalitySummary,
    PlannedWeekFacts,
    answer_word,
)
from matcher.domain.answer import Answer
from matcher.domain.municipality import Dwelling
from matcher.domain.needs import NEEDS
from matcher.domain.planned_week import PlannedWeek, monday_of, week_name
from matcher.store.alarms import LedgerAlarm, list_alarms
from matcher.store.asked_for import AskedFor, count_asked_for
from matcher.store.current import CurrentMunicipality, get_municipality, list_proposed_households
from matcher.store.store import Store

SERVICES = (
    *NEEDS,
    "minors_setup",
    "higher_education",
    "public_transport",
    "reception_centre",
)


def summarize_municipality(
    municipality: CurrentMunicipality, proposals: int, asked_for: AskedFor, today: date
) -> MunicipalitySummary:
    """Build the summary of a municipality that lists show."""
    known = municipality.facts
    listed = known.reports_dwellings is Answer.YES or known.dwellings
    free = sum(home.id not in municipality.household_by_dwelling for home in known.dwellings)
    return MunicipalitySummary(
        number=known.number,
        name=known.name,
        county=known.county,
        landsdel=known.landsdel,
        ledger=MunicipalityLedger.of(known.ledger, today.year),
        dwellings_free=free if listed else None,
        dwellings_complete=answer_word(known.reports_dwellings),
        proposals=proposals,
        asked_for=asked_for.persons,
        minors_asked_for=asked_for.minors,
        version=municipality.state.version,
    )


def describe_municipality(
    store: Store, number: str, principal: Principal, today: date
) -> MunicipalityDetail:
    """Build the description of a municipality, with everything that the caller may see."""
    with store.read_transaction():
        place = get_municipality(store, number, today)
        proposed = list_proposed_households(store, number)
        asked_for = count_asked_for(store, today).get(number, AskedFor())
        alarms = [a for a in visible_alarms(store, principal, today) if a.municipality == number]
    known = place.facts
    return MunicipalityDetail(
        **dict(summarize_municipality(place, len(proposed), asked_for, today)),
        ledgers=[
            MunicipalityLedger.of(place.state.ledger_of(year, today), year)
            for year in sorted(place.state.books)
        ],
        earliest=known.earliest,
        services={name: answer_word(getattr(known, name)) for name in SERVICES},
        interpreter_languages=(
            None if known.interpreter_languages is None else list(known.interpreter_languages)
        ),
        hospitals=list(known.hospitals),
        dwellings=[
            _dwelling_now(home, place.household_by_dwelling.get(home.id))
            for home in known.dwellings
        ],
        weeks=[
            PlannedWeekFacts(week=week_name(planned.week), persons=planned.persons)
            for planned in known.weeks
        ],
        proposed=[household.state.id for household in proposed],
        alarms=alarms,
    )


def visible_alarms(store: Store, principal: Principal, today: date) -> list[MunicipalityAlarm]:
    """Return the alarms that a caller may see.

    A municipality may not know that a household must be protected from someone there.
    """

    def may_see(alarm: LedgerAlarm) -> bool:
        return principal.municipality is None or alarm.kind != "protected"

    visible = (
        alarm
        for alarm in list_alarms(store, today)
        if in_scope(principal, alarm.municipality) and may_see(alarm)
    )
    return [MunicipalityAlarm.model_validate(alarm) for alarm in visible]


def to_dwelling(facts: DwellingFacts) -> Dwelling:
    """Convert a dwelling to the form of the store."""
    step_free = Answer[facts.step_free.upper()]
    return Dwelling(facts.id, facts.beds, step_free, facts.available_from, facts.place)


def to_planned_week(facts: PlannedWeekFacts) -> PlannedWeek:
    """Convert a week of a plan to the form of the store."""
    return PlannedWeek(monday_of(facts.week), facts.persons)


def _dwelling_now(home: Dwelling, household: str | None) -> DwellingDetail:
    return DwellingDetail(
        **{**asdict(home), "step_free": answer_word(home.step_free)}, household=household
    )
