"""Conversion of a ranking to the answer of the service: plain values, ready for JSON."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from api.live.completed_night import CompletedNight
from api.live.notes import note_text
from api.live.snapshot import LiveSnapshot
from matcher.domain.option import POINT_DECIMALS, Option, round_value
from matcher.domain.reason import Fact, Reason
from matcher.domain.tables.vocabulary import split_unit
from matcher.policy.reason_texts import render_reason, rule_title
from matcher.ranking.explain import Explanation
from matcher.ranking.open_questions import find_open_questions
from matcher.ranking.placing_weights import PlacingWeights
from matcher.ranking.question_sentences import question_facts
from matcher.ranking.rank import Ranking
from matcher.ranking.rule_checks import RuleVerdict
from matcher.ranking.wish_answers import answer_sentence, answer_wishes, wish_sentence
from matcher.texts import Language

JsonObject = dict[str, Any]


def build_ranking(
    snapshot: LiveSnapshot,
    household: str,
    language: Language,
    *,
    limit: int,
    barred: bool,
    municipality: str | None = None,
) -> JsonObject:
    """Build ranked placements, or a single one with the reasons for its points.

    Parameters
    ----------
    limit : int
        Number of options, at most.
    barred : bool
        Whether to add the options that a rule bars, after all others.
    municipality : str or None
        Only this municipality.
    """
    ranking = snapshot.ranking(household)
    if municipality is not None:
        options = [_option_with_reasons(ranking, ranking.option(municipality), language)]
    else:
        ranked = ranking.options[:limit] if barred else ranking.best(limit)
        options = [_option(ranking, option, language) for option in ranked]
    return {
        **_basis(snapshot, household, ranking, language),
        "considered": len(ranking),
        "allowed": int(ranking.allowed_by_all.sum()),
        "options": options,
    }


def build_explanation(
    snapshot: LiveSnapshot, household: str, language: Language, municipality: str | None
) -> JsonObject:
    """Build the explanation of a placement, and of why not the municipality, if one is named."""
    explanation = snapshot.explanation(household)
    ranking, planned = explanation.ranking, explanation.planned_option
    return {
        **_basis(snapshot, household, ranking, language),
        "here": None if planned is None else _option_with_reasons(ranking, planned, language),
        "open_to": explanation.allowed_count,
        "taken": explanation.full_count,
        "better_alone": [option.municipality for option in explanation.better_for_household],
        "requirements": [
            {
                "rule": r.rule,
                "bars": r.barred_count,
                "opens": r.opened_count,
                "places": r.opened_places,
            }
            for r in explanation.requirements
        ],
        "there": None if municipality is None else _why_not(explanation, municipality, language),
        "weights": None if explanation.weights is None else _weights(explanation.weights, language),
    }


def build_questions(snapshot: LiveSnapshot, household: str, language: Language) -> JsonObject:
    """Build what is not known of a household, and what each answer would do to its ranking."""
    asked = find_open_questions(snapshot.problem, household, snapshot.prices)
    return {
        "household": household,
        "linked": [h.id for h in asked.unit if h.id != household],
        "day": snapshot.day,
        "version": snapshot.version,
        **question_facts(asked, language, rounded=True),
    }


def _weights(weights: PlacingWeights, language: Language) -> JsonObject:
    """Build what decided over a household without a place, without naming those who have one."""
    others = [round_value(holder.weight, POINT_DECIMALS) for holder in weights.holders]
    return {
        "own": round_value(weights.weight, POINT_DECIMALS),
        "reasons": [_cause(r.code.split(".")[0], r, language) for r in weights.reasons],
        "others": len(others),
        "least": min(others, default=None),
        "most": max(others, default=None),
    }


def _why_not(explanation: Explanation, municipality: str, language: Language) -> JsonObject:
    ranking, alternative = explanation.ranking, explanation.why_not(municipality)
    return {
        "option": _option_with_reasons(ranking, alternative.option, language),
        "is_there": municipality == ranking.planned_municipality,
        "difference": round_value(alternative.difference, POINT_DECIMALS),
    }


def _basis(
    snapshot: LiveSnapshot, household: str, ranking: Ranking, language: Language
) -> JsonObject:
    night, selection = snapshot.night, snapshot.problem.selection
    rules = (*selection.pair_rules, *selection.budgets, *selection.terms, *selection.spread_terms)
    return {
        "household": household,
        "linked": [name for name in split_unit(ranking.household) if name != household],
        "day": snapshot.day,
        "version": snapshot.version,
        "night": None if night is None else _night(night, snapshot),
        "notes": [
            {"code": note, "text": note_text(note, None if night is None else night.day, language)}
            for note in snapshot.notes(household)
        ],
        "priced": ranking.priced,
        "planned": ranking.planned_municipality,
        "wishes": _wishes(ranking, language),
        "titles": _titles(tuple(rule.id for rule in rules), language),
    }


def _wishes(ranking: Ranking, language: Language) -> list[JsonObject]:
    """Return the answer to each stated wish; options name wishes by their place in this list."""
    if not ranking.households.wishes.count.any():
        return []
    return [
        {
            **answer.json_values(),
            "place": answer.place,
            "wish": wish_sentence(answer, language),
            "answer": answer_sentence(answer, language),
        }
        for answer in answer_wishes(ranking)
    ]


@cache
def _titles(identifiers: tuple[str, ...], language: Language) -> Mapping[str, str]:
    """Return the titles of a policy's rules and terms; the same in every answer."""
    return {identifier: rule_title(identifier, language) for identifier in identifiers}


def _night(night: CompletedNight, snapshot: LiveSnapshot) -> JsonObject:
    return {
        "run": night.run,
        "day": night.day,
        "ended_at": night.ended_at,
        "days_old": (snapshot.day - night.day).days,
        "based_on": night.based_on,
        "policy": {"name": night.problem.policy.name, "hash": night.policy_hash},
    }


def _option_with_reasons(ranking: Ranking, option: Option, language: Language) -> JsonObject:
    return {**_option(ranking, option, language), "reasons": _reasons(ranking, option, language)}


def _option(ranking: Ranking, option: Option, language: Language) -> JsonObject:
    displaced = ranking.displaced(option)
    return {
        **option.json_values(rounded=True),
        "broken": [_verdict(v, language) for v in ranking.broken_rules(option)],
        "cautions": [_verdict(v, language) for v in ranking.cautions(option)],
        "displaced": None if displaced is None else {"one_of": displaced.one_of},
        "reasons": None,
    }


def _reasons(ranking: Ranking, option: Option, language: Language) -> list[JsonObject]:
    return [_cause(rule, reason, language) for rule, reason in ranking.reasons(option).items()]


def _verdict(verdict: RuleVerdict, language: Language) -> JsonObject:
    return _cause(verdict.rule, verdict.reason, language)


def _cause(rule: str, reason: Reason, language: Language) -> JsonObject:
    facts = {name: _json_fact(fact) for name, fact in reason.facts.items()}
    return {
        "rule": rule,
        "code": reason.code,
        "facts": facts,
        "text": render_reason(reason, language),
    }


def _json_fact(fact: Fact) -> Fact:
    """Convert a fact to a type that JSON knows."""
    for kind in (str, int, float):
        if isinstance(fact, kind):
            return kind(fact)
    raise TypeError(f"{fact!r} is no fact")
