"""From a ranking to what the service answers: plain values, ready to be written."""

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
    live: Live, household: str, language: Language, *, limit: int, barred: bool,
    municipality: str | None = None,
) -> Facts:  # fmt: skip
    """Give ranked placements, or one of them with what its points rest on.

    Parameters
    ----------
    limit : int
        How many at the most.
    barred : bool
        Also those that a rule bars, after the others.
    municipality : str or None
        Only this one.
    """
    ranking = live.ranking(household)
    if municipality is not None:
        options = [_whole(ranking, ranking.option(municipality), language)]
    else:
        shown = ranking.options[:limit] if barred else ranking.best(limit)
        options = [_option(ranking, option, language) for option in shown]
    return {
        **_held(live, household, ranking, language),
        "considered": len(ranking),
        "allowed": int(ranking.verdicts.open.sum()),
        "options": options,
    }


def explained(live: Live, household: str, language: Language, municipality: str | None) -> Facts:
    """Give why a household is where the plan has it, and not in a municipality if one is named."""
    found = live.explanation(household)
    ranking = found.ranking
    return {
        **_held(live, household, ranking, language),
        "here": None if found.here is None else _whole(ranking, found.here, language),
        "open_to": found.open_to,
        "taken": found.taken,
        "better_alone": [option.municipality for option in found.better_alone],
        "requirements": [
            {"rule": r.rule, "bars": r.bars, "opens": r.opens, "places": r.places}
            for r in found.requirements
        ],
        "there": None if municipality is None else _there(found, municipality, language),
    }


def _there(found: Explanation, municipality: str, language: Language) -> Facts:
    there = found.not_there(municipality)
    return {
        "option": _whole(found.ranking, there.option, language),
        "is_there": municipality == found.ranking.planned,
        "difference": _rounded(there.difference.items()),
    }


def _held(live: Live, household: str, ranking: Ranking, language: Language) -> Facts:
    night = live.night
    selection = live.problem.selection
    shapes = (
        *selection.pair_rules, *selection.budgets, *selection.terms, *selection.spread_terms
    )  # fmt: skip
    return {
        "household": household,
        "linked": [one for one in ranking.household.split("+") if one != household],
        "day": live.day,
        "version": live.version,
        "night": None if night is None else _night(night, live),
        "notes": [
            {"code": note, "text": told(note, None if night is None else night.day, language)}
            for note in live.notes(household)
        ],
        "priced": ranking.priced,
        "planned": ranking.planned,
        "titles": {shape.id: title(shape.id, language) for shape in shapes},
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


def _whole(ranking: Ranking, option: Option, language: Language) -> Facts:
    return {**_option(ranking, option, language), "reasons": _why(ranking, option, language)}


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


def _why(ranking: Ranking, option: Option, language: Language) -> list[Facts]:
    return [_cause(of, reason, language) for of, reason in ranking.reasons(option).items()]


def _verdict(verdict: Verdict, language: Language) -> Facts:
    return _cause(verdict.rule, verdict.reason, language)


def _cause(of: str, reason: Reason, language: Language) -> Facts:
    facts = {name: _plain(fact) for name, fact in reason.facts.items()}
    return {"rule": of, "code": reason.code, "facts": facts, "text": render(reason, language)}


def _plain(fact: Fact) -> Fact:
    """A fact of a kind that JSON knows."""
    for kind in (str, int, float):
        if isinstance(fact, kind):
            return kind(fact)
    raise TypeError(f"{fact!r} is no fact")


def _rounded(values: Iterable[tuple[str, float]]) -> dict[str, float]:
    return {name: _round(value) for name, value in values}


def _round(points: float) -> float:
    """Round points; adding nothing makes a zero with a minus a plain one."""
    return round(points, POINTS) + 0.0
