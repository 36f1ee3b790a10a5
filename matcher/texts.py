"""Texts, numbers, dates and plurals for readers: one loader, and one formatter for all languages.

Texts lie in TOML files beside the code that uses them, with one table for each language. Numbers,
dates and plurals follow the Unicode locale data (CLDR).
"""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Literal

from babel import Locale
from babel.dates import format_date as format_babel_date
from babel.numbers import NumberPattern, get_minus_sign_symbol, parse_pattern

Language = Literal["nb", "en"]
"""Languages that have texts: Norwegian bokmål and English."""
LANGUAGES: tuple[Language, ...] = ("nb", "en")
LocaleName = Literal["nb", "nn", "en"]
"""Languages in which numbers, dates and plurals can be written: also Norwegian nynorsk."""
DateStyle = Literal["short", "long", "weekday"]
"""Such as 4 Nov 2024, 4 November 2024, Monday 4 November 2024."""
NO_BREAK = "\N{NO-BREAK SPACE}"
DATE_PATTERNS: Mapping[DateStyle, tuple[str, str]] = {
    "short": ("d.M.y", "d MMM y"),
    "long": ("d. MMMM y", "d MMMM y"),
    "weekday": ("EEEE d. MMMM y", "EEEE d MMMM y"),
}
"""Pattern in Norwegian, and in English, by style."""


@cache
def load_texts(package: str, name: str = "texts.toml") -> Mapping[str, Mapping[str, Any]]:
    """Read the texts of a package: a table for each language, or for each key.

    Parameters
    ----------
    package : str
        Dotted name of the package that has the file.
    name : str
        Name of the file.

    Raises
    ------
    FileNotFoundError
        When the package has no such file.
    """
    return tomllib.loads(files(package).joinpath(name).read_text(encoding="utf-8"))


def texts_in(language: Language, package: str, name: str = "texts.toml") -> Mapping[str, Any]:
    """Return the texts of a package in one language.

    Raises
    ------
    KeyError
        When there are no texts in the language.
    """
    texts = load_texts(package, name)
    if language not in texts:
        raise KeyError(f"no texts in {language!r}; there are {', '.join(texts)}")
    return texts[language]


@lru_cache(maxsize=8192)
def format_number(
    value: float, language: LocaleName = "nb", decimals: int | None = 0, sign: bool = False
) -> str:
    """Write a number: −231 911,5 in Norwegian, -231,911.5 in English.

    Parameters
    ----------
    value : float
    language : "nb", "nn" or "en"
    decimals : int or None
        Number of digits after the decimal sign; None for as many as the value has.
    sign : bool
        Write a plus sign before numbers above 0.
    """
    if decimals is None:
        decimals = max(0, -int(Decimal(str(value)).normalize().as_tuple().exponent))
    rounded = round(value, decimals)
    text: str = _number_pattern(decimals).apply(abs(rounded), Locale.parse(language))
    if rounded < 0:
        return get_minus_sign_symbol(language) + text
    return f"+{text}" if sign and rounded > 0 else text


@cache
def _number_pattern(decimals: int) -> NumberPattern:
    return parse_pattern("#,##0" + ("." + decimals * "0" if decimals else ""))


def format_percent(share: float, language: LocaleName = "nb", decimals: int = 0) -> str:
    """Write a share as per cent, with a no-break space before the sign: 12,5 %."""
    return f"{format_number(100 * share, language, decimals)}{NO_BREAK}%"


def format_date(day: date, language: LocaleName = "nb", style: DateStyle = "short") -> str:
    """Write a date: 4.11.2024 in Norwegian, 4 Nov 2024 in English; longer in other styles."""
    norwegian, english = DATE_PATTERNS[style]
    pattern = english if language == "en" else norwegian
    return str(format_babel_date(day, pattern, locale=language))


def plural_form(number: float, forms: Sequence[str], language: LocaleName = "nb") -> str:
    """Return the form of a noun that a number needs.

    Parameters
    ----------
    number : float
    forms : sequence of str
        Singular and plural.
    language : "nb", "nn" or "en"
    """
    whole = int(number) if number == int(number) else number
    return forms[0] if Locale.parse(language).plural_form(whole) == "one" else forms[1]


def format_count(
    number: float, forms: Sequence[str], language: LocaleName = "nb", space: str = " "
) -> str:
    """Write a number with its noun: 1 household, 1,203 households."""
    return f"{format_number(number, language)}{space}{plural_form(number, forms, language)}"
