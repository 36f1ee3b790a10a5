"""Services of municipalities that nobody publishes: made up by population and centrality.

They come from a seed of their own, so that a municipality offers the same in every queue.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from instances.draws import Draws
from instances.municipalities import requested_minors
from instances.people.languages import LANGUAGES
from matcher.domain import Answer, Municipality

SEED = 2024
BY_POPULATION = {
    "lar": (20, 42, 68, 92, 100),
    "step_free": (55, 68, 80, 92, 100),
    "specialist_care": (8, 25, 50, 90, 100),
    "special_schooling": (55, 75, 90, 99, 100),
    "crisis_setup": (5, 15, 40, 80, 100),
    "higher_education": (1, 4, 14, 45, 100),
    "reception_centre": (10, 24, 30, 25, 15),
}
"""Per cent that offer it: under 5 000, 10 000, 20 000, 50 000 inhabitants, and more."""
BY_CENTRALITY = {
    "public_transport": (100, 99, 85, 50, 22, 8),
    "all_interpreters": (100, 100, 88, 76, 62, 50),
}
"""Per cent in centrality classes 1 to 6."""
NOT_REPORTED = 5
"""Per cent, outside the cities, that have not said: step-free homes, care, interpreters."""
CITY = 50_000
NEVER_LACKING = ("ar", "en", "ru", "ti", "uk")
COMMON = ("am", "es", "fa", "fr", "ku", "prs", "ps", "so", "sw", "tr")
"""Languages for which an interpreter is near everywhere, and in most places."""


def with_services(places: Sequence[Municipality]) -> tuple[Municipality, ...]:
    """Give the municipalities with their made-up services; what is known stays."""
    draws = Draws(SEED, "services")
    columns = {name: _by(name, places, draws, _population_band) for name in BY_POPULATION}
    columns["public_transport"] = _by("public_transport", places, draws, _class)
    heard = _interpreters(places, draws.stream("interpreters"))
    return tuple(
        _replaced(place, {name: column[row] for name, column in columns.items()}, heard[row])
        for row, place in enumerate(places)
    )


def _replaced(
    place: Municipality, services: dict[str, Answer], heard: tuple[str, ...] | None
) -> Municipality:
    if place.hospitals:
        services |= {"specialist_care": Answer.YES}
    minors = Answer(int(requested_minors().get(place.number, 0) > 0))
    changes: dict[str, Any] = {**services, "interpreter_languages": heard, "minors_setup": minors}
    return replace(place, **changes)


def _population_band(place: Municipality) -> int:
    bounds = (5_000, 10_000, 20_000, CITY)
    return sum((place.population or 0) >= bound for bound in bounds)


def _class(place: Municipality) -> int:
    return (place.centrality or 6) - 1


def _by(
    name: str,
    places: Sequence[Municipality],
    draws: Draws,
    band: Callable[[Municipality], int],
) -> list[Answer]:
    shares = (BY_POPULATION | BY_CENTRALITY)[name]
    lots = draws.stream(name).below(100, len(places)).tolist()
    offered = [Answer(int(lot < shares[band(p)])) for p, lot in zip(places, lots, strict=True)]
    if name not in ("step_free", "specialist_care"):
        return offered
    silent = draws.stream(f"{name} silent").below(100, len(places)).tolist()
    return [
        Answer.UNKNOWN if lot < NOT_REPORTED and (p.population or 0) < CITY else answer
        for p, answer, lot in zip(places, offered, silent, strict=True)
    ]


def _interpreters(places: Sequence[Municipality], draws: Draws) -> list[tuple[str, ...] | None]:
    everything = _by("all_interpreters", places, draws, _class)
    silent = draws.stream("silent").below(100, len(places)).tolist()
    lots = draws.stream("languages").below(100, len(places) * len(LANGUAGES)).tolist()
    heard: list[tuple[str, ...] | None] = []
    for row, place in enumerate(places):
        mine = lots[row * len(LANGUAGES) : (row + 1) * len(LANGUAGES)]
        some = [w for w, lot in zip(LANGUAGES, mine, strict=True) if lot < _likely(w, place)]
        listed = tuple(sorted({*some, *NEVER_LACKING}))
        known = ("*",) if everything[row] is Answer.YES else listed
        heard.append(None if silent[row] < NOT_REPORTED and _class(place) > 1 else known)
    return heard


def _likely(language: str, place: Municipality) -> int:
    """Give the per cent of places like this that have an interpreter for the language."""
    return 85 - 7 * _class(place) if language in COMMON else 12
