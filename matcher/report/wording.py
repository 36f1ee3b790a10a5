"""Texts, numbers and dates of the report in one language."""

import math
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from matcher.policy.reason_texts import Language

NO_BREAK = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"


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
        known = load_texts()
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
        return f"{self.number(number)}{NO_BREAK}{self.noun(noun, number)}"

    def noun(self, noun: str, number: float) -> str:
        """Return a noun in the form, singular or plural, that a number needs."""
        singular, plural = self._find(f"nouns.{noun}")
        return str(singular if number == 1 else plural)

    def number(self, value: float, decimals: int = 0) -> str:
        """Write a number in the form of the language: thousands separated, with a minus sign."""
        text = f"{value:,.{decimals}f}"
        if float(text.replace(",", "")) == 0:
            text = text.lstrip("-")
        decimal = "," if self.language == "nb" else "."
        parts = {",": NO_BREAK, ".": decimal, "-": MINUS}
        return "".join(parts.get(character, character) for character in text)

    def percent(self, share: float, decimals: int = 0) -> str:
        """Write a share as per cent."""
        return f"{self.number(100 * share, decimals)}{NO_BREAK}%"

    def at_most(self, share: float) -> str:
        """Write a share as per cent with two decimals, rounded up."""
        return self.percent(math.ceil(round(share * 10_000, 6)) / 10_000, 2)

    def day(self, day: date, *, weekday: bool = False) -> str:
        """Write a date in words: *onsdag 12. juni 2024*, *Wednesday 12 June 2024*."""
        month = self._find("dates.months")[day.month - 1]
        text = self("dates.day", day=day.day, month=month, year=day.year)
        return f"{self._find('dates.weekdays')[day.weekday()]} {text}" if weekday else text

    def _find(self, key: str) -> Any:
        text: Any = self._texts
        for part in key.split("."):
            text = text[part]
        return text


@cache
def load_texts() -> Mapping[str, Mapping[str, Any]]:
    """Return all texts of the report, by language."""
    text = files("matcher.report").joinpath("texts.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
