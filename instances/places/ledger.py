"""Draw the ledger of the year from the places requested and decided for 2024."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from instances.apportionment import apportion
from instances.municipalities import requested_minors
from instances.profile import PlaceParameters
from instances.random_stream import BoolMask, Int64Array, RandomStream
from matcher.domain.ledger import NOTHING_KNOWN, Ledger
from matcher.domain.municipality import Municipality


@dataclass(frozen=True, eq=False)
class LedgerColumns:
    """Ledgers as columns, shape (municipalities,); minors are included in the persons."""

    requested: Sequence[int | None]
    minors_requested: Sequence[int | None]
    decided: Int64Array
    open: Int64Array
    promised: Int64Array
    extra: Int64Array
    minors_decided: Int64Array
    minors_open: Int64Array
    minors_promised: Int64Array
    receive_now: Int64Array
    reports_receive_now: BoolMask

    def build_ledgers(self) -> list[Ledger]:
        """Build a ledger for each municipality."""
        return [self._ledger(row) for row in range(len(self.decided))]

    def _ledger(self, row: int) -> Ledger:
        decided, promised = int(self.decided[row]), int(self.promised[row])
        minors, promised_minors = int(self.minors_decided[row]), int(self.minors_promised[row])
        return Ledger(
            requested=self.requested[row],
            minors_requested=self.minors_requested[row],
            decided=decided,
            settled=decided - promised - int(self.open[row]),
            promised=promised,
            extra=int(self.extra[row]),
            minors_decided=minors,
            minors_settled=minors - promised_minors - int(self.minors_open[row]),
            minors_promised=promised_minors,
            receive_now=int(self.receive_now[row]) if self.reports_receive_now[row] else None,
        )


def draw_ledgers(
    places: Sequence[Municipality], persons: int, rules: PlaceParameters, draws: RandomStream
) -> LedgerColumns:
    """Draw how many decided places are used, and how many persons can be received now.

    Parameters
    ----------
    persons : int
        Persons in the queue. The places to receive now are proportional to this number; with
        ``open_per_person`` above 0 all open places are.
    """
    requested = np.array([place.ledger.requested or 0 for place in places], dtype=np.int64)
    decided = _decided(places, rules)
    promised = _share_out(
        decided, decided, _rounded_share(int(decided.sum()), rules.promised), draws, "promised"
    )
    free = _total_open(int(decided.sum()), persons, rules)
    still_open = _share_out(decided, decided - promised, free, draws, "open")
    extra = decided * draws.substream("extra").integers_between(0, 15, len(places)) // 100
    extra[~draws.substream("offers").bernoulli(0.3, len(places))] = 0
    minors = _minors(places, requested, decided, still_open, promised)
    receive_now, has_said = _receive_now(still_open, persons, rules, draws)
    return LedgerColumns(
        [place.ledger.requested for place in places],
        [place.ledger.minors_requested for place in places],
        decided,
        still_open,
        promised,
        extra,
        *minors,
        receive_now,
        has_said,
    )


def draw_next_ledgers(
    ledgers: Sequence[Ledger], rules: PlaceParameters, draws: RandomStream
) -> list[Ledger]:
    """Draw next year's ledgers: asked for as many, decided by a share of the councils so far.

    Parameters
    ----------
    ledgers : sequence of Ledger
        Of this year; a council decides from 80 to 120 per cent of what it decided for it.
    """
    if rules.decided_next_year == 0.0:
        return [NOTHING_KNOWN] * len(ledgers)
    everyone = np.ones(len(ledgers), dtype=np.bool_)
    has_decided = draws.substream("decided").sample_share(everyone, rules.decided_next_year)
    per_cent = draws.substream("per cent").integers_between(80, 120, len(ledgers))
    return [
        _next_ledger(ledger, percentage if decides else None)
        for ledger, decides, percentage in zip(
            ledgers, has_decided.tolist(), per_cent.tolist(), strict=True
        )
    ]


def _next_ledger(ledger: Ledger, per_cent: int | None) -> Ledger:
    def decided(number: int | None) -> int | None:
        return None if per_cent is None else (number or 0) * per_cent // 100

    return Ledger(
        requested=ledger.requested,
        minors_requested=ledger.minors_requested,
        decided=decided(ledger.decided),
        minors_decided=decided(ledger.minors_decided),
        settled=0,
        promised=0,
        minors_settled=0,
        minors_promised=0,
    )


def _rounded_share(total: int, share: float) -> int:
    return total * round(share * 1000) // 1000


def _total_open(decided: int, persons: int, rules: PlaceParameters) -> int:
    if rules.open_per_person > 0:
        return min(decided, _rounded_share(persons, rules.open_per_person))
    return decided - _rounded_share(decided, min(1.0, rules.settled + rules.promised))


def _decided(places: Sequence[Municipality], rules: PlaceParameters) -> Int64Array:
    """Return the decided places; requested places where the decision is not published."""
    requested = [place.ledger.requested or 0 for place in places]
    published = [place.ledger.decided if rules.decided == "council" else None for place in places]
    base = [
        asked if decided is None else decided
        for asked, decided in zip(requested, published, strict=True)
    ]
    return (np.array(base, dtype=np.int64) * round(rules.decided_factor * 1000) + 500) // 1000


def _share_out(
    weights: Int64Array, limit: Int64Array, total: int, draws: RandomStream, purpose: str
) -> Int64Array:
    """Distribute a number by uneven random weights, at most up to the limit of each."""
    if total >= int(limit.sum()):
        return limit.copy()
    uneven = weights * draws.substream(purpose).integers_between(40, 160, len(weights))
    shares = np.minimum(apportion(uneven, total), limit)
    for _ in range(20):
        missing = total - int(shares.sum())
        shares = np.minimum(shares + apportion(limit - shares, missing), limit)
    return shares


def _minors(
    places: Sequence[Municipality],
    requested: Int64Array,
    decided: Int64Array,
    still_open: Int64Array,
    promised: Int64Array,
) -> tuple[Int64Array, Int64Array, Int64Array]:
    """Return minors decided (requested minors, scaled by the decision), open and promised."""
    requested_by_place = np.array([requested_minors().get(place.number, 0) for place in places])
    part = (requested_by_place * decided * 2 + requested) // np.maximum(1, 2 * requested)
    minors = np.minimum(np.where(requested_by_place > 0, np.maximum(1, part), 0), decided)
    total = int(minors.sum())
    share = max(1, int(decided.sum()))
    free = -(-total * int(still_open.sum()) // share)
    minors_open = np.minimum(
        apportion(minors * still_open * 1000 // np.maximum(1, decided), free), minors
    )
    minors_open = np.minimum(minors_open, still_open)
    coming = np.minimum((minors - minors_open) * promised // np.maximum(1, decided), promised)
    settled = np.minimum(minors - minors_open - coming, decided - promised - still_open)
    return minors_open + coming + settled, minors_open, coming


def _receive_now(
    still_open: Int64Array, persons: int, rules: PlaceParameters, draws: RandomStream
) -> tuple[Int64Array, BoolMask]:
    """Return places to receive now: one or two families in most municipalities, more in cities."""
    number = len(still_open)
    if rules.receive_now == "unsaid":
        return np.zeros(number, dtype=np.int64), np.zeros(number, dtype=np.bool_)
    has_said = ~draws.substream("unsaid").sample_share(
        np.ones(number, dtype=np.bool_), rules.receive_unsaid
    )
    if rules.receive_now == "open":
        return still_open, has_said
    receiving = draws.substream("receiving").sample_share(still_open > 0, rules.receiving)
    limit = np.where(receiving, still_open, 0)
    total = _rounded_share(persons, rules.receive_per_person)
    families = np.minimum(limit, 10) + limit // 20
    return _share_out(families, limit, total, draws, "receive"), has_said
