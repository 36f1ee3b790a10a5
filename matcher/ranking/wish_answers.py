"""Answer every stated wish: met, possible at what cost, or not possible and why."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from matcher.domain.answer import Answer
from matcher.domain.household import Wish, WishKind
from matcher.domain.option import POINT_DECIMALS, Option, round_value
from matcher.domain.tables.array_types import IntArray
from matcher.domain.tables.vocabulary import split_unit
from matcher.policy.reason_texts import render_reason, rule_title
from matcher.problem.plan_usage import PlanUsage
from matcher.problem.problem import Problem
from matcher.ranking.price_list import PriceList
from matcher.ranking.rank import Ranking, rank_units
from matcher.ranking.rule_checks import RuleVerdict
from matcher.texts import Language, format_count, format_number, texts_in

UNITS_PER_BLOCK = 250
"""Units ranked at a time; limits the memory for the queue of a year."""
MAX_RULES = 3
"""Rules that a sentence names, when no rule alone bars every municipality."""


class WishOutcome(StrEnum):
    """What can be said of a wish: see :class:`WishAnswer`."""

    MET = "met"
    POSSIBLE = "possible"
    BARRED = "barred"
    NOWHERE = "nowhere"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class WishAnswer:
    """The answer to one stated wish.

    Parameters
    ----------
    household : str
        Who has stated it; one of several linked households can have.
    wish : Wish
    place : str
        Name of the place; as stated, where there is no such place.
    outcome : WishOutcome
        ``met`` by the suggestion; ``possible`` in another municipality; ``barred`` in every
        municipality that answers to the wish; ``nowhere``, when none does; ``unknown``, when none
        is known to, and of some it is not known.
    planned : bool
        Whether the suggestion is that of a plan; else it is the first choice of the ranking.
    suggested : Option or None
        What the household is suggested; None when every municipality is barred.
    best : Option or None
        The best option that meets the wish; of a single municipality also when it is barred.
    has_room : bool
        Whether the rest of the plan leaves room for the household there.
    answering : int
        Number of municipalities that answer to the wish.
    barred_by : mapping of str to int
        How many of these each rule bars, most first; empty unless all are barred.
    verdicts : tuple of RuleVerdict
        Why a single municipality is barred.
    """

    household: str
    wish: Wish
    place: str
    outcome: WishOutcome
    planned: bool = False
    suggested: Option | None = None
    best: Option | None = None
    has_room: bool = True
    answering: int = 0
    barred_by: Mapping[str, int] = field(default_factory=dict)
    verdicts: tuple[RuleVerdict, ...] = ()

    @property
    def points(self) -> float | None:
        """Points for everyone gained (below 0: lost) by meeting the wish; None if not possible."""
        if self.outcome in (WishOutcome.MET, WishOutcome.POSSIBLE) and self.best and self.suggested:
            return self.best.net - self.suggested.net
        return None

    @property
    def days(self) -> int | None:
        """Days by which moving in is later (below 0: sooner); None if not possible."""
        if self.outcome in (WishOutcome.MET, WishOutcome.POSSIBLE) and self.best and self.suggested:
            return (self.best.earliest - self.suggested.earliest).days
        return None

    def json_values(self) -> dict[str, object]:
        """Return the answer as JSON values, with municipalities by number."""
        return {
            "household": self.household,
            "kind": self.wish.kind.value,
            "value": self.wish.value,
            "wanted": self.wish.wanted,
            "outcome": self.outcome.value,
            "planned": self.planned,
            "suggested": None if self.suggested is None else self.suggested.municipality,
            "best": None if self.best is None else self.best.municipality,
            "points": None if self.points is None else round_value(self.points, POINT_DECIMALS),
            "days": self.days,
            "has_room": self.has_room,
            "answering": self.answering,
            "barred_by": dict(self.barred_by),
        }


def answer_wishes(ranking: Ranking) -> tuple[WishAnswer, ...]:
    """Answer the wishes of a ranked household and those linked to it, in the order stated."""
    problem = ranking.rule_checks.problem
    stated = [
        (name, wish)
        for name in split_unit(ranking.household)
        for wish in problem.household_of[name].wishes
    ]
    met = ranking.columns.met_by_unit(ranking.row)
    return tuple(
        _answer(ranking, name, wish, row) for (name, wish), row in zip(stated, met, strict=True)
    )


def answer_queue(
    problem: Problem, prices: PriceList | None, plan_usage: PlanUsage | None
) -> Iterator[WishAnswer]:
    """Yield the answers to all wishes of a queue.

    Parameters
    ----------
    problem : Problem
    prices : PriceList or None
    plan_usage : PlanUsage or None
        The plan that suggests; None for the first choice of each ranking.
    """
    units = np.flatnonzero(problem.households.wishes.count)
    for start in range(0, len(units), UNITS_PER_BLOCK):
        block = units[start : start + UNITS_PER_BLOCK]
        for ranking in rank_units(problem, block, prices, plan_usage):
            yield from answer_wishes(ranking)


def count_outcomes(answers: Iterable[WishAnswer]) -> Mapping[str, int]:
    """Count wishes by what can be said of them; every outcome is named."""
    counts = Counter(answer.outcome for answer in answers)
    return {outcome.value: counts[outcome] for outcome in WishOutcome}


def _answer(ranking: Ranking, household: str, wish: Wish, met: IntArray) -> WishAnswer:
    place = _place_name(ranking.rule_checks.problem, wish)
    answering = np.flatnonzero(met == Answer.YES)
    allowed = answering[ranking.allowed_by_all[answering]]
    if not len(answering):
        unknown = (met == Answer.UNKNOWN).any()
        outcome = WishOutcome.UNKNOWN if unknown else WishOutcome.NOWHERE
        return WishAnswer(household, wish, place, outcome)
    if not len(allowed):
        return _barred(ranking, household, wish, place, answering)
    suggested, planned = _suggestion(ranking)
    row = ranking.rule_checks.problem.municipality_row(suggested.municipality)
    is_met = row in allowed
    best = row if is_met else int(allowed[ranking.columns.rank[ranking.row, allowed].argmin()])
    return WishAnswer(
        household,
        wish,
        place,
        WishOutcome.MET if is_met else WishOutcome.POSSIBLE,
        planned=planned,
        suggested=suggested,
        best=_option(ranking, best),
        has_room=bool(ranking.has_room[best]),
        answering=len(answering),
    )


def _barred(
    ranking: Ranking, household: str, wish: Wish, place: str, answering: IntArray
) -> WishAnswer:
    rules = {r: int((~mask[answering]).sum()) for r, mask in ranking.allowed_by_rule.items()}
    most_first = sorted(rules.items(), key=lambda rule: (-rule[1], rule[0]))
    single = _option(ranking, int(answering[0])) if len(answering) == 1 else None
    return WishAnswer(
        household,
        wish,
        place,
        WishOutcome.BARRED,
        best=single,
        answering=len(answering),
        barred_by={rule: count for rule, count in most_first if count},
        verdicts=() if single is None else ranking.broken_rules(single),
    )


def _suggestion(ranking: Ranking) -> tuple[Option, bool]:
    """Return what the household is suggested, and whether a plan does so.

    A place of the plan that a rule has barred since is suggested to no one.
    """
    planned = ranking.planned_municipality
    option = None if planned is None else ranking.option(planned)
    if option is not None and option.allowed:
        return option, True
    return ranking.best(1)[0], False


def _option(ranking: Ranking, row: int) -> Option:
    return ranking.columns.option(ranking.row, row)


def _place_name(problem: Problem, wish: Wish) -> str:
    m = problem.municipalities
    if wish.kind is WishKind.MUNICIPALITY and wish.value in m.row_of:
        return str(m.name[m.row_of[wish.value]])
    if wish.kind is WishKind.COUNTY:
        return str(next(iter(m.county[m.county_number == wish.value]), "") or wish.value)
    return wish.value


def wish_sentence(answer: WishAnswer, language: Language) -> str:
    """Say what was wished for."""
    sense = "wanted" if answer.wish.wanted else "avoided"
    return _texts(language)[f"{sense}.{answer.wish.kind}"].format(place=answer.place)


def answer_sentence(answer: WishAnswer, language: Language) -> str:
    """Say whether a wish is met, what meeting it would cost, or why it is not possible."""
    if answer.outcome is WishOutcome.BARRED:
        return " ".join(_barred_sentences(answer, language))
    words = _texts(language)
    if answer.outcome is WishOutcome.UNKNOWN:
        return words["unknown"]
    if answer.outcome is WishOutcome.NOWHERE:
        key = answer.wish.kind if answer.wish.wanted else "avoided"
        return words[f"nowhere.{key}"].format(place=answer.place)
    text = _met_sentence(answer, language) or _possible_sentence(answer, language)
    return text if answer.has_room else f"{text} {words['taken']}"


def _met_sentence(answer: WishAnswer, language: Language) -> str | None:
    if answer.outcome is not WishOutcome.MET or answer.suggested is None:
        return None
    key = "met.planned" if answer.planned else "met.first"
    return _texts(language)[key].format(suggested=answer.suggested.name)


def _possible_sentence(answer: WishAnswer, language: Language) -> str:
    assert answer.best is not None and answer.suggested is not None
    words, points, days = _texts(language), round(answer.points or 0.0), answer.days or 0
    price = words["price.costs" if points < 0 else "price.gains" if points else "price.same"]
    moving = words["moving.later" if days > 0 else "moving.sooner" if days else "moving.same_day"]
    return words["possible"].format(
        best=answer.best.name,
        price=price.format(
            points=format_number(abs(points), language), suggested=answer.suggested.name
        ),
        moving=moving.format(days=format_count(abs(days), (words["day"], words["days"]), language)),
    )


def _barred_sentences(answer: WishAnswer, language: Language) -> Iterator[str]:
    words = _texts(language)
    if answer.best is not None:
        yield words["barred.single"].format(best=answer.best.name)
        yield from (render_reason(verdict.reason, language) for verdict in answer.verdicts)
        return
    yield words["barred.several"].format(count=format_number(answer.answering, language))
    alone = [rule for rule, count in answer.barred_by.items() if count == answer.answering]
    for rule in alone or [*answer.barred_by][:MAX_RULES]:
        barred = format_number(answer.barred_by[rule], language)
        text = words["barred.by_all" if alone else "barred.by_some"]
        yield text.format(title=rule_title(rule, language), barred=barred)


def _texts(language: Language) -> Mapping[str, str]:
    return texts_in(language, "matcher.ranking", "wish_answers.toml")
