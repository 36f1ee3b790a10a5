"""Conversion of a ranking to the answer of the service: plain values, ready for JSON."""

from collections.abc import Iterable
from typing import Any

from matcher.explain import Explanation
from matcher.live.live import Live
from matcher.live.night import Night
from matcher.live.notes import told
from matcher.ranking import Option, Ranking
from matcher.shapes import Fact, Reason
from matcher.texts import Language, render, title
from matcher.verdicts import Verdict

POINTS, SHARE = 3, 4
"""Decimals of points, and of probabilities."""
Facts = dict[str, Any]


def placements(
    live: Live,
    household: str,
    language: Language,
    *,
    limit: int,
    barred: bool,
    municipality: str | None = None,
) -> Facts:
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
    ranking = live.ranking(household)
    if municipality is not None:
        options = [_option_with_reasons(ranking, ranking.option(municipality), language)]
    else:
        ranked = ranking.options[:limit] if barred else ranking.best(limit)
        options = [_option(ranking, option, language) for option in ranked]
    return {
        **_basis(live, household, ranking, language),
        "considered": len(ranking),
        "allowed": int(ranking.verdicts.open.sum()),
        "options": options,
    }


def explained(live: Live, household: str, language: Language, municipality: str | None) -> Facts:
    """Build the explanation of a placement, and of why not the municipality, if one is named."""
    explanation = live.explanation(household)
    ranking, planned = explanation.ranking, explanation.here
    return {
        **_basis(live, household, ranking, language),
        "here": None if planned is None else _option_with_reasons(ranking, planned, language),
        "open_to": explanation.open_to,
        "taken": explanation.taken,
        "better_alone": [option.municipality for option in explanation.better_alone],
        "requirements": [
            {"rule": r.rule, "bars": r.bars, "opens": r.opens, "places": r.places}
            for r in explanation.requirements
        ],
        "there": None if municipality is None else _why_not(explanation, municipality, language),
    }


def _why_not(explanation: Explanation, municipality: str, language: Language) -> Facts:
    ranking, alternative = explanation.ranking, explanation.not_there(municipality)
    return {
        "option": _option_with_reasons(ranking, alternative.option, language),
        "is_there": municipality == ranking.planned,
        "difference": _rounded(alternative.difference.items()),
    }


def _basis(live: Live, household: str, ranking: Ranking, language: Language) -> Facts:
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
            {"code": note, "text": told(note, None if night is None else night.day, language)}
            for note in live.notes(household)
        ],
        "priced": ranking.priced,
        "planned": ranking.planned,
        "titles": {rule.id: title(rule.id, language) for rule in rule_types},
    }


def _night(night: Night, live: Live) -> Facts:
    policy = night.problem.policy
    return {
        "run": night.run,
        "day": night.day,
        "ended_at": night.ended_at,
        "days_old": (live.day - night.day).days,
        "based_on": night.based_on,
        "policy": {"name": policy.name, "hash": policy.hash},
    }


def _option_with_reasons(ranking: Ranking, option: Option, language: Language) -> Facts:
    return {**_option(ranking, option, language), "reasons": _reasons(ranking, option, language)}


def _option(ranking: Ranking, option: Option, language: Language) -> Facts:
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
        "stay": round(option.stay, SHARE),
        "stay_low": None if option.stay_low is None else round(option.stay_low, SHARE),
        "stay_high": None if option.stay_high is None else round(option.stay_high, SHARE),
        "open_places": option.open_places,
        "left": option.left,
        "earliest": option.earliest,
        "broken": [_verdict(v, language) for v in ranking.broken(option)],
        "cautions": [_verdict(v, language) for v in ranking.cautions(option)],
        "displaced": None if displaced is None else {"one_of": displaced.one_of},
        "reasons": None,
    }


def _reasons(ranking: Ranking, option: Option, language: Language) -> list[Facts]:
    return [_cause(rule, reason, language) for rule, reason in ranking.reasons(option).items()]


def _verdict(verdict: Verdict, language: Language) -> Facts:
    return _cause(verdict.rule, verdict.reason, language)


def _cause(rule: str, reason: Reason, language: Language) -> Facts:
    facts = {name: _json_fact(fact) for name, fact in reason.facts.items()}
    return {"rule": rule, "code": reason.code, "facts": facts, "text": render(reason, language)}


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
    return round(points, POINTS) + 0.0
