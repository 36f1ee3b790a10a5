"""The answer to a what-if as plain values, for machines; it names no household."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from matcher.analysis.compare import Measures, PointsDifference
from matcher.analysis.what_if.result import WhatIfAnswer, WhatIfPlan
from matcher.analysis.what_if.sentences import plan_sentences, shift_sentences
from matcher.texts import LANGUAGES


def describe_answer(answer: WhatIfAnswer) -> dict[str, Any]:
    """Describe what would be different.

    Returns
    -------
    dict
        ``tonight`` and ``tonight_after_change``: tonight's plan, measured as things are and after
        the change; ``target_shift``: points, with their terms, that differ between the two;
        ``plans``: by question, what its plan brings; ``sentences`` about the shift of targets, by
        language.
    """
    return {
        "tonight": _measures(answer.tonight),
        "tonight_after_change": _measures(answer.tonight_after_change),
        "target_shift": _points(answer.target_shift),
        "plans": {str(plan.question): _describe_plan(answer, plan) for plan in answer.plans},
        "sentences": {language: shift_sentences(answer, language) for language in LANGUAGES},
    }


def _describe_plan(answer: WhatIfAnswer, plan: WhatIfPlan) -> dict[str, Any]:
    kinds = [change.kind for change in plan.changes]
    return {
        "outcome": plan.result.outcome,
        "levels": [
            {"value": level.value, "bound": level.bound, "gap": level.gap}
            for level in plan.result.levels
        ],
        "measures": _measures(plan.measures),
        "plan_difference": _points(answer.plan_difference(plan)),
        "households": {kind: kinds.count(kind) for kind in ("moved", "placed", "left out")},
        "municipalities": [asdict(shift) for shift in plan.shifts],
        "limits": [asdict(limit) for limit in plan.limits],
        "sentences": {language: plan_sentences(answer, plan, language) for language in LANGUAGES},
    }


def _measures(measures: Measures) -> Mapping[str, Any]:
    return {**asdict(measures), "terms": dict(measures.terms)}


def _points(difference: PointsDifference) -> Mapping[str, Any]:
    return {"points": difference.points, "terms": dict(difference.terms)}
