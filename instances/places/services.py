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
    "lar": (20, 42, 68, 96),
    "step_free": (55, 68, 80, 95),
    "specialist_care": (8, 25, 50, 92),
    "special_schooling": (55, 75, 90, 99),
    "crisis_setup": (5, 15, 40, 85),
    "higher_education": (1, 4, 14, 70),
    "reception_centre": (10, 24, 30, 22),
}
"""Per cent that offer it with under 5 000, under 10 000, under 20 000 inhabitants, and more."""
BY_CENTRALITY = {
    "public_transport": (100, 99, 85, 50, 22, 8),
    "all_interpreters": (100, 100, 88, 76, 62, 50),
}
"""Per cent in centrality classes 1 to 6."""
NOT_REPORTED = 5
"""Per cent that have not said whether they have step-free homes, care or interpreters."""
NEVER_LACKING = ("ar", "uk", "ru", "ti")
"""Languages for which an interpreter is near everywhere; others are there or not, as drawn."""


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
    bounds = (5_000, 10_000, 20_000)
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
        Answer.UNKNOWN if lot < NOT_REPORTED else answer
        for answer, lot in zip(offered, silent, strict=True)
    ]


def _interpreters(places: Sequence[Municipality], draws: Draws) -> list[tuple[str, ...] | None]:
    everything = _by("all_interpreters", places, draws, _class)
    silent = draws.stream("silent").below(100, len(places)).tolist()
    lots = draws.stream("languages").below(100, len(places) * len(LANGUAGES)).tolist()
    heard: list[tuple[str, ...] | None] = []
    for row, place in enumerate(places):
        likely = 70 - 7 * _class(place)
        mine = lots[row * len(LANGUAGES) : (row + 1) * len(LANGUAGES)]
        some = [w for w, lot in zip(LANGUAGES, mine, strict=True) if lot < likely]
        listed = tuple(sorted({*some, *NEVER_LACKING, "en"}))
        known = ("*",) if everything[row] is Answer.YES else listed
        heard.append(None if silent[row] < NOT_REPORTED and _class(place) > 1 else known)
    return heard
