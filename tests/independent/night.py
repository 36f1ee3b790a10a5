"""All plans of a night, and the best of them."""

import itertools
from collections.abc import Iterator

from tests.independent.facts import (
    Places,
    together,
)
from tests.independent.terms import Terms


class Night(Terms):
    """One instance under one policy, worked out from first principles."""

    # ------------------------------------------------------------ all plans

    def plans(self) -> Iterator[tuple[int | None, ...]]:
        """Every plan that keeps all rules."""
        options = [
            [None, *(p for p in range(len(self.places)) if self.allowed(u, p))]
            for u in range(len(self.units))
        ]
        known: dict[tuple[int, tuple[int, ...]], bool] = {}

        def fits(plan: Places, place: int) -> bool:
            key = place, tuple(together(plan, place))
            if key not in known:
                known[key] = self.fits(key[1], place)
            return known[key]

        for plan in itertools.product(*options):
            if all(fits(plan, place) for place in set(plan) - {None}):
                yield plan

    def best(self) -> tuple[int, int]:
        """Best level 1, and best level 2 among the plans that reach it."""
        plans = list(self.plans())
        most = max(self.weight(plan) for plan in plans)
        return most, max(self.value(plan) for plan in plans if self.weight(plan) == most)
