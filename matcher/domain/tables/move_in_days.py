"""Days until a unit can move in, for each pair of unit and municipality."""

import numpy as np

from matcher.domain.answer import Answer
from matcher.domain.tables.array_types import IntArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable

DEFAULT_LEAD_DAYS = 30
"""Days from acceptance to arrival where a municipality has not said; an assumption."""
NO_FITTING_HOME = 100_000
"""Days that stand for a municipality without a fitting home."""


def earliest_days(h: HouseholdTable, m: MunicipalityTable) -> IntArray:
    """Days from today until each unit can move in, shape (units, municipalities).

    The latest of three days: the unit can move; the municipality can receive and its lead time
    has passed; a fitting home is free for each household of the unit, where the municipality
    reports its free homes.
    """
    lead = np.where(m.lead_days < 0, DEFAULT_LEAD_DAYS, m.lead_days)
    ready = np.maximum(m.days_to_receive, lead)
    return np.maximum(np.maximum(h.days_to_move[:, None], ready[None, :]), _home_days(h, m))


def _home_days(h: HouseholdTable, m: MunicipalityTable) -> IntArray:
    needs = np.stack([h.homes.beds, h.homes.step_free.astype(np.int64)], axis=1)
    if len(needs) == 1:
        kinds, kind = needs, np.zeros(1, dtype=np.int64)
    else:
        kinds, kind = np.unique(needs, axis=0, return_inverse=True)
    first = np.stack(
        [_first_fit(m, int(beds), bool(step)) for beds, step in kinds] or [_no_homes(m)]
    )
    rows = first[kind.reshape(-1)] if len(needs) else np.zeros((0, len(m)), dtype=np.int64)
    return h.homes.max_of(rows)


def _no_homes(m: MunicipalityTable) -> IntArray:
    return np.zeros(len(m), dtype=np.int64)


def _first_fit(m: MunicipalityTable, beds: int, step_free: bool) -> IntArray:
    """Days until a fitting home is free, by municipality; cached, as few kinds of homes occur."""
    cache, key = m.cache, ("first fit", beds, step_free)
    if key not in cache:
        cache[key] = _find_first_fit(m, beds, step_free)
    days: IntArray = cache[key]
    return days


def _find_first_fit(m: MunicipalityTable, beds: int, step_free: bool) -> IntArray:
    homes = m.dwellings
    fits = (homes.beds >= beds) & (homes.step_free | (not step_free))
    first = np.full(len(m), NO_FITTING_HOME, dtype=np.int64)
    np.minimum.at(first, homes.unit[fits], homes.days_to_free[fits])
    # Without a fitting home the dwelling rule bars the pair, so that the date need not.
    binding = (m.reports_dwellings == Answer.YES) & (first < NO_FITTING_HOME)
    return np.where(binding, first, 0)
