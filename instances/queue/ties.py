"""Ties that draw a household to a municipality, and bans that bar it from one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from instances.profile import QueueParameters
from instances.random_stream import BoolMask, RandomStream
from matcher.domain.answer import Answer
from matcher.domain.household import Ban, BanReason, FamilyTie, Wish, WishKind
from matcher.domain.municipality import Municipality
from matcher.domain.needs import NEEDS

MunicipalityRows = dict[int, int]
"""Row of a municipality by row of a household."""


@dataclass(frozen=True)
class HouseholdTies:
    """Family, bans, pins and wishes by row of the household."""

    family: dict[int, tuple[FamilyTie, ...]]
    bans: dict[int, tuple[Ban, ...]]
    pinned: dict[int, str]
    wishes: dict[int, tuple[Wish, ...]]


def draw_ties(
    decided_elsewhere: BoolMask,
    places: Sequence[Municipality],
    rules: QueueParameters,
    draws: RandomStream,
) -> HouseholdTies:
    """Draw the ties of every household.

    Contradictions are avoided: there is no ban where the family lives or where the household is
    pinned, and no pin or family tie that must hold for households in ``tied``.

    Parameters
    ----------
    decided_elsewhere : bool array, shape (households,)
        Linked households and unaccompanied minors.
    """
    family = _family(decided_elsewhere, places, rules, draws.substream("family"))
    bans = _bans(len(decided_elsewhere), family, places, rules, draws.substream("bans"))
    free = ~decided_elsewhere
    free[list(family)] = False
    free[list(bans)] = False
    pinned = _pinned(free, places, rules.pinned, draws.substream("pinned"))
    wishes = _wishes(len(decided_elsewhere), places, rules.wish, draws.substream("wishes"))
    return HouseholdTies(family, bans, pinned, wishes)


def _population(places: Sequence[Municipality]) -> list[int]:
    return [place.population or 0 for place in places]


def _somewhere(
    who: BoolMask, places: Sequence[Municipality], draws: RandomStream
) -> MunicipalityRows:
    rows = np.flatnonzero(who)
    at = draws.weighted_indices(_population(places), len(rows))
    return dict(zip(rows.tolist(), at.tolist(), strict=True))


def _family(
    tied: BoolMask, places: Sequence[Municipality], rules: QueueParameters, draws: RandomStream
) -> dict[int, tuple[FamilyTie, ...]]:
    having = draws.substream("having").sample_share(
        np.ones(len(tied), dtype=np.bool_), rules.family
    )
    must = draws.substream("must").sample_share(having & ~tied, rules.family_must_hold)
    return {
        row: (FamilyTie(places[at].number, bool(must[row])),)
        for row, at in _somewhere(having, places, draws.substream("where")).items()
    }


def _bans(
    number: int,
    family: dict[int, tuple[FamilyTie, ...]],
    places: Sequence[Municipality],
    rules: QueueParameters,
    draws: RandomStream,
) -> dict[int, tuple[Ban, ...]]:
    shares = {
        BanReason.ADDRESS_PROTECTION: rules.address_protection,
        BanReason.SECURITY: rules.security,
        BanReason.REFUSED: rules.refused,
        BanReason.CASEWORKER: rules.caseworker,
    }
    bans: dict[int, tuple[Ban, ...]] = {}
    for reason, share in shares.items():
        stream = draws.substream(reason.value)
        barred = stream.substream("who").sample_share(np.ones(number, dtype=np.bool_), share)
        for row, at in _somewhere(barred, places, stream.substream("where")).items():
            where = places[at].number
            excluded = [t.municipality for t in family.get(row, ())]
            excluded += [b.municipality for b in bans.get(row, ())]
            if where not in excluded:
                bans[row] = (*bans.get(row, ()), Ban(where, reason))
    return bans


def _pinned(
    free: BoolMask, places: Sequence[Municipality], share: float, draws: RandomStream
) -> dict[int, str]:
    """Pin a share of households to municipalities with all services and open places."""
    chosen = draws.substream("who").sample_share(free, share)
    weights = [max(0, p.ledger.open or 0) if _well_served(p) else 0 for p in places]
    if not any(weights):
        return {}
    rows = np.flatnonzero(chosen).tolist()
    at = draws.substream("where").weighted_indices(weights, len(rows)).tolist()
    return {row: places[column].number for row, column in zip(rows, at, strict=True)}


def _well_served(place: Municipality) -> bool:
    services = (getattr(place, need) for need in NEEDS)
    room = place.ledger.receive_now is None or place.ledger.receive_now >= 6
    return all(service is Answer.YES for service in services) and room and bool(place.hospitals)


def _wishes(
    number: int, places: Sequence[Municipality], share: float, draws: RandomStream
) -> dict[int, tuple[Wish, ...]]:
    who = draws.substream("who").sample_share(np.ones(number, dtype=np.bool_), share)
    at = _somewhere(who, places, draws.substream("where"))
    lots = draws.substream("kind").integers_below(100, len(at)).tolist()
    return {row: (_wish(places[at[row]], lot),) for row, lot in zip(at, lots, strict=True)}


def _wish(place: Municipality, lot: int) -> Wish:
    """Convert a drawn municipality to a wish; a few wish to avoid the north or remote places."""
    steps = (
        (35, Wish(WishKind.MUNICIPALITY, place.number)),
        (50, Wish(WishKind.COUNTY, place.county_number)),
        (65, Wish(WishKind.LANDSDEL, place.landsdel)),
        (82, Wish(WishKind.CENTRALITY, str(min(3, place.centrality or 1)))),
        (92, Wish(WishKind.LANDSDEL, "Nord-Norge", wanted=False)),
        (100, Wish(WishKind.CENTRALITY, "6", wanted=False)),
    )
    return next(wish for bound, wish in steps if lot < bound)
