"""Summarize a result in a few lines of text."""

import math
from collections.abc import Mapping
from typing import Any

from matcher.analysis.compare import Gain, Measures, gain_over_practice, measure
from matcher.policy.reason_texts import rule_title
from matcher.problem.problem import Problem
from matcher.solve.result import OPTIMALITY_TOLERANCE, Level, Result
from matcher.stay.gain_decomposition import StayerGain
from matcher.texts import Language, format_count, format_number, format_percent, texts_in

MIN_CLIPPED = 0.05
"""Least effect of clipping probabilities to 0 and 1 that is mentioned, in expected stayers."""


def summarize(problem: Problem, result: Result, language: Language = "nb") -> str:
    """Summarize what a result places, what is proved, and its points by term.

    Parameters
    ----------
    problem : Problem
    result : Result
        A result with a plan.
    language : "nb" or "en"

    Raises
    ------
    ValueError
        When the result has no plan.
    """
    if result.choice is None or result.plan is None:
        raise ValueError("a result without a plan has no summary")
    words, m = _texts(language), measure(problem, result.choice)
    facts = {
        **_counts(problem, result, m, language),
        "backend": result.backend,
        "seconds": format_number(result.seconds, language, 1),
        "policy": result.policy,
    }
    lines = [words[key].format(**facts) for key in ("placed", "means", "how")]
    if m.unknown:
        unknown = words["unknown"].format(persons=_counted(m.unknown, "person", language))
        lines.insert(2, unknown)
    lines[2:2] = uncounted_sentences(result, language)
    lines += [] if result.repeatable else [words["not_repeatable"]]
    lines[1:1] = proof_sentences(result, language)
    lines += [
        words["practice"],
        *gain_sentences(gain_over_practice(problem, result.choice), language),
    ]
    return "\n".join([*lines, words["points"], *_points(m, language)])


def uncounted_sentences(result: Result, language: Language = "nb") -> list[str]:
    """Say by how many person-days the points for waiting are too few; nothing when by none."""
    person_days = result.uncounted_person_days
    counted = _counted(person_days, "person_day", language)
    return [_texts(language)["uncounted"].format(uncounted=counted)] if person_days else []


def gain_sentences(gain: Gain, language: Language = "nb") -> list[str]:
    """Describe the parts of a gain in expected stayers, each with its interval."""
    words, parts = _texts(language), gain.parts
    named = [("placing", parts.placing), ("filling", parts.filling), ("matching", parts.matching)]
    stayers = format_number(gain.stayers, language, 1, sign=True)
    lines = [words["gain" if gain.with_interval else "gain_points"].format(stayers=stayers)]
    for name, part in named:
        value = format_number(part.value, language, 1, sign=True)
        lines.append(words[f"gain_{name}"].format(value=f"{value:>8}") + _interval(part, language))
    if abs(gain.clipped) >= MIN_CLIPPED:
        clipped = format_number(gain.clipped, language, 1, sign=True)
        lines.append(words["gain_clipped"].format(value=f"{clipped:>8}"))
    return lines if gain.with_interval else [*lines, words["gain_without_interval"]]


def _interval(part: StayerGain, language: Language) -> str:
    if part.low is None or part.high is None:
        return ""
    low, high = (format_number(v, language, 1, sign=True) for v in (part.low, part.high))
    return str(_texts(language)["gain_interval"].format(low=low, high=high))


def proof_sentences(result: Result, language: Language = "nb") -> list[str]:
    """State for each level how much better another plan can be."""
    limits = (OPTIMALITY_TOLERANCE, result.asked_gap + OPTIMALITY_TOLERANCE)
    return [
        _proof(f"{name}_", level, limit, language)
        for name, level, limit in zip(("places", "points"), result.levels, limits, strict=True)
    ]


def _proof(name: str, level: Level, limit: float, language: Language) -> str:
    words = _texts(language)
    if level.gap is None:
        return str(words[f"{name}unproved"])
    text = words[f"{name}{'proved' if level.gap <= limit else 'gap'}"]
    # Rounded up, so that the number shown is an upper bound.
    per_cent = math.ceil(round(level.gap * 10_000, 6)) / 100
    more = 0.0 if level.bound is None else level.bound - level.value
    facts = {
        "gap": format_percent(per_cent / 100, language, 2),
        "points": format_number(math.ceil(round(more, 6)), language),
    }
    return str(text.format(**facts))


def _counts(
    problem: Problem, result: Result, measures: Measures, language: Language
) -> Mapping[str, str]:
    """Write persons, households (each linked one counts) and days as texts."""
    placed = measures.placed
    queue = len(problem.instance.households)
    return {
        "placed": format_number(placed, language),
        "all": _counted(placed + measures.unplaced, "person", language),
        "unplaced": format_number(measures.unplaced, language),
        "placed_households": format_number(len(result.plan or ()), language),
        "households": _counted(queue, "household", language),
        "stayers": _counted(measures.stayers, "person", language),
        "days": _counted(measures.days, "day", language),
    }


def _counted(value: float, noun: str, language: Language) -> str:
    return format_count(round(value), _texts(language)[noun], language)


def _points(measures: Measures, language: Language) -> list[str]:
    titles = {term: rule_title(term, language) for term in measures.terms}
    width = max(map(len, titles.values()), default=0)
    return [
        f"  {titles[term]:<{width}} {format_number(value, language):>12}"
        for term, value in measures.terms.items()
    ]


def _texts(language: Language) -> Mapping[str, Any]:
    return texts_in(language, "matcher.analysis", "summary.toml")
