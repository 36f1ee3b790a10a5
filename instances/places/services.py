"""Services of municipalities that nobody publishes: drawn by population and centrality.

The draws use a fixed seed, so that a municipality offers the same services in every queue.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from instances.municipalities import requested_minors
from instances.people.languages import LANGUAGES
from instances.random_stream import RandomStream
from matcher.domain.answer import Answer
from matcher.domain.municipality import Municipality
from matcher.domain.needs import NEEDS

PLACE_SEED = 2024
BY_POPULATION = {
    **{n.id: n.synthetic.offered for n in NEEDS.values() if n.synthetic.offered is not None},
    "higher_education": (1, 4, 14, 45, 100),
    "reception_centre": (10, 24, 30, 25, 15),
}
"""Per cent that offer the service: under 5 000, 10 000, 20 000, 50 000 inhabitants, and more."""
BY_CENTRALITY = {
    "public_transport": (100, 99, 85, 50, 22, 8),
    "all_interpreters": (100, 100, 88, 76, 62, 50),
}
"""Per cent that offer the service in centrality classes 1 to 6."""
UNREPORTED_PERCENT = {need.id: need.synthetic.unreported for need in NEEDS.values()}
"""Per cent, outside cities, with an unknown answer."""
UNREPORTED_INTERPRETERS = 5
"""The same for interpreters, outside centrality classes 1 and 2."""
CITY_POPULATION = 50_000
ALWAYS_AVAILABLE = ("ar", "en", "ru", "ti", "uk")
COMMON_LANGUAGES = ("am", "es", "fa", "fr", "ku", "prs", "ps", "so", "sw", "tr")
"""Languages with an interpreter in every municipality, and in most municipalities."""


def add_services(places: Sequence[Municipality]) -> tuple[Municipality, ...]:
    """Return the municipalities with synthetic services; published facts stay."""
    draws = RandomStream(PLACE_SEED, "services")
    columns = {name: _draw_service(name, places, draws, _population_band) for name in BY_POPULATION}
    columns["public_transport"] = _draw_service(
        "public_transport", places, draws, _centrality_index
    )
    interpreters = _interpreters(places, draws.substream("interpreters"))
    return tuple(
        _with_columns(
            place, {name: column[row] for name, column in columns.items()}, interpreters[row]
        )
        for row, place in enumerate(places)
    )


def _with_columns(
    place: Municipality, services: dict[str, Answer], interpreters: tuple[str, ...] | None
) -> Municipality:
    if place.hospitals:
        services |= {"specialist_care": Answer.YES}
    minors = Answer(int(requested_minors().get(place.number, 0) > 0))
    changes: dict[str, Any] = {
        **services,
        "interpreter_languages": interpreters,
        "minors_setup": minors,
    }
    return replace(place, **changes)


def _population_band(place: Municipality) -> int:
    bounds = (5_000, 10_000, 20_000, CITY_POPULATION)
    return sum((place.population or 0) >= bound for bound in bounds)


def _centrality_index(place: Municipality) -> int:
    return (place.centrality or 6) - 1


def _draw_service(
    name: str,
    places: Sequence[Municipality],
    draws: RandomStream,
    band: Callable[[Municipality], int],
) -> list[Answer]:
    shares = (BY_POPULATION | BY_CENTRALITY)[name]
    lots = draws.substream(name).integers_below(100, len(places)).tolist()
    offered = [Answer(int(lot < shares[band(p)])) for p, lot in zip(places, lots, strict=True)]
    unreported = UNREPORTED_PERCENT.get(name, 0)
    if not unreported:
        return offered
    silent = draws.substream(f"{name} silent").integers_below(100, len(places)).tolist()
    return [
        Answer.UNKNOWN if lot < unreported and (p.population or 0) < CITY_POPULATION else answer
        for p, answer, lot in zip(places, offered, silent, strict=True)
    ]


def _interpreters(
    places: Sequence[Municipality], draws: RandomStream
) -> list[tuple[str, ...] | None]:
    everything = _draw_service("all_interpreters", places, draws, _centrality_index)
    silent = draws.substream("silent").integers_below(100, len(places)).tolist()
    lots = draws.substream("languages").integers_below(100, len(places) * len(LANGUAGES)).tolist()
    interpreters: list[tuple[str, ...] | None] = []
    for row, place in enumerate(places):
        place_lots = lots[row * len(LANGUAGES) : (row + 1) * len(LANGUAGES)]
        drawn_languages = [
            w
            for w, lot in zip(LANGUAGES, place_lots, strict=True)
            if lot < _interpreter_percent(w, place)
        ]
        listed = tuple(sorted({*drawn_languages, *ALWAYS_AVAILABLE}))
        languages = ("*",) if everything[row] is Answer.YES else listed
        interpreters.append(
            None
            if silent[row] < UNREPORTED_INTERPRETERS and _centrality_index(place) > 1
            else languages
        )
    return interpreters


def _interpreter_percent(language: str, place: Municipality) -> int:
    """Return the per cent of municipalities like this with an interpreter for the language."""
    return 85 - 7 * _centrality_index(place) if language in COMMON_LANGUAGES else 12
