"""Facts of households beyond their members, drawn together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from instances.draws import Draws, Whole
from instances.people.people import People
from instances.profile import Profile
from instances.queue.links import Pairs, draw_links
from instances.queue.living import draw_living, together
from instances.queue.ties import Ties, draw_ties
from instances.queue.waiting import Waiting, draw_waiting
from matcher.domain import Municipality


@dataclass(frozen=True, eq=False)
class Circumstances:
    """Waiting, living and ties by row of the household.

    Parameters
    ----------
    links : list of (int, int)
        Rows of households that must come to the same municipality.
    waiting : Waiting
        Waiting time and deadline.
    living, lives_in : int array, shape (households,)
        Index in ``LIVING``; row of the municipality, -1 for none of the queue's municipalities.
    ties : Ties
        Facts that draw the household to a municipality or bar it from one.
    """

    links: Pairs
    waiting: Waiting
    living: Whole
    lives_in: Whole
    ties: Ties


def draw_circumstances(
    people: People, places: Sequence[Municipality], profile: Profile, draws: Draws
) -> Circumstances:
    """Draw the circumstances of every household."""
    links = draw_links(people, profile.queue.linked, draws.stream("links"))
    linked = np.zeros(people.households, dtype=np.bool_)
    linked[[row for pair in links for row in pair]] = True
    living, lives_in = draw_living(people, places, profile, draws.stream("living"))
    living, lives_in = together(living, lives_in, links)
    waiting = draw_waiting(people, profile.queue, draws.stream("waiting"))
    minors = people.structure.count(people.unaccompanied) > 0
    ties = draw_ties(linked | minors, places, profile.queue, draws.stream("ties"))
    return Circumstances(links, waiting, living, lives_in, ties)
