"""Synthetic free dwellings of the municipalities that list them."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import islice

import numpy as np

from instances.profile import PlaceParameters
from instances.random_stream import BoolMask, RandomStream
from matcher.domain.answer import Answer
from matcher.domain.municipality import Dwelling, Municipality

BED_WEIGHTS = (20, 25, 21, 17, 9, 5, 2, 1)
"""Weights of dwellings with 1 to 8 beds."""
MEAN_BEDS = 3
FREE_NOW_SHARE = 0.4


def draw_dwellings(
    places: Sequence[Municipality], today: date, rules: PlaceParameters, draws: RandomStream
) -> tuple[BoolMask, list[tuple[Dwelling, ...]]]:
    """Draw which municipalities list their free dwellings, and the lists."""
    number = len(places)
    lists = draws.substream("lists").sample_share(
        np.ones(number, dtype=np.bool_), rules.reports_dwellings
    )
    per_place = round(rules.beds_per_place * 100)
    beds = [persons_to_house(place) * per_place for place in places]
    counts = np.where(lists, (np.array(beds) + 150) // (100 * MEAN_BEDS), 0)
    homes = iter(_homes(int(counts.sum()), today, rules, draws))
    return lists, [
        tuple(
            Dwelling(f"D-{place.number}-{nth}", beds, step_free, free, place.seat)
            for nth, (beds, step_free, free) in enumerate(islice(homes, count), 1)
        )
        for place, count in zip(places, counts.tolist(), strict=True)
    ]


def persons_to_house(place: Municipality) -> int:
    """Return persons to house soon: those it can receive now, or a tenth of the open places."""
    receive_now = place.ledger.receive_now
    return (place.ledger.open or 0) // 10 if receive_now is None else receive_now


def _homes(
    count: int, today: date, rules: PlaceParameters, draws: RandomStream
) -> list[tuple[int, Answer, date | None]]:
    beds = draws.substream("beds").weighted_indices(BED_WEIGHTS, count) + 1
    step_free = draws.substream("step-free").bernoulli(rules.step_free_dwellings, count)
    free_now = draws.substream("now").bernoulli(FREE_NOW_SHARE, count)
    days = draws.substream("days").integers_between(7, 75, count)
    return [
        (b, Answer(int(s)), None if n else today + timedelta(d))
        for b, s, n, d in zip(
            beds.tolist(), step_free.tolist(), free_now.tolist(), days.tolist(), strict=True
        )
    ]
