"""Free homes of the municipalities that list them; made up."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import islice

import numpy as np

from instances.draws import Draws, Mask
from instances.profile import PlaceRules
from matcher.domain import Answer, Dwelling, Municipality

BEDS = (20, 25, 21, 17, 9, 5, 2, 1)
"""Weights of homes with 1 to 8 beds."""
MEAN_BEDS = 3
FREE_NOW = 0.4


def draw_dwellings(
    places: Sequence[Municipality], today: date, rules: PlaceRules, draws: Draws
) -> tuple[Mask, list[tuple[Dwelling, ...]]]:
    """Say who lists its free homes, and give the lists."""
    number = len(places)
    lists = draws.stream("lists").some(np.ones(number, dtype=np.bool_), rules.reports_dwellings)
    per_place = round(rules.beds_per_place * 100)
    room = [_room(place) * per_place for place in places]
    counts = np.where(lists, (np.array(room) + 150) // (100 * MEAN_BEDS), 0)
    homes = iter(_homes(int(counts.sum()), today, rules, draws))
    return lists, [
        tuple(
            Dwelling(f"D-{place.number}-{nth}", beds, step_free, free, place.seat)
            for nth, (beds, step_free, free) in enumerate(islice(homes, count), 1)
        )
        for place, count in zip(places, counts.tolist(), strict=True)
    ]


def _room(place: Municipality) -> int:
    """Give persons that homes are kept for: those it can receive now, or a tenth of the open."""
    now = place.ledger.receive_now
    return place.ledger.open // 10 if now is None else now


def _homes(
    count: int, today: date, rules: PlaceRules, draws: Draws
) -> list[tuple[int, Answer, date | None]]:
    beds = draws.stream("beds").weighted(BEDS, count) + 1
    step_free = draws.stream("step-free").chance(rules.step_free_dwellings, count)
    now = draws.stream("now").chance(FREE_NOW, count)
    days = draws.stream("days").between(7, 75, count)
    return [
        (b, Answer(int(s)), None if n else today + timedelta(d))
        for b, s, n, d in zip(
            beds.tolist(), step_free.tolist(), now.tolist(), days.tolist(), strict=True
        )
    ]
