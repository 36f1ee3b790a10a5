"""Synthetic queues: the composition of Fafo 2025:14 on Norway's real municipalities."""

import numpy as np

from instances.assembly import (
    build_households,
    build_persons,
    household_columns,
    household_ids,
)
from instances.draws import Draws
from instances.made_up import made_up_columns
from instances.people.people import draw_people
from instances.places.places import draw_places
from instances.profile import Profile
from instances.queue.circumstances import draw_circumstances
from matcher.domain import Instance, Municipality

LARGE_CITY = 100_000


def generate(profile: Profile, *, seed: int, households: int | None = None) -> Instance:
    """Generate a synthetic instance, identical on every machine for the same profile and seed.

    Parameters
    ----------
    profile : Profile
        Parameters of the queue and the municipalities.
    seed : int
        At least 0; another seed gives another queue with the same composition.
    households : int or None
        Number of households; None takes the profile's number.

    Raises
    ------
    ValueError
        When the seed or the number of households is out of range.
    """
    number = profile.queue.households if households is None else households
    _check(number, seed)
    draws = Draws(seed, "instance")
    people = draw_people(number, profile.queue.unaccompanied, draws.stream("people"))
    places = draw_places(profile, len(people), draws.stream("places"))
    circumstances = draw_circumstances(people, places, profile, draws.stream("circumstances"))
    order = np.lexsort((draws.stream("order").raw(number), -circumstances.waiting.waited))
    ids = household_ids(order)
    persons = build_persons(people, ids, _hospitals(places), profile, draws.stream("persons"))
    numbers = [place.number for place in places]
    columns = household_columns(people, circumstances, ids, profile, draws.stream("households"))
    built = build_households(people, circumstances, columns, persons, numbers)
    return Instance(
        today=profile.queue.today,
        households=tuple(built[row] for row in order.tolist()),
        municipalities=places,
        name=f"{profile.name}-{number}-seed-{seed}",
        links=tuple(sorted((ids[first], ids[second]) for first, second in circumstances.links)),
        made_up=made_up_columns(profile, frozenset(place.number for place in places)),
    )


def _check(households: int, seed: int) -> None:
    if not 1 <= households <= 1_000_000:
        raise ValueError(f"households is {households}; give a whole number from 1 to 1 000 000")
    if seed < 0:
        raise ValueError(f"seed is {seed}; give a whole number of at least 0")


def _hospitals(places: tuple[Municipality, ...]) -> tuple[str, ...]:
    """List specialised hospitals: those of the large cities, or all if there is no large city."""
    large = [place for place in places if (place.population or 0) >= LARGE_CITY]
    return tuple(sorted({name for place in large or places for name in place.hospitals}))
