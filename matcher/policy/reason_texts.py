"""Write reasons, numbers and dates for readers, in Norwegian or English."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from matcher.domain.reason import Fact, Reason
from matcher.policy.catalogue import LANGUAGES, load_catalogue

Language = Literal["nb", "en"]
"""Norwegian bokmål or English."""


def render_reason(reason: Reason, language: Language = "nb") -> str:
    """Write a reason as a sentence.

    Parameters
    ----------
    reason : Reason
        Its code is the key of the text, its facts fill the placeholders.
    language : "nb" or "en"
        Norwegian bokmål or English.

    Raises
    ------
    KeyError
        When there is no such code or language.
    """
    return _texts(language)[reason.code].format_map(_formattable(reason.facts, language))


def rule_title(identifier: str, language: Language = "nb") -> str:
    """Name of a rule or term for readers."""
    return load_catalogue().entries[identifier].title(language)


def format_date(day: date, language: Language = "nb") -> str:
    """Write a date: 4.11.2024 in Norwegian, 4 Nov 2024 in English."""
    if language == "nb":
        return f"{day.day}.{day.month}.{day.year}"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def format_number(
    value: float, language: Language = "nb", decimals: int = 0, sign: bool = False
) -> str:
    """Write a number: −231 911,5 in Norwegian, -231,911.5 in English.

    Parameters
    ----------
    value : float
    language : "nb" or "en"
        Norwegian numbers have a no-break space between thousands, and the Unicode minus sign.
    decimals : int
        Number of digits after the decimal sign.
    sign : bool
        Write a plus sign before numbers above 0.
    """
    text = f"{value:{'+' if sign else ''},.{decimals}f}"
    if not text.strip("+-0.,"):
        text = text.lstrip("+-")
    return text.translate(NORWEGIAN_SIGNS) if language == "nb" else text


NORWEGIAN_SIGNS = str.maketrans({",": "\N{NO-BREAK SPACE}", ".": ",", "-": "\N{MINUS SIGN}"})
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@cache
def _texts(language: Language) -> Mapping[str, str]:
    if language not in LANGUAGES:
        raise KeyError(f"no texts in {language!r}; there are {', '.join(LANGUAGES)}")
    merged: dict[str, str] = {}
    for entry in load_catalogue().entries.values():
        texts = entry.texts[language]
        merged.update({f"{entry.id}.{key}": text for key, text in texts.items()})
    return merged


def _formattable(facts: Mapping[str, Fact], language: Language) -> "dict[str, _FormattableFact]":
    return {name: _FormattableFact(fact, language) for name, fact in facts.items()}


@dataclass(frozen=True, slots=True)
class _FormattableFact:
    """A fact that a text formats: plain, or ``signed`` as in ``{effect:signed}``."""

    fact: Fact
    language: Language

    def __format__(self, spec: str) -> str:
        if isinstance(self.fact, str):
            return format(self.fact, spec)
        if spec == "signed":
            return format_number(
                self.fact, self.language, 2 if abs(self.fact) >= 0.005 else 3, sign=True
            )
        text = f"{self.fact:,}".replace(",", " ")
        return text.replace(".", ",") if self.language == "nb" else text
