"""Municipalities for one queue: real facts, synthetic services, ledger and free dwellings."""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import numpy as np

from instances.municipalities import real_municipalities
from instances.places.dwellings import draw_dwellings
from instances.places.ledger import draw_ledgers, draw_next_ledgers
from instances.places.services import add_services
from instances.places.surroundings import add_surroundings
from instances.places.weeks import draw_weeks
from instances.profile import Profile
from instances.random_stream import RandomStream
from matcher.domain.answer import Answer
from matcher.domain.municipality import Municipality


def draw_places(profile: Profile, persons: int, draws: RandomStream) -> tuple[Municipality, ...]:
    """Draw the municipalities of the profile for a queue with this number of persons.

    Raises
    ------
    ValueError
        When the profile includes a number that is not the number of a municipality.
    """
    places = _included(profile)
    accounts = draw_ledgers(places, persons, profile.places, draws.substream("ledger"))
    days = _availability(places, profile, draws)
    ledgers = accounts.build_ledgers()
    coming = draw_next_ledgers(ledgers, profile.places, draws.substream("next year"))
    with_ledgers = tuple(
        replace(place, ledger=ledger, next_ledger=following, lead_days=lead, earliest=earliest)
        for place, ledger, following, (lead, earliest) in zip(
            places, ledgers, coming, days, strict=True
        )
    )
    today = profile.queue.today
    lists, homes = draw_dwellings(with_ledgers, today, profile.places, draws.substream("dwellings"))
    weeks = draw_weeks(with_ledgers, today, profile.places, draws.substream("weeks"))
    return tuple(
        replace(place, reports_dwellings=Answer(int(reports)), dwellings=listed, weeks=plan)
        for place, reports, listed, plan in zip(with_ledgers, lists, homes, weeks, strict=True)
    )


@cache
def _municipalities_by_number() -> dict[str, Municipality]:
    places = add_surroundings(add_services(real_municipalities()))
    return {place.number: place for place in places}


def _included(profile: Profile) -> tuple[Municipality, ...]:
    known = _municipalities_by_number()
    strange = [number for number in profile.places.include if number not in known]
    if strange:
        raise ValueError(
            f"profile {profile.name}: [places] include names {', '.join(strange)}, "
            "which is no municipality in the division of 2024"
        )
    return tuple(known[number] for number in sorted(profile.places.include or known))


def _availability(
    places: tuple[Municipality, ...], profile: Profile, draws: RandomStream
) -> list[tuple[int | None, date | None]]:
    rules, number = profile.places, len(places)
    everyone = np.ones(number, dtype=np.bool_)
    low, high = rules.lead_days_least, rules.lead_days_most
    lead = draws.substream("lead").integers_between(low, max(low, high), number).tolist()
    silent = draws.substream("silent").sample_share(everyone, rules.lead_days_unsaid).tolist()
    later = draws.substream("later").sample_share(everyone, rules.not_yet).tolist()
    wait = draws.substream("wait").integers_between(14, 60, number).tolist()
    return [
        (None if s else a, profile.queue.today + timedelta(w) if z else None)
        for a, s, z, w in zip(lead, silent, later, wait, strict=True)
    ]
