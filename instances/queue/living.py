"""Where households live while they wait."""

from collections.abc import Sequence

import numpy as np

from instances.people.answers import draw_unknown
from instances.people.origins import GROUNDS
from instances.people.population import Population
from instances.profile import Profile
from instances.queue.links import LinkedPairs
from instances.random_stream import Int64Array, RandomStream
from matcher.domain.answer import Answer
from matcher.domain.household import LivingSituation
from matcher.domain.municipality import Municipality
from matcher.domain.person import ImmigrationGround

LIVING_VALUES = tuple(LivingSituation)


def draw_living(
    people: Population, places: Sequence[Municipality], profile: Profile, draws: RandomStream
) -> tuple[Int64Array, Int64Array]:
    """Draw how (row of ``LIVING_VALUES``) and where (row of the municipality or -1) they live.

    Resettlement refugees wait abroad; unaccompanied minors live in reception centres.
    """
    ground = np.array(GROUNDS)[people.ground]
    abroad = ground == ImmigrationGround.RESETTLEMENT
    minors = people.structure.count_by_household(people.unaccompanied) > 0
    private = draws.substream("private").sample_share(~abroad & ~minors, profile.queue.private)
    collective = people.under_collective_protection[people.structure.start]
    unknown = profile.unknown
    lost = draw_unknown(
        unknown.living, collective, unknown.collective_factor, draws.substream("lost")
    )
    how = np.select(
        [lost & ~minors, abroad & ~minors, private],
        [
            LIVING_VALUES.index(LivingSituation.UNKNOWN),
            LIVING_VALUES.index(LivingSituation.ABROAD),
            LIVING_VALUES.index(LivingSituation.PRIVATE),
        ],
        LIVING_VALUES.index(LivingSituation.RECEPTION_CENTRE),
    ).astype(np.int64)
    return how, _where(how, places, draws.substream("where"))


def _where(how: Int64Array, places: Sequence[Municipality], draws: RandomStream) -> Int64Array:
    population = [place.population or 0 for place in places]
    centres = [100 if place.reception_centre is Answer.YES else 0 for place in places]
    where = np.full(len(how), -1, dtype=np.int64)
    at_centre = how == LIVING_VALUES.index(LivingSituation.RECEPTION_CENTRE)
    weights = centres if any(centres) else population
    where[at_centre] = draws.substream("centre").weighted_indices(weights, int(at_centre.sum()))
    private = how == LIVING_VALUES.index(LivingSituation.PRIVATE)
    where[private] = draws.substream("private").weighted_indices(population, int(private.sum()))
    return where


def house_linked_together(
    how: Int64Array, where: Int64Array, pairs: LinkedPairs
) -> tuple[Int64Array, Int64Array]:
    """Move linked households to the same place while they wait.

    A pair stays as it is if one household waits abroad or its living is unknown.
    """
    how, where = how.copy(), where.copy()
    apart = {
        LIVING_VALUES.index(LivingSituation.ABROAD),
        LIVING_VALUES.index(LivingSituation.UNKNOWN),
    }
    for first, second in pairs:
        if int(how[first]) not in apart and int(how[second]) not in apart:
            how[second], where[second] = how[first], where[first]
    return how, where
