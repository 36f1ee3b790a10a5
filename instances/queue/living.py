"""Where households live while they wait."""

from collections.abc import Sequence

import numpy as np

from instances.draws import Draws, Whole
from instances.people.answers import draw_unknown
from instances.people.origins import GROUNDS
from instances.people.people import People
from instances.profile import Profile
from instances.queue.links import Pairs
from matcher.domain import Answer, Ground, Living, Municipality

LIVING = tuple(Living)


def draw_living(
    people: People, places: Sequence[Municipality], profile: Profile, draws: Draws
) -> tuple[Whole, Whole]:
    """Draw how (index in ``LIVING``) and where (row of the municipality, -1 for none) they live.

    Resettlement refugees wait abroad; unaccompanied minors live in reception centres.
    """
    ground = np.array(GROUNDS)[people.ground]
    abroad = ground == Ground.RESETTLEMENT
    minors = people.structure.count(people.unaccompanied) > 0
    private = draws.stream("private").some(~abroad & ~minors, profile.queue.private)
    collective = people.collective[people.structure.start]
    unknown = profile.unknown
    lost = draw_unknown(unknown.living, collective, unknown.collective_factor, draws.stream("lost"))
    how = np.select(
        [lost & ~minors, abroad & ~minors, private],
        [LIVING.index(Living.UNKNOWN), LIVING.index(Living.ABROAD), LIVING.index(Living.PRIVATE)],
        LIVING.index(Living.RECEPTION_CENTRE),
    ).astype(np.int64)
    return how, _where(how, places, draws.stream("where"))


def _where(how: Whole, places: Sequence[Municipality], draws: Draws) -> Whole:
    population = [place.population or 0 for place in places]
    centres = [100 if place.reception_centre is Answer.YES else 0 for place in places]
    where = np.full(len(how), -1, dtype=np.int64)
    at_centre = how == LIVING.index(Living.RECEPTION_CENTRE)
    weights = centres if any(centres) else population
    where[at_centre] = draws.stream("centre").weighted(weights, int(at_centre.sum()))
    private = how == LIVING.index(Living.PRIVATE)
    where[private] = draws.stream("private").weighted(population, int(private.sum()))
    return where


def together(how: Whole, where: Whole, pairs: Pairs) -> tuple[Whole, Whole]:
    """Move linked households to the same place while they wait.

    A pair stays as it is if one household waits abroad or its living is unknown.
    """
    how, where = how.copy(), where.copy()
    apart = {LIVING.index(Living.ABROAD), LIVING.index(Living.UNKNOWN)}
    for first, second in pairs:
        if int(how[first]) not in apart and int(how[second]) not in apart:
            how[second], where[second] = how[first], where[first]
    return how, where
