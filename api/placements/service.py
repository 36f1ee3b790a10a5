"""Conversion of a ranking to the answer of the service: plain values, ready for JSON."""

from collections.abc import Iterable
from typing import Any

from api.live.completed_night import CompletedNight
from api.live.notes import note_text
from api.live.snapshot import LiveSnapshot
from matcher.domain.reason import Fact, Reason
from matcher.policy.reason_texts import render_reason, rule_title
from matcher.ranking.explain import Explanation
from matcher.ranking.options import Option, Ranking
from matcher.ranking.rule_checks import RuleVerdict
from matcher.texts import Language

POINT_DECIMALS, PROBABILITY_DECIMALS = 3, 4
"""Decimals of points, and of probabilities."""
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
        "allowed": int(ranking.rule_checks.allowed_by_all.sum()),
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
    }


def _why_not(explanation: Explanation, municipality: str, language: Language) -> JsonObject:
    ranking, alternative = explanation.ranking, explanation.why_not(municipality)
    return {
        "option": _option_with_reasons(ranking, alternative.option, language),
        "is_there": municipality == ranking.planned_municipality,
        "difference": _rounded(alternative.difference.items()),
    }


def _basis(live: LiveSnapshot, household: str, ranking: Ranking, language: Language) -> JsonObject:
    night = live.night
    selection = live.problem.selection
    rule_types = (
        *selection.pair_rules,
        *selection.budgets,
        *selection.terms,
        *selection.spread_terms,
    )
    return {
        "household": household,
        "linked": [name for name in ranking.household.split("+") if name != household],
        "day": live.day,
        "version": live.version,
        "night": None if night is None else _night(night, live),
        "notes": [
            {"code": note, "text": note_text(note, None if night is None else night.day, language)}
            for note in live.notes(household)
        ],
        "priced": ranking.priced,
        "planned": ranking.planned_municipality,
        "titles": {rule.id: rule_title(rule.id, language) for rule in rule_types},
    }


def _night(night: CompletedNight, live: LiveSnapshot) -> JsonObject:
    policy = night.problem.policy
    return {
        "run": night.run,
        "day": night.day,
        "ended_at": night.ended_at,
        "days_old": (live.day - night.day).days,
        "based_on": night.based_on,
        "policy": {"name": policy.name, "hash": policy.hash},
    }


def _option_with_reasons(ranking: Ranking, option: Option, language: Language) -> JsonObject:
    return {**_option(ranking, option, language), "reasons": _reasons(ranking, option, language)}


def _option(ranking: Ranking, option: Option, language: Language) -> JsonObject:
    displaced = ranking.displaced(option)
    return {
        "municipality": option.municipality,
        "name": option.name,
        "county": option.county,
        "allowed": option.allowed,
        "rank": option.rank,
        "own_rank": option.own_rank,
        "net": _round(option.net),
        "points": _round(option.points),
        "by_term": _rounded(option.by_term.items()),
        "dispersion": _rounded(option.dispersion.items()),
        "cost": _rounded(option.cost.items()),
        "stay": round(option.stay, PROBABILITY_DECIMALS),
        "stay_low": None
        if option.stay_low is None
        else round(option.stay_low, PROBABILITY_DECIMALS),
        "stay_high": None
        if option.stay_high is None
        else round(option.stay_high, PROBABILITY_DECIMALS),
        "open_places": option.open_places,
        "left": option.left,
        "earliest": option.earliest,
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


def _rounded(values: Iterable[tuple[str, float]]) -> dict[str, float]:
    return {name: _round(value) for name, value in values}


def _round(points: float) -> float:
    """Round points; adding 0.0 turns -0.0 into 0.0."""
    return round(points, POINT_DECIMALS) + 0.0
