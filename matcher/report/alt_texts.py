"""Alternative texts that describe the pictures to people who cannot see them."""

from matcher.report.key_figures import KeyFigures
from matcher.report.norway_map import NorwayMap
from matcher.report.waiting_histograms import WaitingHistogram
from matcher.report.wording import Wording

MAX_NAMED = 5
"""Largest number of municipalities that the text of the map names."""


def map_alt_text(drawn: NorwayMap | None, key: KeyFigures, say: Wording) -> str:
    """Describe how many municipalities received how many persons, and which received most."""
    if drawn is None:
        return say("map.missing")
    seats = say.number(len(drawn.seats))
    if not drawn.circles:
        return say("map.alt_none", seats=seats)
    return say(
        "map.alt",
        seats=seats,
        placed=say.count("municipality", len(drawn.circles)),
        persons=say.count("person", key.placed_persons),
        most=", ".join(f"{c.name} {say.number(c.amount)}" for c in drawn.circles[:MAX_NAMED]),
    )


def waiting_alt_text(before: WaitingHistogram, after: WaitingHistogram, say: Wording) -> str:
    """Describe both histograms: number of households and median of days."""
    return say("waiting.alt", before=_histogram(before, say), after=_histogram(after, say))


def _histogram(histogram: WaitingHistogram, say: Wording) -> str:
    if histogram.median is None:
        return say("waiting.alt_none")
    households = say.count("household", sum(histogram.counts))
    return say("waiting.alt_part", households=households, days=say.count("day", histogram.median))
