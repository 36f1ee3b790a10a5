"""The homes of one municipality: who can have one by which day, by paths of exchanges."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Self

from matcher.domain.tables.move_in_days import NO_DAY, Needs

Home = tuple[int, bool, int]
"""Beds, whether it is step-free, and days from today until it is free."""


class HomeAssignment:
    """Homes of one municipality, each held by one household at most, to be exchanged freely.

    A household is a number, in the order of :meth:`seat`. What is held by whom can change whenever
    another household is seated; that a seated household has a home, and by which day, cannot. Sets
    of homes are the bits of a whole number, which makes the search for an exchange fast.

    Parameters
    ----------
    homes : iterable of (beds, step-free, days to free)
    """

    def __init__(self, homes: Iterable[Home]) -> None:
        self._homes = sorted(homes, key=lambda home: home[2])
        self._days = [home[2] for home in self._homes]
        self._fitting: dict[tuple[int, bool], int] = {}
        self._options: list[int] = []
        self._usable: list[int] = []
        self._home_of: list[int] = []
        self._holder = [-1] * len(self._homes)
        self._free = (1 << len(self._homes)) - 1

    def copy(self) -> Self:
        """Return an assignment with the same homes and households that changes on its own."""
        twin = type(self)(())
        twin.__dict__ |= {
            name: value.copy() if isinstance(value, list | dict) else value
            for name, value in vars(self).items()
        }
        return twin

    def without_deadlines(self) -> Self:
        """Return a copy in which every household may move in later than it was said."""
        twin = self.copy()
        twin._usable = self._options.copy()
        return twin

    def seat(self, beds: int, step_free: bool) -> int | None:
        """Give one more household a home, whenever it is free; None when it cannot have one."""
        household = len(self._options)
        fitting = self._fitting_homes(beds, step_free)
        self._options.append(fitting)
        self._usable.append(fitting)
        self._home_of.append(-1)
        if self._find_home(household):
            return household
        for of_household in (self._options, self._usable, self._home_of):
            of_household.pop()
        return None

    def first_day(self, households: Sequence[int], not_before: int = 0) -> int:
        """Return the first day by which seated households can all have a home, as all others do."""
        latest = max((self._days[self._home_of[h]] for h in households), default=0)
        days = [not_before, *sorted({d for d in self._days if not_before < d <= latest})]
        low, high = 0, len(days) - 1
        # The first day is tried before others, since it is so often the answer.
        middle = 0
        while low < high:
            if self.copy().hold_by(households, days[middle]):
                high = middle
            else:
                low = middle + 1
            middle = (low + high) // 2
        return days[low]

    def hold_by(self, households: Sequence[int], day: int) -> bool:
        """Let seated households have homes that are free by a day; False when they cannot all."""
        in_time = (1 << bisect_right(self._days, day)) - 1
        moving = []
        for household in households:
            self._usable[household] = self._options[household] & in_time
            if not self._usable[household] >> self._home_of[household] & 1:
                moving.append(household)
        for household in moving:
            self._leave(household)
        return all(self._find_home(household) for household in moving)

    def first_day_for(self, needs: Needs) -> int:
        """Return the first day by which one more unit can have homes; ``NO_DAY`` for never."""
        twin = self.copy()
        seated = [twin.seat(beds, step_free) for beds, step_free in needs]
        households = [household for household in seated if household is not None]
        return NO_DAY if len(households) < len(needs) else twin.first_day(households)

    def _fitting_homes(self, beds: int, step_free: bool) -> int:
        if (beds, step_free) not in self._fitting:
            self._fitting[beds, step_free] = sum(
                1 << place
                for place, home in enumerate(self._homes)
                if home[0] >= beds and (home[1] or not step_free)
            )
        return self._fitting[beds, step_free]

    def _leave(self, household: int) -> None:
        home = self._home_of[household]
        self._home_of[household], self._holder[home] = -1, -1
        self._free |= 1 << home

    def _find_home(self, household: int) -> bool:
        """Find a shortest chain of exchanges that ends in a free home, and make them."""
        came_from: dict[int, int] = {}
        unseen, waiting = -1, [household]
        for asking in waiting:
            options = self._usable[asking] & unseen
            unseen &= ~options
            if options & self._free:
                self._exchange(asking, _lowest(options & self._free), came_from)
                return True
            while options:
                home = _lowest(options)
                options &= options - 1
                came_from[home] = asking
                waiting.append(self._holder[home])
        return False

    def _exchange(self, household: int, home: int, came_from: dict[int, int]) -> None:
        """Give a household a free home, and what it had to who asked for it, and so on."""
        self._free &= ~(1 << home)
        while True:
            left = self._home_of[household]
            self._home_of[household], self._holder[home] = home, household
            if left < 0:
                return
            household, home = came_from[left], left


def _lowest(homes: int) -> int:
    """Return the number of the first home of a set, which is the one that is free first."""
    return (homes & -homes).bit_length() - 1
