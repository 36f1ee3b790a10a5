"""The calendar of a plan: the day on which each unit moves in, so that all days can hold together.

Each home takes one household and each planned week as many persons as it says. In each municipality
whoever has waited longest comes first: nobody can come sooner unless someone who has waited longer
comes later.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from matcher.domain.answer import Answer
from matcher.domain.tables.array_types import IntArray
from matcher.domain.tables.home_assignment import HomeAssignment
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.move_in_days import (
    DAYS_PER_WEEK,
    NO_DAY,
    Needs,
    first_days,
    free_days,
    needs_of_units,
    receiving_days,
)
from matcher.domain.tables.municipalities import MunicipalityTable, WeekRows

NOWHERE = -1
"""The row of the municipality of a unit that a plan does not place."""


@dataclass(eq=False)
class PlannedWeeks:
    """The weeks of one municipality's plan, with the persons that can still come in each.

    Parameters
    ----------
    mondays, persons : list of int
        Days from today, in order, and persons.
    """

    mondays: list[int]
    persons: list[int]

    def first_day(self, size: int, ready: int) -> int:
        """Return the first day, from a given one, in a week with room; it may be after the plan."""
        for monday, persons in zip(self.mondays, self.persons, strict=True):
            if monday + DAYS_PER_WEEK > ready and persons >= size:
                return max(ready, monday)
        return max(ready, self.mondays[-1] + DAYS_PER_WEEK) if self.mondays else ready

    def use(self, size: int, day: int) -> None:
        """Let persons come in the week of a day; weeks after the plan hold everyone."""
        for place, monday in enumerate(self.mondays):
            if monday <= day < monday + DAYS_PER_WEEK:
                self.persons[place] -= size


@dataclass(frozen=True, eq=False)
class LocalCalendar:
    """The calendar of one municipality.

    Parameters
    ----------
    homes : HomeAssignment or None
        Its homes and who holds them; None when its list of homes is not complete.
    weeks : PlannedWeeks
        Its plan by weeks, without weeks when it has none.
    """

    homes: HomeAssignment | None
    weeks: PlannedWeeks

    def place(
        self, needs: Sequence[Needs], sizes: Sequence[int], ready: Sequence[int]
    ) -> list[int]:
        """Place units in the given order, and return the day of each.

        Parameters
        ----------
        needs : sequence of Needs
            The homes that each unit needs.
        sizes, ready : sequence of int
            Persons, and first day on which each unit could move in if it came alone.
        """
        seated = [self._seat(of_unit) for of_unit in needs]
        return [self._settle(*facts) for facts in zip(seated, sizes, ready, strict=True)]

    def days_until_homes(self, needs: Needs) -> int:
        """Return the days until homes for one more unit, ``NO_DAY`` when there never are.

        No one comes later for its sake, unless it could have no home otherwise.
        """
        if self.homes is None:
            return NO_DAY
        day = self.homes.first_day_for(needs)
        return self.homes.without_deadlines().first_day_for(needs) if day == NO_DAY else day

    def _seat(self, needs: Needs) -> list[int]:
        if self.homes is None:
            return []
        seated = (self.homes.seat(beds, step_free) for beds, step_free in needs)
        return [household for household in seated if household is not None]

    def _settle(self, households: list[int], size: int, ready: int) -> int:
        free = ready if self.homes is None else self.homes.first_day(households, ready)
        day = self.weeks.first_day(size, free)
        if self.homes is not None:
            self.homes.hold_by(households, day)
        self.weeks.use(size, day)
        return day


@dataclass(frozen=True, eq=False)
class MoveInCalendar:
    """The days on which the units of a plan move in, and what they leave for others.

    Parameters
    ----------
    households : HouseholdTable
    municipalities : MunicipalityTable
    choice : int array, shape (units,)
        Row of the municipality of each unit, -1 for none.
    homes_within : int or None
        Homes that become free later than this many days from today are not used; None for no limit.
    """

    households: HouseholdTable
    municipalities: MunicipalityTable
    choice: IntArray
    homes_within: int | None = None

    @property
    def days(self) -> IntArray:
        """Days from today until each unit moves in, 0 for those not placed, shape (units,)."""
        return self._placed[0]

    def days_beside(self, units: IntArray) -> IntArray:
        """Days until units could move in beside the plan, shape (units, municipalities).

        Where the plan has a unit, its day is the plan's. Elsewhere, the homes and weeks that the
        plan uses are taken. Where it leaves no home, the day is that of a unit that comes alone:
        someone else would have to make room.

        Parameters
        ----------
        units : int array, shape (units,)
            Rows of placing units.
        """
        h = self.households.take(units)
        days = first_days(h, self.municipalities, self._days_until_homes, self._weeks_left)
        placed = np.flatnonzero(self.choice[units] != NOWHERE)
        days[placed, self.choice[units[placed]]] = self.days[units[placed]]
        return days

    def _days_until_homes(self, needs: Needs) -> IntArray:
        """Days until homes for one more unit beside the plan, (municipalities,)."""
        if needs not in self._homes_cache:
            days = free_days(self.municipalities.dwellings, needs).copy()
            for j, local in self._placed[1].items():
                left = local.days_until_homes(needs)
                days[j] = days[j] if left == NO_DAY else left
            self._homes_cache[needs] = days
        return self._homes_cache[needs]

    @cached_property
    def _homes_cache(self) -> dict[Needs, IntArray]:
        return {}

    @cached_property
    def _weeks_left(self) -> WeekRows:
        """The weeks with the persons that can come beside the plan."""
        weeks = self.municipalities.weeks
        persons = weeks.persons.copy()
        for j, local in self._placed[1].items():
            persons[weeks.start[j] : weeks.start[j + 1]] = local.weeks.persons
        return replace(weeks, persons=persons)

    @cached_property
    def _placed(self) -> tuple[IntArray, dict[int, LocalCalendar]]:
        """The days of all units, and the calendars of the municipalities where any are placed."""
        days, calendars = np.zeros(len(self.choice), dtype=np.int64), {}
        for j, units in self._units_in_order():
            h, local = self.households.take(units), self._local_calendar(j)
            needs = needs_of_units(h)
            ready = np.maximum(h.days_to_move, receiving_days(self.municipalities)[j])
            if local.homes is not None:
                alone = np.array([free_days(self.municipalities.dwellings, n)[j] for n in needs])
                ready = np.maximum(ready, np.where(alone < NO_DAY, alone, 0))
            days[units] = local.place(needs, h.size.tolist(), ready.tolist())
            calendars[j] = local
        return days, calendars

    def _units_in_order(self) -> Iterator[tuple[int, IntArray]]:
        """Rows of the units in each municipality, by its row, whoever has waited longest first."""
        placed = np.flatnonzero(self.choice != NOWHERE)
        h, where = self.households, self.choice[placed]
        order = placed[np.lexsort((h.id[placed], -h.days_waited[placed], where))]
        for units in np.split(order, np.flatnonzero(np.diff(self.choice[order])) + 1):
            if len(units):
                yield int(self.choice[units[0]]), units

    def _local_calendar(self, j: int) -> LocalCalendar:
        m = self.municipalities
        weeks = slice(m.weeks.start[j], m.weeks.start[j + 1])
        return LocalCalendar(
            self._homes(j) if m.reports_dwellings[j] == Answer.YES else None,
            PlannedWeeks(m.weeks.monday[weeks].tolist(), m.weeks.persons[weeks].tolist()),
        )

    def _homes(self, j: int) -> HomeAssignment:
        homes = self.municipalities.dwellings
        rows = slice(homes.start[j], homes.start[j + 1])
        columns = (homes.beds[rows], homes.step_free[rows], homes.days_to_free[rows])
        return HomeAssignment(
            (beds, step_free, days)
            for beds, step_free, days in zip(*(c.tolist() for c in columns), strict=True)
            if self.homes_within is None or days <= self.homes_within
        )
