"""Synthetic queues: the composition of Fafo 2025:14 on Norway's real municipalities."""

import numpy as np

from instances.assembly import (
    build_household_columns,
    build_households,
    build_persons,
    number_households,
)
from instances.people.population import draw_population
from instances.places.place_draws import draw_places
from instances.profile import Profile
from instances.queue.circumstances import draw_circumstances
from instances.random_stream import RandomStream
from instances.synthetic_columns import list_synthetic_columns
from matcher.domain.instance import Instance
from matcher.domain.municipality import Municipality

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
    draws = RandomStream(seed, "instance")
    people = draw_population(number, profile.queue.unaccompanied, draws.substream("people"))
    places = draw_places(profile, len(people), draws.substream("places"))
    circumstances = draw_circumstances(people, places, profile, draws.substream("circumstances"))
    order = np.lexsort(
        (draws.substream("order").raw_integers(number), -circumstances.waiting.waited)
    )
    ids = number_households(order)
    persons = build_persons(people, ids, _hospitals(places), profile, draws.substream("persons"))
    numbers = [place.number for place in places]
    columns = build_household_columns(
        people, circumstances, ids, profile, draws.substream("households")
    )
    built = build_households(people, circumstances, columns, persons, numbers)
    return Instance(
        today=profile.queue.today,
        households=tuple(built[row] for row in order.tolist()),
        municipalities=places,
        name=f"{profile.name}-{number}-seed-{seed}",
        links=tuple(sorted((ids[first], ids[second]) for first, second in circumstances.links)),
        made_up=list_synthetic_columns(profile, frozenset(place.number for place in places)),
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
