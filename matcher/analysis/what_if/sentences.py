"""The answer to a what-if, in a few sentences: what it means for people first, points last."""

from collections.abc import Mapping

from matcher.analysis.compare import PointsDifference
from matcher.analysis.summary import proof_sentences
from matcher.analysis.what_if.limits import LimitAfterChange
from matcher.analysis.what_if.result import WhatIfAnswer, WhatIfPlan
from matcher.policy.reason_texts import rule_title
from matcher.texts import Language, format_number, texts_in

MAX_TERMS = 3
"""Maximum number of terms that are named."""
MAX_MUNICIPALITIES = 5
"""Maximum number of municipalities that are named."""


def what_if_sentences(answer: WhatIfAnswer, language: Language = "nb") -> list[str]:
    """Write what each plan brings, what holds it back, and what is only a matter of targets."""
    lines = [line for plan in answer.plans for line in plan_sentences(answer, plan, language)]
    return lines + shift_sentences(answer, language)


def plan_sentences(answer: WhatIfAnswer, plan: WhatIfPlan, language: Language = "nb") -> list[str]:
    """Write what one plan brings over tonight's: stayers, days, persons, then points and proof."""
    texts, first, second = _texts(language), answer.tonight, plan.measures
    days = {
        "days": format_number(second.days - first.days, language, 1, sign=True),
        "person_days": format_number(second.person_days - first.person_days, language, sign=True),
    }
    stayers = {
        "difference": format_number(second.stayers - first.stayers, language, 1, sign=True),
        "total": format_number(second.stayers, language, 1),
    }
    persons = {
        "placed": format_number(second.placed, language),
        "difference": format_number(second.placed - first.placed, language, sign=True),
    }
    return [
        texts[f"heading.{plan.question}"],
        texts["stayers"].format(**stayers),
        texts["days"].format(**days),
        texts["placed"].format(**persons),
        *_household_sentences(plan, language),
        *(_limit_sentence(limit, language) for limit in plan.limits),
        *_broken_sentences(second.broken, language),
        _points_sentence(answer.plan_difference(plan), language),
        *([texts["points_after_places"]] if second.placed != first.placed else []),
        *proof_sentences(plan.result, language),
    ]


def shift_sentences(answer: WhatIfAnswer, language: Language = "nb") -> list[str]:
    """Write by how much targets alone change the points; nothing where they do not."""
    shift = answer.target_shift
    listed = _list_terms(shift, language)
    if not listed:
        return []
    points = format_number(shift.points, language, sign=True)
    return [_texts(language)["target_shift"].format(points=points, list=listed)]


def _household_sentences(plan: WhatIfPlan, language: Language) -> list[str]:
    """Write who is placed elsewhere: how many households, and which municipalities."""
    texts, kinds = _texts(language), [change.kind for change in plan.changes]
    if not kinds:
        return [texts["nobody"]]
    counts = {"moved": "moved", "new": "placed", "out": "left out"}
    facts = {name: format_number(kinds.count(kind), language) for name, kind in counts.items()}
    return [texts["households"].format(**facts), *_municipality_sentences(plan, language)]


def _municipality_sentences(plan: WhatIfPlan, language: Language) -> list[str]:
    """Write which municipalities get more or fewer persons, the largest difference first."""
    texts = _texts(language)
    shifts = sorted(plan.shifts, key=lambda s: (-abs(s.second - s.first), s.name))
    named = ", ".join(
        texts["municipality"].format(name=s.name, first=s.first, second=s.second)
        for s in shifts[:MAX_MUNICIPALITIES]
    )
    return [texts["municipalities"].format(list=named)] if shifts else []


def _broken_sentences(broken: int, language: Language) -> list[str]:
    text = _texts(language)["broken"].format(broken=format_number(broken, language))
    return [text] if broken else []


def _limit_sentence(limit: LimitAfterChange, language: Language) -> str:
    texts = _texts(language)
    otherwise = texts["limit.other" if limit.limit is None else "limit.persons"]
    sentence = texts.get(f"limit.{limit.rule}", otherwise).format(
        title=rule_title(limit.rule, language), limit=limit.limit
    )
    return str(texts["limit"].format(municipality=limit.name, limit=sentence))


def _points_sentence(difference: PointsDifference, language: Language) -> str:
    listed, texts = _list_terms(difference, language), _texts(language)
    points = format_number(difference.points, language, sign=True)
    return str(texts["points" if listed else "points_plain"].format(points=points, list=listed))


def _list_terms(difference: PointsDifference, language: Language) -> str:
    """List the terms that differ most, by their titles."""
    titled = [(rule_title(k, language), v) for k, v in difference.terms.items() if round(v)]
    titled.sort(key=lambda pair: (-abs(pair[1]), pair[0]))
    return ", ".join(
        f"{title} {format_number(value, language, sign=True)}"
        for title, value in titled[:MAX_TERMS]
    )


def _texts(language: Language) -> Mapping[str, str]:
    return texts_in(language, "matcher.analysis.what_if", "sentences.toml")
