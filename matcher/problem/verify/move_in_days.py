"""Check the days of a saved plan, without any code of the calendar that made them.

The days are worked out again from households and municipalities themselves, one municipality after
another: whoever has waited longest first, each on the first day by which everyone can have a home.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta

from matcher.domain.answer import Answer
from matcher.domain.municipality import DEFAULT_LEAD_DAYS, Dwelling, Municipality
from matcher.domain.placement import Plan
from matcher.domain.tables.move_in_days import Needs, needs_of_units
from matcher.problem.problem import Problem

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class PlacedUnit:
    """Linked households, or one household, that a plan places in one municipality.

    Parameters
    ----------
    households : tuple of str
        Identifiers, in the order of the queue.
    persons : int
    waiting_since : date
        Of whoever in the unit has waited longest; today for those who have not waited yet.
    can_move : date
        First day on which all of them can move.
    needs : Needs
        Homes.
    """

    households: tuple[str, ...]
    persons: int
    waiting_since: date
    can_move: date
    needs: Needs


@dataclass(frozen=True, slots=True, eq=False)
class Tenant:
    """A household that needs a home of its own.

    Parameters
    ----------
    beds : int
    step_free : bool
    """

    beds: int
    step_free: bool


class Letting:
    """Who has which home of a municipality, and by which day a home must be free for whom.

    Parameters
    ----------
    homes : iterable of Dwelling
    today : date
    """

    def __init__(self, homes: Iterable[Dwelling], today: date) -> None:
        self.homes = tuple(homes)
        self.free_from = {h.id: max(today, h.available_from or today) for h in self.homes}
        self.tenants: dict[str, Tenant] = {}
        self.deadlines: dict[Tenant, date] = {}

    def house(self, tenant: Tenant) -> bool:
        """Find a home for one more household; those who have one may exchange theirs."""
        asking: list[tuple[Tenant, tuple[tuple[str, Tenant], ...]]] = [(tenant, ())]
        untried = list(self.homes)
        for household, path in asking:
            suitable = [home for home in untried if self._suits(home, household)]
            vacant = next((home for home in suitable if home.id not in self.tenants), None)
            if vacant is not None:
                self.tenants.update((*path, (vacant.id, household)))
                return True
            tried = {home.id for home in suitable}
            untried = [home for home in untried if home.id not in tried]
            asking += [(self.tenants[h.id], (*path, (h.id, household))) for h in suitable]
        return False

    def house_by(self, tenants: Sequence[Tenant], day: date) -> bool:
        """Find homes that are free by a day for households that have homes already."""
        self.deadlines |= dict.fromkeys(tenants, day)
        late = {
            home: tenant
            for home, tenant in self.tenants.items()
            if tenant in tenants and self.free_from[home] > day
        }
        for home in late:
            del self.tenants[home]
        return all(self.house(tenant) for tenant in late.values())

    def first_day(self, tenants: Sequence[Tenant], ready: date) -> date:
        """Return the first day, from a given one, by which households that have homes can."""

        def possible(day: date) -> bool:
            trial = copy(self)
            trial.tenants, trial.deadlines = dict(self.tenants), dict(self.deadlines)
            return trial.house_by(tenants, day)

        days = [ready, *sorted({day for day in self.free_from.values() if day > ready})]
        return days[bisect_left(days, True, key=possible)]

    def _suits(self, home: Dwelling, tenant: Tenant) -> bool:
        accessible = home.step_free is Answer.YES or not tenant.step_free
        in_time = self.free_from[home.id] <= self.deadlines.get(tenant, date.max)
        return accessible and in_time and home.beds >= tenant.beds


def find_wrong_days(problem: Problem, plan: Plan) -> Mapping[str, date]:
    """Return the households whose day in a plan is wrong, each with its right day."""
    right: dict[str, date] = {}
    places = {m.number: m for m in problem.instance.municipalities}
    for number, units in _by_municipality(problem, plan).items():
        days = move_in_days(problem.tables.today, places[number], units, problem.homes_within)
        for unit, day in zip(units, days, strict=True):
            right |= dict.fromkeys(unit.households, day)
    return {p.household: right[p.household] for p in plan if p.earliest != right[p.household]}


def move_in_days(
    today: date, m: Municipality, units: Sequence[PlacedUnit], homes_within: int | None
) -> list[date]:
    """Return the days of units in one municipality.

    Parameters
    ----------
    today : date
    m : Municipality
    units : sequence of PlacedUnit
        Whoever has waited longest comes first.
    homes_within : int or None
        Homes that become free later than this many days from today are not used; None for no limit.
    """
    listed = m.dwellings if m.reports_dwellings is Answer.YES else ()
    last = date.max if homes_within is None else today + timedelta(days=homes_within)
    letting = Letting((h for h in listed if (h.available_from or today) <= last), today)
    # Those who find no home beside whoever has waited longer have no home to wait for.
    housed = [[t for t in _tenants(unit) if letting.house(t)] for unit in units]
    room = {week.week: week.persons for week in m.weeks if week.week + WEEK > today}
    days = []
    for unit, tenants in zip(units, housed, strict=True):
        ready = letting.first_day(tenants, _ready_alone(today, m, unit))
        day = _day_with_room(ready, unit.persons, room)
        letting.house_by(tenants, day)
        days.append(day)
    return days


def _by_municipality(problem: Problem, plan: Plan) -> dict[str, list[PlacedUnit]]:
    where, today, instance = plan.municipality_of, problem.tables.today, problem.instance
    needs = dict(
        zip(map(str, problem.households.id), needs_of_units(problem.households), strict=True)
    )
    units = [
        PlacedUnit(
            tuple(h.id for h in unit),
            sum(h.size for h in unit),
            min(today, *(h.ready_since for h in unit)),
            max(today, *(h.earliest_move or today for h in unit)),
            needs["+".join(h.id for h in unit)],
        )
        for unit in instance.placing_units()
        if unit[0].id in where
    ]
    groups: dict[str, list[PlacedUnit]] = {}
    for unit in sorted(units, key=lambda u: (u.waiting_since, "+".join(u.households))):
        groups.setdefault(where[unit.households[0]], []).append(unit)
    return groups


def _tenants(unit: PlacedUnit) -> list[Tenant]:
    return [Tenant(*need) for need in unit.needs]


def _ready_alone(today: date, m: Municipality, unit: PlacedUnit) -> date:
    """Return the first day for a unit that comes alone, but for the weeks of the plan."""
    lead = DEFAULT_LEAD_DAYS if m.lead_days is None else m.lead_days
    ready = max(unit.can_move, m.earliest or today, today + timedelta(days=lead))
    letting, tenants = Letting(m.dwellings, today), _tenants(unit)
    if m.reports_dwellings is Answer.YES and all(map(letting.house, tenants)):
        return letting.first_day(tenants, ready)
    return ready


def _day_with_room(ready: date, persons: int, room: dict[date, int]) -> date:
    """Return the first day from one on in a week with room, and take it; or one after the plan."""
    for monday in sorted(room):
        if monday + WEEK > ready and room[monday] >= persons:
            room[monday] -= persons
            return max(ready, monday)
    return max(ready, max(room) + WEEK) if room else ready
