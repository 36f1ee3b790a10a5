"""The result of a what-if, in a few sentences."""

from collections.abc import Mapping

from matcher.analysis.what_if.result import WhatIfResult
from matcher.policy.reason_texts import rule_title
from matcher.texts import Language, format_number, texts_in

MAX_NAMED = 3
"""Maximum number of terms, and of municipalities, that are named."""


def what_if_sentences(result: WhatIfResult, language: Language = "nb") -> list[str]:
    """Write how many would be placed elsewhere, and what that gains and costs."""
    texts, first, second = (
        _texts(language),
        result.comparison.first,
        result.comparison.second,
    )
    kinds = [change.kind for change in result.comparison.changes]
    facts = {
        "placed": format_number(second.placed, language),
        "placed_more": format_number(second.placed - first.placed, language, sign=True),
        "moved": format_number(kinds.count("moved"), language),
        "new": format_number(kinds.count("placed"), language),
        "out": format_number(kinds.count("left out"), language),
        "stayers": format_number(second.stayers - first.stayers, language, 1, sign=True),
        "days": format_number(second.days - first.days, language, 1, sign=True),
        "points": format_number(second.points - first.points, language, sign=True),
        "broken": format_number(second.broken, language),
    }
    keys = ["placed", "households", "measures", *(["broken"] if second.broken else [])]
    return [texts[key].format(**facts) for key in keys] + _largest_differences(result, language)


def _largest_differences(answer: WhatIfResult, language: Language) -> list[str]:
    """Write the terms and municipalities with the largest differences."""
    texts, first, second = (
        _texts(language),
        answer.comparison.first,
        answer.comparison.second,
    )
    terms = {rule_title(k, language): second.terms[k] - v for k, v in first.terms.items()}
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
        f"{name} {format_number(value, language, sign=True)}" for name, value in pairs[:MAX_NAMED]
    )


def _texts(language: Language) -> Mapping[str, str]:
    return texts_in(language, "matcher.analysis.what_if", "sentences.toml")
