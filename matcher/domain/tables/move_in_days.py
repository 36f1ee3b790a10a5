"""Days until a unit can move in if no one else came, for each pair of unit and municipality.

The days of a whole plan are never sooner; they are in :mod:`~matcher.domain.tables.calendar`.
"""

from collections.abc import Callable, Sequence

import numpy as np

from matcher.domain.answer import Answer
from matcher.domain.municipality import DEFAULT_LEAD_DAYS
from matcher.domain.tables.array_types import BoolArray, IntArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import DwellingRows, MunicipalityTable, WeekRows

DAYS_PER_WEEK = 7
NO_DAY = 100_000
"""Days that stand for a home, or a week, that there is not."""
NO_HOME = int(np.iinfo(np.int32).max)
"""A number of beds that no home has."""

Needs = tuple[tuple[int, bool], ...]
"""Beds and whether step-free is needed, of each home that a unit needs; in order."""


def earliest_days(h: HouseholdTable, m: MunicipalityTable) -> IntArray:
    """Days from today until each unit can move in if it came alone, shape (units, municipalities).

    The latest of four days: the unit can move; the municipality can receive and its lead time has
    passed; fitting homes are free for all households of the unit, where the municipality's list of
    homes is complete; where it has a plan by weeks, the first of the weeks that are left from then
    on with room for the unit, or the Monday after the plan's last week.
    """
    return first_days(h, m, lambda needs: free_days(m.dwellings, needs), m.weeks)


def first_days(
    h: HouseholdTable,
    m: MunicipalityTable,
    days_until_homes: Callable[[Needs], IntArray],
    weeks: WeekRows,
) -> IntArray:
    """Days until units can move in with certain homes and weeks, shape (units, municipalities).

    Parameters
    ----------
    h : HouseholdTable
    m : MunicipalityTable
    days_until_homes : callable
        Days until the homes that a unit needs are free, by municipality; ``NO_DAY`` for never.
    weeks : WeekRows
        The weeks of the municipalities, with the persons that can come in them.
    """
    ready = np.maximum(h.days_to_move[:, None], receiving_days(m)[None, :])
    complete = m.reports_dwellings == Answer.YES
    for needs, units in _units_by_needs(h).items():
        free = days_until_homes(needs)
        # Without enough homes the dwelling rule bars the pair, so that the day need not.
        waits = np.flatnonzero(complete & (free < NO_DAY))
        pairs = np.ix_(units, waits)
        ready[pairs] = np.maximum(ready[pairs], free[waits])
    return _in_planned_weeks(ready, h.size, weeks)


def receiving_days(m: MunicipalityTable) -> IntArray:
    """Days until a municipality can receive and its lead time has passed, (municipalities,)."""
    return np.maximum(m.days_to_receive, np.where(m.lead_days < 0, DEFAULT_LEAD_DAYS, m.lead_days))


def needs_of_units(h: HouseholdTable) -> list[Needs]:
    """The homes that each unit needs, the largest first, so that equal needs are equal values."""
    homes = sorted(
        zip(h.homes.unit.tolist(), h.homes.beds.tolist(), h.homes.step_free.tolist(), strict=True),
        reverse=True,
    )
    needs: list[list[tuple[int, bool]]] = [[] for _ in range(len(h))]
    for unit, beds, step_free in homes:
        needs[unit].append((beds, step_free))
    return [tuple(of_unit) for of_unit in needs]


def home_layers(beds: IntArray, step_free: BoolArray) -> IntArray:
    """Thresholds (t, s) between which needs of homes differ, shape (layers, 2).

    A layer is *any home from t beds, and step-free homes from s beds*, with ``s <= t``. By Hall's
    theorem all needs can be met when in each layer there are no more needs than homes.
    """
    any_home = [*np.unique(beds[~step_free]), NO_HOME]
    without_steps = [*np.unique(beds[step_free]), NO_HOME]
    pairs = [
        (t, s) for t in any_home for s in without_steps if s < t or (s == NO_HOME and t < NO_HOME)
    ]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def in_layers(beds: IntArray, step_free: BoolArray, layers: IntArray) -> BoolArray:
    """Whether each home or need is in each layer, shape (rows, layers)."""
    large = beds[:, None] >= layers[None, :, 0]
    return np.asarray(large | (step_free[:, None] & (beds[:, None] >= layers[None, :, 1])))


def _units_by_needs(h: HouseholdTable) -> dict[Needs, IntArray]:
    units: dict[Needs, list[int]] = {}
    for unit, needs in enumerate(needs_of_units(h)):
        units.setdefault(needs, []).append(unit)
    return {needs: np.array(rows, dtype=np.int64) for needs, rows in units.items()}


def free_days(homes: DwellingRows, needs: Needs) -> IntArray:
    """Days until homes for all the needs are free in each municipality, (municipalities,).

    ``NO_DAY`` where there are never enough of them. Cached, as few kinds of needs occur.
    """
    if needs not in homes.cache:
        homes.cache[needs] = _find_free_days(homes, needs)
    days: IntArray = homes.cache[needs]
    return days


def _find_free_days(homes: DwellingRows, needs: Sequence[tuple[int, bool]]) -> IntArray:
    """Days until every layer of the needs has a home for each of its needs: Hall's theorem."""
    days = np.zeros(len(homes.count), dtype=np.int64)
    if not needs:
        return days
    beds = np.array([beds for beds, _ in needs], dtype=np.int64)
    step_free = np.array([steps for _, steps in needs], dtype=np.bool_)
    layers = home_layers(beds, step_free)
    counts = in_layers(beds, step_free, layers).sum(axis=0)
    inside = in_layers(homes.beds, homes.step_free, layers)
    for layer, count in enumerate(counts.tolist()):
        days = np.maximum(days, _days_to_nth(homes, inside[:, layer], count))
    return days


def _days_to_nth(homes: DwellingRows, wanted: BoolArray, count: int) -> IntArray:
    """Days until ``count`` of the wanted homes are free in each municipality."""
    order = np.lexsort((homes.days_to_free, homes.unit))
    order = order[wanted[order]]
    unit = homes.unit[order]
    first = np.searchsorted(unit, np.arange(len(homes.count)))
    nth = np.arange(len(order)) - first[unit] + 1 == count
    days = np.full(len(homes.count), NO_DAY, dtype=np.int64)
    days[unit[nth]] = homes.days_to_free[order[nth]]
    return days


def _in_planned_weeks(ready: IntArray, size: IntArray, weeks: WeekRows) -> IntArray:
    """The first days, from those given, in weeks with room for units, shape as given."""
    planning = np.flatnonzero(weeks.count)
    if not ready[:, planning].size:
        return ready
    first, days = first_weeks(weeks, size), ready.copy()
    this_monday = this_monday_days(weeks)
    week = np.clip((ready[:, planning] - this_monday) // DAYS_PER_WEEK, 0, first.shape[2] - 1)
    kind = np.searchsorted(np.unique(size), size)
    monday = first[kind[:, None], planning[None, :], week]
    days[:, planning] = np.maximum(ready[:, planning], monday)
    return days


def this_monday_days(weeks: WeekRows) -> int:
    """Days from today to the Monday of this week, from -6 to 0."""
    return int(-(-weeks.monday[0] % DAYS_PER_WEEK)) if len(weeks.monday) else 0


def first_weeks(weeks: WeekRows, size: IntArray) -> IntArray:
    """Mondays of the first week with room, shape (distinct sizes, municipalities, weeks + 1).

    Entry ``w`` is for a unit that is ready in week ``w`` from this one. After the last week of a
    plan nothing is known, and there is room from the next Monday on.
    """
    sizes = np.unique(size)
    return np.stack([_first_weeks_for(weeks, int(persons)) for persons in sizes])


def _first_weeks_for(weeks: WeekRows, persons: int) -> IntArray:
    if persons not in weeks.cache:
        weeks.cache[persons] = _find_first_weeks(weeks, persons)
    first: IntArray = weeks.cache[persons]
    return first


def _find_first_weeks(weeks: WeekRows, persons: int) -> IntArray:
    week = (weeks.monday - this_monday_days(weeks)) // DAYS_PER_WEEK
    last = weeks.max_of(weeks.monday, empty=NO_DAY)
    first = np.full((len(weeks.count), week.max() + 2), NO_DAY, dtype=np.int64)
    roomy = weeks.persons >= persons
    first[weeks.unit[roomy], week[roomy]] = weeks.monday[roomy]
    first[:, -1] = last + DAYS_PER_WEEK
    # The entry of a week without room is that of the next one.
    return np.minimum.accumulate(first[:, ::-1], axis=1)[:, ::-1]
