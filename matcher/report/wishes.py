"""Answers to stated wishes, for the pages of a plan and of a night."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from matcher.problem.plan_usage import PlanUsage
from matcher.problem.problem import Problem
from matcher.ranking.price_list import PriceList
from matcher.ranking.wish_answers import (
    WishAnswer,
    WishOutcome,
    answer_queue,
    answer_sentence,
    wish_sentence,
)
from matcher.report.wording import Wording
from matcher.solve.result import Result

MAX_WISHES = 500
"""Largest number of wishes on screen; the ranking of a household always has all of its own."""
OUTCOME_ORDER = (
    WishOutcome.BARRED,
    WishOutcome.NOWHERE,
    WishOutcome.UNKNOWN,
    WishOutcome.POSSIBLE,
    WishOutcome.MET,
)
"""What cannot be met comes first, as someone has to tell the household."""


@dataclass(frozen=True, slots=True)
class WishRow:
    """A stated wish and its answer, in words."""

    household: str
    wish: str
    answer: str


def answer_plan(problem: Problem, result: Result) -> tuple[WishAnswer, ...]:
    """Answer every wish of the queue of a plan; without a plan, by the first choices."""
    prices = None if result.prices is None else PriceList.of(problem, result.prices)
    usage = None if result.choice is None else PlanUsage(problem, result.choice)
    return tuple(answer_queue(problem, prices, usage))


def count_outcomes(answers: tuple[WishAnswer, ...]) -> Mapping[str, int]:
    """Count wishes by what can be said of them; every outcome is named."""
    counts = Counter(answer.outcome for answer in answers)
    return {outcome.value: counts[outcome] for outcome in WishOutcome}


def wish_rows(answers: tuple[WishAnswer, ...], wording: Wording) -> tuple[WishRow, ...]:
    """Build a row for each wish, those that cannot be met first."""
    ordered = sorted(answers, key=lambda answer: OUTCOME_ORDER.index(answer.outcome))
    language = wording.language
    return tuple(
        WishRow(a.household, wish_sentence(a, language), answer_sentence(a, language))
        for a in ordered[:MAX_WISHES]
    )


def wish_summary(counts: Mapping[str, int], wording: Wording) -> str:
    """Say in a sentence how many wishes were stated, and what came of them."""
    stated = sum(counts.values())
    if not stated:
        return wording("wishes.none")
    impossible = counts[WishOutcome.BARRED] + counts[WishOutcome.NOWHERE]
    return wording(
        "wishes.summary",
        stated=wording.number(stated),
        met=wording.number(counts[WishOutcome.MET]),
        possible=wording.number(counts[WishOutcome.POSSIBLE]),
        impossible=wording.number(impossible),
        unknown=wording.number(counts[WishOutcome.UNKNOWN]),
    )
