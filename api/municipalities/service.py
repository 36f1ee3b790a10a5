"""Conversion of the store's municipalities to what the service shows."""

from dataclasses import asdict

from api.access import Principal
from api.access.own import sees
from api.municipalities.schemas import (
    AlarmFacts,
    DwellingFacts,
    DwellingNow,
    LedgerFacts,
    MunicipalityLine,
    MunicipalityWhole,
    word,
)
from matcher.domain import Answer, Dwelling
from matcher.store.database import (
    Alarm,
    MunicipalityNow,
    Store,
    alarms,
    municipality_now,
    proposed_now,
)

SERVICES = (
    "upper_secondary",
    "lar",
    "step_free",
    "specialist_care",
    "special_schooling",
    "crisis_setup",
    "minors_setup",
    "higher_education",
    "public_transport",
    "reception_centre",
)


def line(place: MunicipalityNow, proposals: int) -> MunicipalityLine:
    """Build the summary of a municipality that lists show."""
    known = place.known
    listed = known.reports_dwellings is Answer.YES or place.state.reports_dwellings
    free = sum(home.id not in place.taken for home in known.dwellings)
    return MunicipalityLine(
        number=known.number,
        name=known.name,
        county=known.county,
        landsdel=known.landsdel,
        ledger=LedgerFacts.model_validate(known.ledger),
        dwellings_free=free if listed else None,
        proposals=proposals,
        version=place.state.version,
    )


def whole(store: Store, number: str, who: Principal) -> MunicipalityWhole:
    """Build the description of a municipality, with everything that the caller may see."""
    with store.reading():
        place, proposed = municipality_now(store, number), proposed_now(store, number)
        visible_alarms = [alarm for alarm in alarms_for(store, who) if alarm.municipality == number]
    known = place.known
    return MunicipalityWhole(
        **dict(line(place, len(proposed))),
        earliest=known.earliest,
        services={name: word(getattr(known, name)) for name in SERVICES},
        interpreter_languages=(
            None if known.interpreter_languages is None else list(known.interpreter_languages)
        ),
        hospitals=list(known.hospitals),
        dwellings=[_dwelling_now(home, place.taken.get(home.id)) for home in known.dwellings],
        proposed=[household.state.id for household in proposed],
        alarms=visible_alarms,
    )


def alarms_for(store: Store, who: Principal) -> list[AlarmFacts]:
    """Return the alarms that a caller may see.

    A municipality may not know that a household must be protected from someone there.
    """

    def may_see(alarm: Alarm) -> bool:
        return who.municipality is None or alarm.kind != "protected"

    visible = (alarm for alarm in alarms(store) if sees(who, alarm.municipality) and may_see(alarm))
    return [AlarmFacts.model_validate(alarm) for alarm in visible]


def dwelling(facts: DwellingFacts) -> Dwelling:
    """Convert a dwelling to the form of the store."""
    step_free = Answer[facts.step_free.upper()]
    return Dwelling(facts.id, facts.beds, step_free, facts.available_from, facts.place)


def _dwelling_now(home: Dwelling, household: str | None) -> DwellingNow:
    return DwellingNow(**{**asdict(home), "step_free": word(home.step_free)}, household=household)
