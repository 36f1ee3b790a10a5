"""From the store's municipalities to what the service shows."""

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
    "upper_secondary", "lar", "step_free", "specialist_care", "special_schooling", "crisis_setup",
    "minors_setup", "higher_education", "public_transport", "reception_centre",
)  # fmt: skip


def line(place: MunicipalityNow, proposals: int) -> MunicipalityLine:
    """Give a municipality as a list shows it."""
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
    """Give a municipality with all that is known of it and that someone may see."""
    with store.reading():
        place, proposed = municipality_now(store, number), proposed_now(store, number)
        found = [alarm for alarm in alarms_for(store, who) if alarm.municipality == number]
    known = place.known
    return MunicipalityWhole(
        **dict(line(place, len(proposed))),
        earliest=known.earliest,
        services={name: word(getattr(known, name)) for name in SERVICES},
        interpreter_languages=(
            None if known.interpreter_languages is None else list(known.interpreter_languages)
        ),
        hospitals=list(known.hospitals),
        dwellings=[_home(home, place.taken.get(home.id)) for home in known.dwellings],
        proposed=[household.state.id for household in proposed],
        alarms=found,
    )


def alarms_for(store: Store, who: Principal) -> list[AlarmFacts]:
    """Give the alarms that someone may see.

    From whom a household must be protected is not for the municipality to know.
    """

    def open_to(alarm: Alarm) -> bool:
        return who.municipality is None or alarm.kind != "protected"

    found = (alarm for alarm in alarms(store) if sees(who, alarm.municipality) and open_to(alarm))
    return [AlarmFacts.model_validate(alarm) for alarm in found]


def dwelling(facts: DwellingFacts) -> Dwelling:
    """Give a home as the store keeps it."""
    step_free = Answer[facts.step_free.upper()]
    return Dwelling(facts.id, facts.beds, step_free, facts.available_from, facts.place)


def _home(home: Dwelling, household: str | None) -> DwellingNow:
    return DwellingNow(**{**asdict(home), "step_free": word(home.step_free)}, household=household)
