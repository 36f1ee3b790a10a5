"""What someone who reads a ranking must know of it, as codes and in words."""

import tomllib
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files

from matcher.texts import Language, long_date


class Note(StrEnum):
    """What a ranking rests on, where that is not last night and all that is known."""

    NO_NIGHT = "no night"
    NO_PRICES = "no prices"
    OLD_NIGHT = "old night"
    LISTED_SINCE = "listed since"
    CHANGED_SINCE = "changed since"


def told(note: Note, night: date | None, language: Language = "nb") -> str:
    """Say a note in a sentence.

    Parameters
    ----------
    note : Note
    night : date or None
        The day that the night planned for.
    language : "nb" or "en"
    """
    day = "" if night is None else long_date(night, language)
    return _texts(language)[note].format(day=day)


@cache
def _texts(language: Language) -> Mapping[str, str]:
    text = files("matcher.live").joinpath("notes.toml").read_text(encoding="utf-8")
    found: Mapping[str, str] = tomllib.loads(text)[language]
    return found
