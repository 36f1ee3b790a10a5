"""Count a second time who is placed where, from the households and municipalities themselves.

The checker uses neither the columns of the tables nor what the rules make of them: it groups linked
households, counts persons, children and minors, and hands out homes one by one, all in its own way.
Only the numbers of the limits come from the rules.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from matcher.domain.answer import Answer
from matcher.domain.household import Household
from matcher.domain.instance import Instance
from matcher.domain.municipality import Dwelling, Municipality
from matcher.domain.person import ADULT_AGE
from matcher.domain.tables.vocabulary import LINK_SIGN
from matcher.policy.rule_types import Budget
from matcher.policy.rules.dwellings import DwellingsBudget
from matcher.policy.rules.minors import MinorsBudget
from matcher.problem.problem import Problem
from matcher.problem.program import UNPLACED, Choice

Home = tuple[int, bool]
"""Beds, and whether it is, or must be, step-free."""


@dataclass(frozen=True, slots=True)
class UnitCount:
    """What one placing unit consists of.

    Parameters
    ----------
    persons, children, minors : int
        Members; those under 18 today; unaccompanied minors among them, 0 where an adult is known
        to be with them.
    homes : tuple of (beds, step-free)
        Homes that the unit may need, largest first.
    """

    persons: int
    children: int
    minors: int
    homes: tuple[Home, ...]


def count_units(instance: Instance) -> Mapping[str, UnitCount]:
    """Count the members and needed homes of each placing unit, by the identifier of the unit."""
    return {
        LINK_SIGN.join(h.id for h in unit): _count(unit, instance.today)
        for unit in _group(instance)
    }


def _group(instance: Instance) -> Iterator[list[Household]]:
    """Group households that links join, in the order of the queue, by walking along the links."""
    neighbours: defaultdict[str, set[str]] = defaultdict(set)
    for first, second in instance.links:
        neighbours[first].add(second)
        neighbours[second].add(first)
    position = {h.id: row for row, h in enumerate(instance.households)}
    grouped: set[str] = set()
    for household in instance.households:
        if household.id in grouped:
            continue
        group, waiting = {household.id}, [household.id]
        while waiting:
            new = neighbours[waiting.pop()] - group
            group |= new
            waiting += new
        grouped |= group
        yield [instance.households[row] for row in sorted(position[name] for name in group)]


def _count(unit: list[Household], today: date) -> UnitCount:
    persons = children = alone = 0
    known_adult = possible_adult = False
    for person in (p for h in unit for p in h.members):
        age = person.age_on(today)
        persons += 1
        children += person.unaccompanied if age is None else age < ADULT_AGE
        alone += person.unaccompanied and (age is None or age < ADULT_AGE)
        known_adult |= age is not None and age >= ADULT_AGE
        possible_adult |= not person.unaccompanied if age is None else age >= ADULT_AGE
    homes = [_needed_home(h) for h in unit if possible_adult or not _in_set_up(h)]
    return UnitCount(persons, children, 0 if known_adult else alone, _largest_first(homes))


def _in_set_up(household: Household) -> bool:
    """Whether only unaccompanied persons live in the household, in a unit without an adult."""
    return sum(person.unaccompanied for person in household.members) == len(household.members)


def _needed_home(household: Household) -> Home:
    step_free = [p for p in household.members if p.step_free is Answer.YES]
    return len(household.members), len(step_free) > 0


def _largest_first(homes: Iterable[Home]) -> tuple[Home, ...]:
    return tuple(sorted(homes, reverse=True))


def list_miscounted(problem: Problem) -> list[str]:
    """List the units for which the tables have other numbers than the households themselves."""
    counted, h = count_units(problem.instance), problem.households
    in_tables = {
        str(name): UnitCount(
            int(h.size[row]),
            int(h.children[row]),
            int(h.minors[row]),
            _largest_first(
                (int(h.homes.beds[k]), bool(h.homes.step_free[k]))
                for k in range(h.homes.start[row], h.homes.start[row + 1])
            ),
        )
        for row, name in enumerate(h.id)
    }
    names = counted.keys() | in_tables.keys()
    return sorted(name for name in names if counted.get(name) != in_tables.get(name))


def list_overfull(problem: Problem, choice: Choice) -> list[dict[str, str]]:
    """List each limit that the placed units exceed, with the name of the municipality.

    Parameters
    ----------
    problem : Problem
    choice : int array, shape (units,)
        Row of the municipality of each unit, ``UNPLACED`` for none.
    """
    counted, placed = count_units(problem.instance), defaultdict(list)
    for name, row in zip(problem.households.id, choice.tolist(), strict=True):
        if row != UNPLACED:
            placed[row].append(counted[str(name)])
    return [
        {"rule": budget.id, "who": problem.instance.municipalities[row].name}
        for budget in problem.selection.budgets
        for row in _exceeding(problem, budget, placed)
    ]


def _exceeding(
    problem: Problem, budget: Budget, placed: Mapping[int, list[UnitCount]]
) -> Iterator[int]:
    """Yield the row of each municipality in which the placed units exceed a budget."""
    if isinstance(budget, DwellingsBudget):
        last_day = problem.instance.today + timedelta(days=budget.within_days)
        for row, units in sorted(placed.items()):
            if not _are_housed(units, problem.instance.municipalities[row], last_day):
                yield row
    elif budget.in_persons or isinstance(budget, MinorsBudget):
        m = problem.municipalities
        limit = budget.limit(problem.households, m)[budget.group(m), 0]
        for row, units in sorted(placed.items()):
            if sum(u.persons if budget.in_persons else u.minors for u in units) > limit[row]:
                yield row


def _are_housed(units: list[UnitCount], place: Municipality, last_day: date) -> bool:
    """Hand out the free homes to the largest households first, plain homes before step-free ones.

    Whoever comes later needs fewer beds, so that only the number of homes large enough for the
    present household, of either kind, can make a difference: taking any of them is best.
    """
    if place.reports_dwellings is not Answer.YES:
        return True
    homes = _largest_first(_free_home(d) for d in place.dwellings if _is_free(d, last_day))
    free, following = {False: 0, True: 0}, 0
    for beds, step_free in _largest_first(home for unit in units for home in unit.homes):
        while following < len(homes) and homes[following][0] >= beds:
            free[homes[following][1]] += 1
            following += 1
        kind = step_free or not free[False]
        if not free[kind]:
            return False
        free[kind] -= 1
    return True


def _free_home(dwelling: Dwelling) -> Home:
    return dwelling.beds, dwelling.step_free is Answer.YES


def _is_free(dwelling: Dwelling, last_day: date) -> bool:
    return dwelling.available_from is None or dwelling.available_from <= last_day
