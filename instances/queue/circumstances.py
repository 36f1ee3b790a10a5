"""Facts of households beyond their members, drawn together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from instances.people.population import Population
from instances.profile import Profile
from instances.queue.links import LinkedPairs, draw_links
from instances.queue.living import draw_living, house_linked_together
from instances.queue.ties import HouseholdTies, draw_ties
from instances.queue.waiting import WaitingTimes, draw_waiting
from instances.random_stream import Int64Array, RandomStream
from matcher.domain.municipality import Municipality


@dataclass(frozen=True, eq=False)
class HouseholdCircumstances:
    """Waiting, living and ties by row of the household.

    Parameters
    ----------
    links : list of (int, int)
        Rows of households that must come to the same municipality.
    waiting : WaitingTimes
        Waiting time and deadline.
    living, lives_in : int array, shape (households,)
        Index in ``LIVING_VALUES``; row of the municipality, -1 for none of the queue's.
    ties : HouseholdTies
        Facts that draw the household to a municipality or bar it from one.
    """

    links: LinkedPairs
    waiting: WaitingTimes
    living: Int64Array
    lives_in: Int64Array
    ties: HouseholdTies


def draw_circumstances(
    people: Population, places: Sequence[Municipality], profile: Profile, draws: RandomStream
) -> HouseholdCircumstances:
    """Draw the circumstances of every household."""
    links = draw_links(people, profile.queue.linked, draws.substream("links"))
    linked = np.zeros(people.households, dtype=np.bool_)
    linked[[row for pair in links for row in pair]] = True
    living, lives_in = draw_living(people, places, profile, draws.substream("living"))
    living, lives_in = house_linked_together(living, lives_in, links)
    waiting = draw_waiting(people, profile.queue, draws.substream("waiting"))
    minors = people.structure.count_by_household(people.unaccompanied) > 0
    ties = draw_ties(linked | minors, places, profile.queue, draws.substream("ties"))
    return HouseholdCircumstances(links, waiting, living, lives_in, ties)
