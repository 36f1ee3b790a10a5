"""What the reader of a ranking must know about it, as codes and as sentences."""

import tomllib
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files

from matcher.policy.reason_texts import Language, format_date


class RankingNote(StrEnum):
    """Reasons why a ranking is not based on a night of today with all current data."""

    NO_NIGHT = "no night"
    NO_PRICES = "no prices"
    OLD_NIGHT = "old night"
    LISTED_SINCE = "listed since"
    CHANGED_SINCE = "changed since"


def note_text(note: RankingNote, night_day: date | None, language: Language = "nb") -> str:
    """Write a note as a sentence.

    Parameters
    ----------
    note : RankingNote
    night_day : date or None
        The day for which the night planned.
    language : "nb" or "en"
    """
    day = "" if night_day is None else format_date(night_day, language)
    return _texts(language)[note].format(day=day)


@cache
def _texts(language: Language) -> Mapping[str, str]:
    text = files("api.live").joinpath("notes.toml").read_text(encoding="utf-8")
    notes: Mapping[str, str] = tomllib.loads(text)[language]
    return notes
