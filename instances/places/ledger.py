"""The year's ledger so far, from what was requested and decided for 2024."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from instances.draws import Draws, Mask, Whole
from instances.municipalities import requested_minors, undecided
from instances.profile import PlaceRules
from instances.quotas import largest_remainder
from matcher.domain import Ledger, Municipality


@dataclass(frozen=True, eq=False)
class Accounts:
    """The ledgers as columns, shape (municipalities,); minors are counted within the persons."""

    requested: Whole
    decided: Whole
    open: Whole
    promised: Whole
    extra: Whole
    minors_decided: Whole
    minors_open: Whole
    minors_promised: Whole
    receive_now: Whole
    has_said: Mask

    def ledgers(self) -> list[Ledger]:
        """Give one ledger a municipality."""
        return [self._ledger(row) for row in range(len(self.decided))]

    def _ledger(self, row: int) -> Ledger:
        decided, promised = int(self.decided[row]), int(self.promised[row])
        minors, coming = int(self.minors_decided[row]), int(self.minors_promised[row])
        return Ledger(
            requested=int(self.requested[row]),
            decided=decided,
            settled=decided - promised - int(self.open[row]),
            promised=promised,
            extra=int(self.extra[row]),
            minors_decided=minors,
            minors_settled=minors - coming - int(self.minors_open[row]),
            minors_promised=coming,
            receive_now=int(self.receive_now[row]) if self.has_said[row] else None,
        )


def draw_accounts(
    places: Sequence[Municipality], persons: int, rules: PlaceRules, draws: Draws
) -> Accounts:
    """Draw how much of the decided places is used so far, and how many can come now.

    Parameters
    ----------
    persons : int
        In the queue; places to receive now follow it, with ``open_per_person`` all open ones.
    """
    requested = np.array([place.ledger.requested for place in places], dtype=np.int64)
    decided = _decided(places, rules)
    promised = _shared(
        decided, decided, _part(int(decided.sum()), rules.promised), draws, "promised"
    )
    free = _open_in_all(int(decided.sum()), persons, rules)
    still_open = _shared(decided, decided - promised, free, draws, "open")
    extra = decided * draws.stream("extra").between(0, 15, len(places)) // 100
    extra[~draws.stream("offers").chance(0.3, len(places))] = 0
    minors = _minors(places, requested, decided, still_open, promised)
    receive, said = _receive_now(still_open, persons, rules, draws)
    return Accounts(requested, decided, still_open, promised, extra, *minors, receive, said)


def _part(total: int, share: float) -> int:
    return total * round(share * 1000) // 1000


def _open_in_all(decided: int, persons: int, rules: PlaceRules) -> int:
    if rules.open_per_person > 0:
        return min(decided, _part(persons, rules.open_per_person))
    return decided - _part(decided, min(1.0, rules.settled + rules.promised))


def _decided(places: Sequence[Municipality], rules: PlaceRules) -> Whole:
    """Give the decided places; where the decision is not published, what was requested."""
    council = rules.decided == "council"
    base = [
        p.ledger.decided if council and p.number not in undecided() else p.ledger.requested
        for p in places
    ]
    return (np.array(base, dtype=np.int64) * round(rules.decided_factor * 1000) + 500) // 1000


def _shared(weights: Whole, limit: Whole, total: int, draws: Draws, purpose: str) -> Whole:
    """Share a number out by weight, unevenly, but to nobody beyond the limit."""
    if total >= int(limit.sum()):
        return limit.copy()
    uneven = weights * draws.stream(purpose).between(40, 160, len(weights))
    given = np.minimum(largest_remainder(uneven, total), limit)
    for _ in range(20):
        missing = total - int(given.sum())
        given = np.minimum(given + largest_remainder(limit - given, missing), limit)
    return given


def _minors(
    places: Sequence[Municipality],
    requested: Whole,
    decided: Whole,
    still_open: Whole,
    promised: Whole,
) -> tuple[Whole, Whole, Whole]:
    """Give minors decided (as requested, in step with the decision), open and promised."""
    asked = np.array([requested_minors().get(place.number, 0) for place in places])
    part = (asked * decided * 2 + requested) // np.maximum(1, 2 * requested)
    minors = np.minimum(np.where(asked > 0, np.maximum(1, part), 0), decided)
    total = int(minors.sum())
    share = max(1, int(decided.sum()))
    free = -(-total * int(still_open.sum()) // share)
    minors_open = np.minimum(
        largest_remainder(minors * still_open * 1000 // np.maximum(1, decided), free), minors
    )
    minors_open = np.minimum(minors_open, still_open)
    coming = np.minimum((minors - minors_open) * promised // np.maximum(1, decided), promised)
    settled = np.minimum(minors - minors_open - coming, decided - promised - still_open)
    return minors_open + coming + settled, minors_open, coming


def _receive_now(
    still_open: Whole, persons: int, rules: PlaceRules, draws: Draws
) -> tuple[Whole, Mask]:
    """Give places to receive now: room for a family or two in most, more in the cities."""
    number = len(still_open)
    if rules.receive_now == "unsaid":
        return np.zeros(number, dtype=np.int64), np.zeros(number, dtype=np.bool_)
    said = ~draws.stream("unsaid").some(np.ones(number, dtype=np.bool_), rules.receive_unsaid)
    if rules.receive_now == "open":
        return still_open, said
    receiving = draws.stream("receiving").some(still_open > 0, rules.receiving)
    limit = np.where(receiving, still_open, 0)
    total = _part(persons, rules.receive_per_person)
    families = np.minimum(limit, 10) + limit // 20
    return _shared(families, limit, total, draws, "receive"), said
