"""The first day a unit can move to a municipality, given everything known of both."""

import numpy as np

from matcher.domain import Answer
from matcher.tables.households import HouseholdTable
from matcher.tables.municipalities import MunicipalityTable
from matcher.tables.types import IntArray

LEAD_DAYS = 30
"""Days from yes to arrival where a municipality has not said, an assumption."""
NEVER = 100_000


def earliest_days(h: HouseholdTable, m: MunicipalityTable) -> IntArray:
    """Days from today until each pair is workable, shape (units, municipalities).

    The latest of: the unit can move; the municipality can receive and has had its lead time;
    where it reports its free homes, one that fits each household of the unit is free.
    """
    lead = np.where(m.lead_days < 0, LEAD_DAYS, m.lead_days)
    ready = np.maximum(m.days_to_receive, lead)
    return np.maximum(np.maximum(h.days_to_move[:, None], ready[None, :]), _home_days(h, m))


def _home_days(h: HouseholdTable, m: MunicipalityTable) -> IntArray:
    needs = np.stack([h.homes.beds, h.homes.step_free.astype(np.int64)], axis=1)
    if len(needs) == 1:
        kinds, kind = needs, np.zeros(1, dtype=np.int64)
    else:
        kinds, kind = np.unique(needs, axis=0, return_inverse=True)
    first = np.stack([_first_fit(m, int(b), bool(s)) for b, s in kinds] or [_no_homes(m)])
    rows = first[kind.reshape(-1)] if len(needs) else np.zeros((0, len(m)), dtype=np.int64)
    return h.homes.max_of(rows)


def _no_homes(m: MunicipalityTable) -> IntArray:
    return np.zeros(len(m), dtype=np.int64)


def _first_fit(m: MunicipalityTable, beds: int, step_free: bool) -> IntArray:
    # Asked for by the term for speed and for what is shown, of the same few kinds of homes.
    known, key = m.worked_out, ("first fit", beds, step_free)
    if key not in known:
        known[key] = _search(m, beds, step_free)
    found: IntArray = known[key]
    return found


def _search(m: MunicipalityTable, beds: int, step_free: bool) -> IntArray:
    homes = m.dwellings
    fits = (homes.beds >= beds) & (homes.step_free | (not step_free))
    first = np.full(len(m), NEVER, dtype=np.int64)
    np.minimum.at(first, homes.unit[fits], homes.days_to_free[fits])
    # Without a fitting home the dwelling rule bars the pair; the date need not say so too.
    binding = (m.reports_dwellings == Answer.YES) & (first < NEVER)
    return np.where(binding, first, 0)
