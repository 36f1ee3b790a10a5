"""An instance under a policy, prepared for solving, ranking and explaining."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Self

import numpy as np

from matcher.domain.errors import UnknownHouseholdError, UnknownMunicipalityError
from matcher.domain.household import Household
from matcher.domain.instance import Instance
from matcher.domain.placement import Placement, Plan
from matcher.domain.tables.array_types import BoolArray, IntArray
from matcher.domain.tables.build import Tables, build_tables
from matcher.domain.tables.calendar import MoveInCalendar
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.move_in_days import earliest_days
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.domain.tables.vocabulary import split_unit
from matcher.policy.pair_effect import build_stay_model
from matcher.policy.policy import Policy, SelectedRules
from matcher.policy.rule_types import NO_LIMIT
from matcher.problem.lowering import lower_program, lower_resources, lower_spreads
from matcher.problem.program import UNPLACED, Choice, Program, Resource, Spread, row_blocks
from matcher.stay.model import StayModel


@dataclass(frozen=True, eq=False)
class Problem:
    """An instance under a policy: its tables, rules and program.

    Parameters
    ----------
    instance : Instance
    policy : Policy
    tables : Tables
    selection : SelectedRules
    """

    instance: Instance
    policy: Policy
    tables: Tables
    selection: SelectedRules

    @classmethod
    def of(cls, instance: Instance, policy: Policy | None = None) -> Self:
        """Prepare an instance under a policy, by default the project's default policy."""
        policy = policy or Policy.default()
        return cls(instance, policy, build_tables(instance), policy.build_rules())

    @cached_property
    def program(self) -> Program:
        """The solver-neutral program."""
        return lower_program(self.tables, self.selection, self.resources, self.spreads)

    @cached_property
    def resources(self) -> tuple[Resource, ...]:
        """The program's resources, without computing the pairs, which takes most of the time."""
        return lower_resources(self.tables, self.selection)

    @cached_property
    def spreads(self) -> tuple[Spread, ...]:
        """The program's spreads, without computing the pairs."""
        return lower_spreads(self.tables, self.selection)

    @cached_property
    def stay_model(self) -> StayModel:
        """The policy's stay model with its pair effects; the default when the term is off."""
        return build_stay_model(self.selection.terms)

    @cached_property
    def concerned_units(self) -> Mapping[str, BoolArray]:
        """Units that each pair rule and term concerns, by identifier, shape (units,)."""
        # Cached with the table, which many problems share: few events change the queue itself. The
        # selection is stored too, so that no other object can get the same id.
        h, selection = self.households, self.selection
        key = "concerned units", id(selection)
        if key not in h.cache:
            rules = (*selection.pair_rules, *selection.terms)
            h.cache[key] = selection, {rule.id: rule.concerns(h) for rule in rules}
        units: Mapping[str, BoolArray] = h.cache[key][1]
        return units

    @cached_property
    def open_places(self) -> IntArray:
        """Persons who can come, shape (municipalities,); see :meth:`open_places_without`."""
        return self.open_places_without(None)

    def open_places_without(
        self, rule: str | None, choice: Choice | None = None, next_year: bool = False
    ) -> IntArray:
        """Return how many persons can come when a rule is disregarded, shape (municipalities,).

        This is the least of what the budgets that count persons leave; where none of them sets a
        limit, what the ledger leaves. It is below 0 where a plan takes more than there is.

        Parameters
        ----------
        rule : str or None
        choice : int array, shape (units,), or None
            A plan beside which they come; None for an empty one.
        next_year : bool
            Whether the persons cannot move before next year.
        """
        h, m = self.households, self.municipalities
        budgets = [b for b in self.selection.budgets if b.in_persons and b.id != rule]
        left = [np.full(len(m), NO_LIMIT)]
        for budget in budgets:
            limit = budget.limit(h, m)[budget.group(m)]
            free = limit - sum_by_municipality(budget.use(h, m), choice, len(m))
            left.append(free[:, budget.layers_for(h, m, next_year)].min(axis=1))
        least = np.minimum.reduce(left)
        persons = sum_by_municipality(h.size[:, None], choice, len(m))[:, 0]
        return np.where(least < NO_LIMIT // 2, least, m.open - persons)

    @cached_property
    def moving_next_year(self) -> BoolArray:
        """Whether each unit cannot itself move before next year, shape (units,)."""
        return self.households.days_to_move >= self.municipalities.days_to_next_year

    def open_places_of(self, units: IntArray) -> IntArray:
        """Return how many can come in the year of each unit, shape (units, municipalities)."""
        if not self.moving_next_year[units].any():
            return np.broadcast_to(self.open_places, (len(units), len(self.municipalities)))
        return self.open_places_by_year()[self.moving_next_year[units].astype(np.int64)]

    def open_places_by_year(self, choice: Choice | None = None) -> IntArray:
        """Return how many can come beside a plan who can move this year, and who cannot.

        Shape (2, municipalities).
        """
        years = (False, True)
        return np.stack([self.open_places_without(None, choice, year) for year in years])

    @cached_property
    def household_of(self) -> Mapping[str, Household]:
        """The households of the queue by identifier."""
        return {household.id: household for household in self.instance.households}

    @property
    def households(self) -> HouseholdTable:
        """Placing units as columns."""
        return self.tables.households

    @property
    def municipalities(self) -> MunicipalityTable:
        """Municipalities as columns."""
        return self.tables.municipalities

    def unit_row(self, household: str) -> int:
        """Return the row of the placing unit of a household.

        Raises
        ------
        UnknownHouseholdError
            When the household is not in the queue.
        """
        row = self.households.row_of.get(household)
        if row is None:
            raise UnknownHouseholdError(f"household {household!r} is not in the queue")
        return row

    def municipality_row(self, number: str) -> int:
        """Return the row of a municipality, by its four-digit number.

        Raises
        ------
        UnknownMunicipalityError
            When the instance does not have the municipality.
        """
        row = self.municipalities.row_of.get(number)
        if row is None:
            raise UnknownMunicipalityError(
                f"municipality {number!r} is not in the instance; give its four-digit number"
            )
        return row

    def to_plan(self, choice: Choice) -> Plan:
        """Convert a choice into a plan, with a placement for each of several linked households."""
        days, number = self.calendar(choice).days, self.municipalities.number
        return Plan(
            tuple(
                Placement(household, str(number[choice[i]]), self._day(int(days[i])))
                for i in np.flatnonzero(choice != UNPLACED)
                for household in split_unit(str(self.households.id[i]))
            )
        )

    def calendar(self, choice: Choice) -> MoveInCalendar:
        """Return the calendar of a choice: the days on which its units move in."""
        key, kept = choice.tobytes(), self._kept_calendars
        calendar = kept.get(key)
        if calendar is None:
            calendar = MoveInCalendar(
                self.households, self.municipalities, choice, self.homes_within
            )
            # Plan, figures and report ask for the same one; those of other choices are not kept.
            kept.clear()
            kept[key] = calendar
        return calendar

    @cached_property
    def _kept_calendars(self) -> dict[bytes, MoveInCalendar]:
        return {}

    @property
    def homes_within(self) -> int | None:
        """Days within which a home must be free to be given to anyone; None for no limit."""
        limits = (budget.homes_within for budget in self.selection.budgets)
        return min((days for days in limits if days is not None), default=None)

    def uncounted_person_days(self, choice: Choice) -> int:
        """Person-days of waiting that the objective does not count, since it goes pair by pair.

        It counts each placed unit's days as if it came alone; the difference is what units wait
        for the homes and weeks of each other.
        """
        days, waiting = self.calendar(choice).days, 0
        for rows in row_blocks(len(choice)):
            units = np.arange(rows.start, rows.stop)
            units = units[choice[units] != UNPLACED]
            h = self.households.take(units)
            alone = earliest_days(h, self.municipalities)[np.arange(len(units)), choice[units]]
            waiting += int((h.size * (days[units] - alone)).sum())
        return waiting

    def to_choice(self, plan: Plan) -> Choice:
        """Convert a plan into a choice; linked households must be placed together.

        Raises
        ------
        UnknownHouseholdError, UnknownMunicipalityError
            When the plan names a household or municipality that the instance does not have.
        ValueError
            When linked households are placed in different municipalities.
        """
        out = np.full(len(self.households), UNPLACED, dtype=np.int64)
        for placement in plan:
            unit, j = (
                self.unit_row(placement.household),
                self.municipality_row(placement.municipality),
            )
            if out[unit] not in (UNPLACED, j):
                raise ValueError(f"linked households {self.households.id[unit]} are placed apart")
            out[unit] = j
        return out

    def _day(self, days: int) -> date:
        return self.tables.today + timedelta(days=days)


def sum_by_municipality(use: IntArray, choice: Choice | None, width: int) -> IntArray:
    """Sum what the placed units of a plan use, shape (municipalities, layers)."""
    sums = np.zeros((width, use.shape[1]), dtype=np.int64)
    if choice is not None:
        placed = choice != UNPLACED
        np.add.at(sums, choice[placed], use[placed])
    return sums
