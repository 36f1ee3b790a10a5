"""Sentences for people: a reason's text in a language, filled with the facts of the case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from matcher.catalogue import LANGUAGES, catalogue
from matcher.shapes import Fact, Reason

Language = Literal["nb", "en"]
"""Norwegian bokmål or English."""


def render(reason: Reason, language: Language = "nb") -> str:
    """Write a reason as a sentence.

    Parameters
    ----------
    reason : Reason
        Its code names the text.
    language : "nb" or "en"
        Norwegian bokmål or English.

    Raises
    ------
    KeyError
        When there is no such code or language.
    """
    return _texts(language)[reason.code].format_map(_written(reason.facts, language))


def title(identifier: str, language: Language = "nb") -> str:
    """Name of a rule or term for a person."""
    return catalogue().entries[identifier].title(language)


def long_date(day: date, language: Language = "nb") -> str:
    """Write a date the way people do: 4.11.2024 in Norwegian, 4 Nov 2024 in English."""
    if language == "nb":
        return f"{day.day}.{day.month}.{day.year}"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def number(value: float, language: Language = "nb", decimals: int = 0, sign: bool = False) -> str:
    """Write a number the way people do: −231 911,5 in Norwegian, -231,911.5 in English.

    Parameters
    ----------
    value : float
    language : "nb" or "en"
        Norwegian has a no-break space between thousands and a true minus sign.
    decimals : int
        Digits after the decimal sign, rounded.
    sign : bool
        Also write the plus of what is above 0.
    """
    text = f"{value:{'+' if sign else ''},.{decimals}f}"
    if not text.strip("+-0.,"):
        text = text.lstrip("+-")
    return text.translate(NORWEGIAN) if language == "nb" else text


NORWEGIAN = str.maketrans({",": "\N{NO-BREAK SPACE}", ".": ",", "-": "\N{MINUS SIGN}"})
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@cache
def _texts(language: Language) -> Mapping[str, str]:
    if language not in LANGUAGES:
        raise KeyError(f"no texts in {language!r}; there are {', '.join(LANGUAGES)}")
    merged: dict[str, str] = {}
    for entry in catalogue().entries.values():
        merged.update({f"{entry.id}.{k}": v for k, v in entry.texts[language].items()})
    return merged


def _written(facts: Mapping[str, Fact], language: Language) -> "dict[str, _Written]":
    return {name: _Written(fact, language) for name, fact in facts.items()}


@dataclass(frozen=True, slots=True)
class _Written:
    """A fact as a text asks for it: plain, or ``signed``."""

    fact: Fact
    language: Language

    def __format__(self, how: str) -> str:
        if isinstance(self.fact, str):
            return format(self.fact, how)
        if how == "signed":
            return number(self.fact, self.language, 2 if abs(self.fact) >= 0.005 else 3, sign=True)
        text = f"{self.fact:,}".replace(",", " ")
        return text.replace(".", ",") if self.language == "nb" else text
