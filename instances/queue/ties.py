"""Ties that draw a household to a municipality, and bans that bar it from one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from instances.draws import Draws, Mask
from instances.profile import QueueRules
from matcher.domain import Answer, Ban, BanReason, FamilyTie, Municipality, Wish, WishKind

MunicipalityRows = dict[int, int]
"""Row of a municipality by row of a household."""


@dataclass(frozen=True)
class Ties:
    """Family, bans, pins and wishes by row of the household."""

    family: dict[int, tuple[FamilyTie, ...]]
    bans: dict[int, tuple[Ban, ...]]
    pinned: dict[int, str]
    wishes: dict[int, tuple[Wish, ...]]


def draw_ties(tied: Mask, places: Sequence[Municipality], rules: QueueRules, draws: Draws) -> Ties:
    """Draw the ties of every household.

    Contradictions are avoided: there is no ban where the family lives or where the household is
    pinned, and no pin or family tie that must hold for households in ``tied``.

    Parameters
    ----------
    tied : bool array, shape (households,)
        Linked households and unaccompanied minors.
    """
    family = _family(tied, places, rules, draws.stream("family"))
    bans = _bans(len(tied), family, places, rules, draws.stream("bans"))
    free = ~tied
    free[list(family)] = False
    free[list(bans)] = False
    pinned = _pinned(free, places, rules.pinned, draws.stream("pinned"))
    wishes = _wishes(len(tied), places, rules.wish, draws.stream("wishes"))
    return Ties(family, bans, pinned, wishes)


def _population(places: Sequence[Municipality]) -> list[int]:
    return [place.population or 0 for place in places]


def _somewhere(who: Mask, places: Sequence[Municipality], draws: Draws) -> MunicipalityRows:
    rows = np.flatnonzero(who)
    at = draws.weighted(_population(places), len(rows))
    return dict(zip(rows.tolist(), at.tolist(), strict=True))


def _family(
    tied: Mask, places: Sequence[Municipality], rules: QueueRules, draws: Draws
) -> dict[int, tuple[FamilyTie, ...]]:
    having = draws.stream("having").some(np.ones(len(tied), dtype=np.bool_), rules.family)
    must = draws.stream("must").some(having & ~tied, rules.family_must_hold)
    return {
        row: (FamilyTie(places[at].number, bool(must[row])),)
        for row, at in _somewhere(having, places, draws.stream("where")).items()
    }


def _bans(
    number: int,
    family: dict[int, tuple[FamilyTie, ...]],
    places: Sequence[Municipality],
    rules: QueueRules,
    draws: Draws,
) -> dict[int, tuple[Ban, ...]]:
    shares = {
        BanReason.ADDRESS_PROTECTION: rules.address_protection,
        BanReason.SECURITY: rules.security,
        BanReason.REFUSED: rules.refused,
        BanReason.CASEWORKER: rules.caseworker,
    }
    bans: dict[int, tuple[Ban, ...]] = {}
    for reason, share in shares.items():
        stream = draws.stream(reason.value)
        barred = stream.stream("who").some(np.ones(number, dtype=np.bool_), share)
        for row, at in _somewhere(barred, places, stream.stream("where")).items():
            where = places[at].number
            excluded = [t.municipality for t in family.get(row, ())]
            excluded += [b.municipality for b in bans.get(row, ())]
            if where not in excluded:
                bans[row] = (*bans.get(row, ()), Ban(where, reason))
    return bans


def _pinned(
    free: Mask, places: Sequence[Municipality], share: float, draws: Draws
) -> dict[int, str]:
    """Pin a share of households to municipalities with all services and open places."""
    chosen = draws.stream("who").some(free, share)
    weights = [max(0, p.ledger.open) if _well_served(p) else 0 for p in places]
    if not any(weights):
        return {}
    rows = np.flatnonzero(chosen).tolist()
    at = draws.stream("where").weighted(weights, len(rows)).tolist()
    return {row: places[column].number for row, column in zip(rows, at, strict=True)}


def _well_served(place: Municipality) -> bool:
    services = (
        place.upper_secondary,
        place.lar,
        place.step_free,
        place.specialist_care,
        place.special_schooling,
        place.crisis_setup,
    )
    room = place.ledger.receive_now is None or place.ledger.receive_now >= 6
    return all(service is Answer.YES for service in services) and room and bool(place.hospitals)


def _wishes(
    number: int, places: Sequence[Municipality], share: float, draws: Draws
) -> dict[int, tuple[Wish, ...]]:
    who = draws.stream("who").some(np.ones(number, dtype=np.bool_), share)
    at = _somewhere(who, places, draws.stream("where"))
    lots = draws.stream("kind").below(100, len(at)).tolist()
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
