"""Households find homes that are large enough and step-free where needed, equation (3).

A home fits a household when it has enough beds and, where needed, no steps. By Hall's theorem
every household can be given a home exactly when, for every upward-closed set of needs, the
households with a need in the set are not more than the homes that meet a need in it. An
upward-closed set of (beds, step-free) is a pair of thresholds: *any home from ``t`` beds, and
step-free homes from ``s`` beds* with ``s <= t``. Each pair is one layer of the budget, so that
the program needs no variable for a home.
"""

from dataclasses import dataclass

import numpy as np

from matcher.domain.answer import Answer
from matcher.domain.reason import Fact, Reason
from matcher.domain.tables.array_types import BoolArray, IntArray
from matcher.domain.tables.build import Tables
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.move_in_days import home_layers, in_layers
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.policy.rule_types import NO_LIMIT, Budget

LAYERS = "dwellings.layers"
"""Key of the layers in the cache of a table; every ranking uses them."""


@dataclass(frozen=True)
class DwellingsBudget(Budget):
    """Households find homes that are large enough and step-free where needed.

    Limits only municipalities that report their free homes; elsewhere homes are found after
    the placement.

    Parameters
    ----------
    within_days : int
        Homes that become free later than this many days from today do not count.
    """

    id, source = "dwellings", "Fafo 2025:14, 2.3; Hall (1935)"
    within_days: int = 90

    def __post_init__(self) -> None:
        if self.within_days < 0:
            raise ValueError(f"within_days is {self.within_days}; give 0 or more days")

    @property
    def homes_within(self) -> int:
        """Days within which a home must be free to count."""
        return self.within_days

    def use(self, h: HouseholdTable, m: MunicipalityTable) -> IntArray:
        """Homes that each unit needs in each layer, shape (units, layers)."""
        return _needed(h, _layers(h))

    def use_in_queue(self, h: HouseholdTable, m: MunicipalityTable, queue: Tables) -> IntArray:
        """Homes that each unit needs in each layer of a queue, shape (units, layers)."""
        return _needed(h, _layers(queue.households))

    def limit(self, h: HouseholdTable, m: MunicipalityTable) -> IntArray:
        """Free homes in each layer; a layer that another layer implies has no limit."""
        layers, homes = _layers(h), m.dwellings
        soon = homes.days_to_free <= self.within_days
        inside = in_layers(homes.beds, homes.step_free, layers) & soon[:, None]
        limit = homes.sum_of(inside.astype(np.int64))
        limit[_implied(limit, layers)] = NO_LIMIT
        limit[m.reports_dwellings != Answer.YES] = NO_LIMIT
        return limit

    def reason(self, h: HouseholdTable, m: MunicipalityTable, i: int, j: int) -> Reason:
        """Name the largest need of the unit and the largest homes that are free."""
        needed, of_municipality = h.take([i]).homes, m.dwellings.unit == j
        soon = of_municipality & (m.dwellings.days_to_free <= self.within_days)
        facts: dict[str, Fact] = {
            "municipality": str(m.name[j]),
            "beds": int(needed.beds.max(initial=0)),
            "homes": len(needed.beds),
            "free": int(soon.sum()),
            "largest": int(m.dwellings.beds[soon].max(initial=0)),
        }
        code = "dwellings.step_free" if needed.step_free.any() else "dwellings.short"
        return Reason(code, facts)


def _needed(h: HouseholdTable, layers: IntArray) -> IntArray:
    homes = h.homes
    return homes.sum_of(in_layers(homes.beds, homes.step_free, layers).astype(np.int64))


def _layers(h: HouseholdTable) -> IntArray:
    """Thresholds (t, s) between which the needs of the households differ, shape (layers, 2)."""
    if LAYERS not in h.cache:
        h.cache[LAYERS] = home_layers(h.homes.beds, h.homes.step_free)
    layers: IntArray = h.cache[LAYERS]
    return layers


def _implied(limit: IntArray, layers: IntArray) -> BoolArray:
    """Whether each layer's limit follows from a wider layer that has no more homes."""
    any_home, step_free = layers[:, 0], np.minimum(layers[:, 1], layers[:, 0])
    wider = (any_home[None, :] <= any_home[:, None]) & (step_free[None, :] <= step_free[:, None])
    np.fill_diagonal(wider, False)
    no_more = limit[:, None, :] <= limit[:, :, None]
    return np.asarray((wider[None, :, :] & no_more).any(axis=2))
