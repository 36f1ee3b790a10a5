"""Reasons and titles of rules and terms, as sentences for readers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from matcher.domain.reason import Fact, Reason
from matcher.policy.catalogue import load_catalogue
from matcher.texts import LANGUAGES, Language, format_number

SOME_YEAR: Mapping[Language, str] = {"nb": "det året", "en": "that year"}
"""Stands for the year in a reason that was stored before reasons of places named theirs."""


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
    text = _texts(language)[reason.code]
    facts = {"year": SOME_YEAR[language], **reason.facts}
    return text.format_map(_formattable(facts, language))


def rule_title(identifier: str, language: Language = "nb") -> str:
    """Name of a rule or term for readers."""
    return load_catalogue().entries[identifier].title(language)


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
        return format_number(self.fact, self.language, decimals=None)
