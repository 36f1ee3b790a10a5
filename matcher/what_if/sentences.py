"""The result of a what-if, in a few sentences."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from matcher.texts import Language, number, title
from matcher.what_if.answer import WhatIf

MAX_NAMED = 3
"""Maximum number of terms, and of municipalities, that are named."""


def sentences(answer: WhatIf, language: Language = "nb") -> list[str]:
    """Write how many would be placed elsewhere, and what that gains and costs."""
    texts, first, second = _texts(language), answer.comparison.first, answer.comparison.second
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
    return [texts[key].format(**facts) for key in keys] + _largest_differences(answer, language)


def _largest_differences(answer: WhatIf, language: Language) -> list[str]:
    """Write the terms and municipalities with the largest differences."""
    texts, first, second = _texts(language), answer.comparison.first, answer.comparison.second
    terms = {title(k, language): second.terms[k] - v for k, v in first.terms.items()}
    places = {s.name: float(s.second - s.first) for s in answer.shifts}
    return [
        texts[key].format(list=listed)
        for key, values in (("terms", terms), ("shifts", places))
        if (listed := _list_largest(values, language))
    ]


def _list_largest(values: Mapping[str, float], language: Language) -> str:
    pairs = [(name, value) for name, value in values.items() if round(value)]
    pairs.sort(key=lambda pair: (-abs(pair[1]), pair[0]))
    return ", ".join(
        f"{name} {number(value, language, sign=True)}" for name, value in pairs[:MAX_NAMED]
    )


@cache
def _texts(language: Language) -> Mapping[str, str]:
    text = files("matcher.what_if").joinpath("sentences.toml").read_text(encoding="utf-8")
    texts: Mapping[str, str] = tomllib.loads(text)[language]
    return texts
