"""What the reader of a ranking must know about it, as codes and as sentences."""

from datetime import date
from enum import StrEnum

from matcher.texts import Language, format_date, texts_in


class RankingNote(StrEnum):
    """Reasons why a ranking is not based on a night of today with all that it could rest on."""

    NO_NIGHT = "no night"
    NO_PRICES = "no prices"
    OLD_NIGHT = "old night"
    LISTED_SINCE = "listed since"
    CHANGED_SINCE = "changed since"
    NOTHING_KNOWN = "nothing known"


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
    return str(texts_in(language, "api.live", "notes.toml")[note].format(day=day))
