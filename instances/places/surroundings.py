"""Synthetic jobs by occupation group and communities by language, the same in every queue."""

from collections.abc import Sequence
from dataclasses import replace

from instances.places.services import PLACE_SEED
from instances.random_stream import RandomStream
from matcher.domain.municipality import Municipality

JOBS_BY_CENTRALITY = {
    "1": (130, 110, 100, 95, 92, 95), "2": (150, 120, 98, 85, 72, 65),
    "3": (120, 110, 100, 92, 85, 80), "4": (120, 110, 100, 92, 82, 75),
    "5": (95, 100, 103, 103, 102, 104), "6": (5, 25, 70, 140, 260, 380),
    "7": (60, 90, 108, 118, 125, 120), "8": (55, 90, 108, 122, 130, 125),
    "9": (92, 100, 103, 103, 102, 98),
}  # fmt: skip
"""Jobs by STYRK-08 major group and centrality class, in per cent of the country's average."""
BY_LANDSDEL = {("6", "Nord-Norge"): 125, ("8", "Vestlandet"): 115, ("6", "Trøndelag"): 115}
"""Factor in per cent where a landsdel differs: fishing, shipyards, farming."""
SPEAKERS_PER_THOUSAND = {
    "uk": 85, "ru": 75, "ar": 95, "so": 42, "ti": 34, "prs": 28, "ku": 34, "fa": 27, "am": 11,
    "sw": 10, "tr": 18, "fr": 12, "en": 60, "es": 22, "ps": 8, "om": 4, "my": 6, "ur": 30,
}  # fmt: skip
"""Speakers of each language per thousand immigrants."""
MIN_COMMUNITY = 5
"""Smaller communities are left out."""
DEFAULT_IMMIGRANT_SHARE = 9.0
"""Immigrants in per cent where the share is not published."""


def add_surroundings(places: Sequence[Municipality]) -> tuple[Municipality, ...]:
    """Return the municipalities with synthetic jobs and communities."""
    draws = RandomStream(PLACE_SEED, "surroundings")
    jobs, lots = draws.substream("jobs"), draws.substream("communities")
    return tuple(replace(p, jobs=_jobs(p, jobs), communities=_communities(p, lots)) for p in places)


def _jobs(place: Municipality, draws: RandomStream) -> tuple[tuple[str, float], ...]:
    noise = draws.integers_between(85, 115, len(JOBS_BY_CENTRALITY)).tolist()
    column = (place.centrality or 6) - 1
    return tuple(
        (
            group,
            values[column] * BY_LANDSDEL.get((group, place.landsdel), 100) * luck // 10_000 / 100,
        )
        for (group, values), luck in zip(JOBS_BY_CENTRALITY.items(), noise, strict=True)
    )


def _communities(place: Municipality, draws: RandomStream) -> tuple[tuple[str, int], ...]:
    """Distribute the immigrants over languages; municipalities differ by up to a factor of nine."""
    per_mille = round((place.immigrant_share or DEFAULT_IMMIGRANT_SHARE) * 10)
    immigrants = (place.population or 0) * per_mille // 1000
    noise = draws.integers_between(20, 180, len(SPEAKERS_PER_THOUSAND)).tolist()
    speakers = (
        (word, immigrants * rate * luck // 100_000)
        for (word, rate), luck in zip(SPEAKERS_PER_THOUSAND.items(), noise, strict=True)
    )
    return tuple((word, number) for word, number in speakers if number >= MIN_COMMUNITY)
