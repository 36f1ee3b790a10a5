"""Step rank: suggest the best municipalities for each household, for the caseworkers."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from matcher.domain.option import Option
from matcher.domain.reason import Reason
from matcher.domain.tables.vocabulary import split_unit
from matcher.jobs.job_context import JobContext, JobOutput
from matcher.jobs.night.night_run import NightRun
from matcher.problem.plan_usage import PlanUsage
from matcher.problem.problem import Problem
from matcher.ranking.price_list import PriceList
from matcher.ranking.rank import Ranking, rank_units
from matcher.ranking.wish_answers import answer_wishes
from matcher.solve.result import Result

MAX_SUGGESTIONS = 5
"""Maximum number of municipalities suggested for a household."""
OPTIONS_WITH_REASONS = 3
"""Number of first options with reasons for their points; the others have points only."""
UNITS_PER_BLOCK = 250
"""Number of placing units ranked at a time; limits the memory for the queue of a year."""
TERMS_IN_FIELDS = frozenset({"stay", "speed"})
"""Terms whose reasons are fields of an option: ``stay`` with its interval, ``earliest``."""


def suggest_municipalities(
    problem: Problem, result: Result, top: int = MAX_SUGGESTIONS
) -> list[dict[str, Any]]:
    """Rank the municipalities of all households, and return the best of each with reasons.

    Parameters
    ----------
    problem : Problem
    result : Result
        A result with a plan and its prices.
    top : int
        Maximum number of municipalities for each household.

    Returns
    -------
    list of dict
        One per household, in the order of the queue: ``household``, ``linked`` (the other
        households of its placing unit), ``persons``, ``days_waited``, ``planned`` (municipality
        number or None), ``allowed`` (how many municipalities), ``wishes`` (those stated in the
        unit, each with its answer) and ``options``, best first, with
        the fields of :class:`Option` and ``reasons`` and ``cautions`` as codes with facts.
    """
    entries = {ranking.unit: _unit_entry(ranking, top) for ranking in _rank_queue(problem, result)}
    return [
        {
            "household": household.id,
            "linked": _linked(problem, household.id),
            **entries[problem.unit_row(household.id)],
        }
        for household in problem.instance.households
    ]


def _rank_queue(problem: Problem, result: Result) -> Iterator[Ranking]:
    """Yield the ranking of every placing unit."""
    assert result.prices is not None and result.choice is not None
    prices, usage = PriceList.of(problem, result.prices), PlanUsage(problem, result.choice)
    units = np.arange(len(problem.households))
    for start in range(0, len(units), UNITS_PER_BLOCK):
        yield from rank_units(problem, units[start : start + UNITS_PER_BLOCK], prices, usage)


def _linked(problem: Problem, household: str) -> list[str]:
    members = split_unit(str(problem.households.id[problem.unit_row(household)]))
    return [member for member in members if member != household]


def _unit_entry(ranking: Ranking, top: int) -> dict[str, Any]:
    """Build what all households of a placing unit are suggested."""
    h = ranking.rule_checks.households
    return {
        "persons": int(h.size[ranking.row]),
        "days_waited": int(h.days_waited[ranking.row]),
        "planned": ranking.planned_municipality,
        "allowed": int(ranking.allowed_by_all.sum()),
        "wishes": [answer.json_values() for answer in answer_wishes(ranking)],
        "options": [_option_entry(ranking, option) for option in ranking.best(top)],
    }


def _option_entry(ranking: Ranking, option: Option) -> dict[str, Any]:
    values = option.json_values()
    # Only allowed municipalities are suggested.
    del values["allowed"]
    with_reasons = option.rank <= OPTIONS_WITH_REASONS
    return {
        **values,
        "reasons": list(_reasons(ranking, option)) if with_reasons else [],
        "cautions": [_reason_facts(v.rule, v.reason) for v in ranking.cautions(option)],
    }


def _reasons(ranking: Ranking, option: Option) -> Iterator[dict[str, Any]]:
    """Yield the reason of each term whose points do not round to 0."""
    parts = {**option.by_term, **option.dispersion}
    in_fields = TERMS_IN_FIELDS if option.stay is not None else TERMS_IN_FIELDS - {"stay"}
    terms = {term for term, points in parts.items() if round(points)} - in_fields
    for term, reason in ranking.reasons(option, terms).items():
        yield _reason_facts(term, reason)


def _reason_facts(identifier: str, reason: Reason) -> dict[str, Any]:
    facts = {name: _plain(fact) for name, fact in reason.facts.items()}
    return {"id": identifier, "code": reason.code, "facts": facts}


def _plain(fact: Any) -> Any:
    """Convert a fact to a JSON value; NumPy numbers and numeric subclasses become plain numbers."""
    if isinstance(fact, float | np.floating):
        return float(fact)
    return int(fact) if isinstance(fact, int | np.integer) else str(fact)


def rank_queue(night: NightRun, context: JobContext) -> Mapping[str, JobOutput]:
    """Rank municipalities for every household; this proposes nothing to any municipality."""
    return {"suggestions": JobOutput.of_json(suggest_municipalities(night.problem, night.result))}
