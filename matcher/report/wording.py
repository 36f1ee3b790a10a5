"""Texts, numbers and dates of the report in one language."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from matcher.texts import (
    NO_BREAK,
    Language,
    format_count,
    format_date,
    format_number,
    format_percent,
    load_texts,
    plural_form,
)


class Wording:
    """Texts of one language, from ``texts.toml``.

    Parameters
    ----------
    language : "nb" or "en"
        Norwegian bokmål or English.
    extra_texts : mapping or None
        Further texts of another page, by language.

    Raises
    ------
    KeyError
        When there are no texts in the language.
    """

    def __init__(
        self, language: Language, extra_texts: Mapping[str, Mapping[str, Any]] | None = None
    ) -> None:
        known = load_texts("matcher.report")
        if language not in known:
            raise KeyError(f"no report in {language!r}; there are {', '.join(known)}")
        self.language = language
        self._texts = {**known[language], **(extra_texts or {}).get(language, {})}

    def __call__(self, key: str, **facts: object) -> str:
        """Return the text of a key, such as ``"map.caption"``, filled in with facts."""
        return str(self._find(key)).format_map(facts)

    def text_or_default(self, key: str, default: str) -> str:
        """Return the text of a key, or ``otherwise`` when the key has no text."""
        try:
            return self(key)
        except KeyError:
            return default

    def count(self, noun: str, number: float) -> str:
        """Write a number with its noun: *1 household*, *1 203 households*."""
        return format_count(number, self._find(f"nouns.{noun}"), self.language, NO_BREAK)

    def noun(self, noun: str, number: float) -> str:
        """Return a noun in the form, singular or plural, that a number needs."""
        return plural_form(number, self._find(f"nouns.{noun}"), self.language)

    def number(self, value: float, decimals: int = 0) -> str:
        """Write a number in the form of the language."""
        return format_number(value, self.language, decimals)

    def percent(self, share: float, decimals: int = 0) -> str:
        """Write a share as per cent."""
        return format_percent(share, self.language, decimals)

    def at_most(self, share: float) -> str:
        """Write a share as per cent with two decimals, rounded up."""
        return self.percent(math.ceil(round(share * 10_000, 6)) / 10_000, 2)

    def day(self, day: date, *, weekday: bool = False) -> str:
        """Write a date in words: *onsdag 12. juni 2024*, *Wednesday 12 June 2024*."""
        return format_date(day, self.language, "weekday" if weekday else "long")

    def _find(self, key: str) -> Any:
        text: Any = self._texts
        for part in key.split("."):
            text = text[part]
        return text
