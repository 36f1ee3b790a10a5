"""What would be different, in a few sentences."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from matcher.texts import Language, number, title
from matcher.what_if.answer import WhatIf

NAMED = 3
"""Terms and municipalities that are named at the most."""


def sentences(answer: WhatIf, language: Language = "nb") -> list[str]:
    """Say who would be placed elsewhere, and what that brings and costs."""
    words, first, second = _texts(language), answer.comparison.first, answer.comparison.second
    kinds = [change.kind for change in answer.comparison.changes]
    facts = {
        "placed": number(second.placed, language),
        "placed_more": number(second.placed - first.placed, language, sign=True),
        "moved": number(kinds.count("moved"), language),
        "new": number(kinds.count("placed"), language),
        "out": number(kinds.count("left out"), language),
        "stayers": number(second.stayers - first.stayers, language, 1, sign=True),
        "days": number(second.days - first.days, language, 1, sign=True),
        "points": number(second.points - first.points, language, sign=True),
        "broken": number(second.broken, language),
    }
    keys = ["placed", "households", "measures", *(["broken"] if second.broken else [])]
    return [words[key].format(**facts) for key in keys] + _named(answer, language)


def _named(answer: WhatIf, language: Language) -> list[str]:
    """The terms and municipalities with the greatest differences."""
    words, first, second = _texts(language), answer.comparison.first, answer.comparison.second
    terms = {title(k, language): second.terms[k] - v for k, v in first.terms.items()}
    places = {s.name: float(s.second - s.first) for s in answer.shifts}
    return [
        words[key].format(list=listed)
        for key, values in (("terms", terms), ("shifts", places))
        if (listed := _greatest(values, language))
    ]


def _greatest(values: Mapping[str, float], language: Language) -> str:
    told = [(name, value) for name, value in values.items() if round(value)]
    told.sort(key=lambda pair: (-abs(pair[1]), pair[0]))
    return ", ".join(f"{name} {number(value, language, sign=True)}" for name, value in told[:NAMED])


@cache
def _texts(language: Language) -> Mapping[str, str]:
    text = files("matcher.what_if").joinpath("sentences.toml").read_text(encoding="utf-8")
    found: Mapping[str, str] = tomllib.loads(text)[language]
    return found
