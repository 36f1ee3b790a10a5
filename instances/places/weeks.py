"""Synthetic plans by weeks, of the municipalities that report one."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from instances.places.dwellings import persons_to_house
from instances.profile import PlaceParameters
from instances.random_stream import RandomStream
from matcher.domain.municipality import Municipality
from matcher.domain.planned_week import PlannedWeek, start_of_week

WEEKS = 10
"""Weeks of a plan, from the next Monday on."""
MOST_TENTHS = 4
"""Most persons in a week, in tenths of those whom the municipality can house soon."""
FEWEST_TENTHS = 2
"""Weeks for which fewer tenths are drawn are weeks without places."""
ROOM_FOR_A_FAMILY = 5
"""Persons in a week with places, at least, where the municipality can house as many at all."""


def draw_weeks(
    places: Sequence[Municipality], today: date, rules: PlaceParameters, draws: RandomStream
) -> list[tuple[PlannedWeek, ...]]:
    """Draw which municipalities report a plan by weeks, and the plans."""
    number = len(places)
    reports = draws.substream("plans").sample_share(
        np.ones(number, dtype=np.bool_), rules.reports_weeks
    )
    tenths = draws.substream("persons").integers_between(0, MOST_TENTHS, number * WEEKS)
    next_monday = start_of_week(today) + timedelta(weeks=1)
    return [
        tuple(
            PlannedWeek(next_monday + timedelta(weeks=nth), _persons(tenth, place))
            for nth, tenth in enumerate(of_place)
        )
        if reporting and persons_to_house(place)
        else ()
        for place, reporting, of_place in zip(
            places, reports.tolist(), tenths.reshape(number, WEEKS).tolist(), strict=True
        )
    ]


def _persons(tenths: int, place: Municipality) -> int:
    """Return the persons in a week for which so many tenths of the persons to house are drawn."""
    if tenths < FEWEST_TENTHS:
        return 0
    soon = persons_to_house(place)
    return min(soon, max(ROOM_FOR_A_FAMILY, -(-tenths * soon // 10)))
