"""Step report: write the night on one page and as JSON, with the report of its plan."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

import numpy as np

from matcher.domain.tables.vocabulary import split_unit
from matcher.jobs.job_context import JobContext, JobOutput
from matcher.jobs.night.attention import collect_needs
from matcher.jobs.night.night_run import NightRun
from matcher.policy.rules.places_asked_for import PlacesAskedForBudget
from matcher.problem.problem import Problem
from matcher.problem.program import UNPLACED
from matcher.ranking.required_places import list_required_places
from matcher.ranking.rule_checks import RuleChecks
from matcher.ranking.wish_answers import count_outcomes
from matcher.report.change_sentences import change_sentences
from matcher.report.night_page import night_wording, render_night_page
from matcher.report.plan_page import answer_plan, html
from matcher.report.tables import unplaced_reasons
from matcher.solve.result import Result
from matcher.texts import Language

PAGES: Mapping[Language, tuple[str, str]] = {
    "nb": ("report.html", "plan.html"),
    "en": ("report.en.html", "plan.en.html"),
}
"""File names of the page of the night and of the page of its plan, by language."""
MAX_REASONS = 3
"""Maximum number of reasons for each unplaced household."""


def write_report(night: NightRun, context: JobContext) -> Mapping[str, JobOutput]:
    """Write the night's report as JSON and as a page, in both languages."""
    facts = collect_report_facts(night)
    outputs = {"report.json": JobOutput.of_json(facts)}
    for language, (night_name, plan_name) in PAGES.items():
        plan_page = html(night.problem, night.result, language=language)
        night_page = render_night_page(facts, language, plan_name)
        outputs |= {night_name: _html(night_page), plan_name: _html(plan_page)}
    return outputs


def _html(text: str) -> JobOutput:
    return JobOutput("text/html", text.encode())


def collect_report_facts(night: NightRun) -> dict[str, Any]:
    """Collect the facts of a night's report.

    Returns
    -------
    dict
        ``needs`` (what a person must check), ``queue``, ``placed`` and ``unplaced``, ``wishes``
        (stated ones by outcome), ``asked_for`` (open proposals by municipality), ``changes``
        since the night before, ``proof`` (levels with gaps, outcome, seconds), ``policy``,
        ``run``, and ``names`` of municipalities by number.
    """
    queue, facts = night.read_json_output("instance"), night.saved_result.facts
    changes = night.read_json_output("changes")
    unplaced = _unplaced(night.problem, night.result)
    return {
        "run": {
            "id": night.run.id,
            "day": night.run.day.isoformat(),
            "based_on": night.run.based_on,
            "attempts": night.run.attempts,
        },
        "queue": {key: queue[key] for key in ("name", "hash", "made_up", "municipalities")},
        "policy": _policy(night),
        "needs": collect_needs(night, unplaced),
        "counts": _counts(night, changes),
        "wishes": count_outcomes(answer_plan(night.problem, night.result)),
        "asked_for": _asked_for(night),
        "unplaced": unplaced,
        "changes": changes | {"moved": [_with_sentences(night, row) for row in changes["moved"]]},
        "predictions": night.read_json_output("predictions"),
        "proof": {
            key: facts[key]
            for key in ("outcome", "levels", "asked_gap", "seconds", "seed", "backend", "versions")
        },
        "names": {m.number: m.name for m in night.instance.municipalities},
    }


def _with_sentences(night: NightRun, moved: Mapping[str, Any]) -> dict[str, Any]:
    """Return a changed suggestion with its account in words, by language."""
    names = {m.number: m.name for m in night.instance.municipalities}

    def place(number: str | None) -> str:
        return "–" if number is None else names.get(number, number)

    texts = {
        language: change_sentences(moved["why"], night_wording(language), place)
        for language in PAGES
    }
    return {**moved, "text": texts}


def _policy(night: NightRun) -> dict[str, Any]:
    policy = night.read_json_output("policy")
    return {key: policy[key] for key in ("name", "version", "decided_by", "decided_on", "hash")}


def _counts(night: NightRun, changes: Mapping[str, Any]) -> dict[str, int]:
    """Count households and persons: in the queue, placed, and changed since the previous night."""
    sizes: Mapping[str, int] = night.read_json_output("instance")["households"]
    placed = night.saved_result.plan.municipality_of
    moved = changes["moved"]
    return {
        "households": len(sizes),
        "persons": sum(sizes.values()),
        "placed_households": len(placed),
        "placed_persons": sum(sizes[household] for household in placed),
        "new": len(changes["new"]),
        "gone": len(changes["gone"]),
        "moved": sum(bool(m["before"] and m["now"]) for m in moved),
        "placed_now": sum(bool(m["now"] and not m["before"]) for m in moved),
        "unplaced_now": sum(bool(m["before"] and not m["now"]) for m in moved),
    }


def _asked_for(night: NightRun) -> list[dict[str, Any]]:
    """List what municipalities are asked for beside what they have open, the fullest first.

    ``may_ask`` is how much the policy wants asked for at a time; None when it sets no limit.
    """
    problem, m = night.problem, night.problem.municipalities
    proposals = Counter(night.instance.earlier_plan.municipality_of.values())
    budgets = (b for b in problem.selection.budgets if isinstance(b, PlacesAskedForBudget))
    limits = [budget.may_be_asked(problem.households, m) for budget in budgets]
    rows = [
        {
            "municipality": str(m.number[j]),
            "open": int(problem.open_places[j]),
            "asked_for": int(m.asked_for[j]),
            "proposals": proposals[str(m.number[j])],
            "may_ask": int(limits[0][j]) if limits else None,
        }
        for j in np.flatnonzero(m.asked_for).tolist()
    ]
    return sorted(rows, key=lambda row: (row["open"] - row["asked_for"], row["municipality"]))


def _unplaced(problem: Problem, result: Result) -> list[dict[str, Any]]:
    """List unplaced households, the longest waiting first, with the reasons."""
    reasons = unplaced_reasons(problem, result)
    by_unit = {
        int(group.unit.iloc[0]): group.head(MAX_REASONS) for _, group in reasons.groupby("unit")
    }
    assert result.choice is not None
    rows = np.flatnonzero(result.choice == UNPLACED).tolist()
    rows.sort(key=lambda unit: (-int(problem.households.days_waited[unit]), unit))
    by_id = {h.id: h for h in problem.instance.households}
    return [
        {
            "household": household,
            "persons": by_id[household].size,
            "days_waited": int(problem.households.days_waited[unit]),
            "deadline": _day(by_id[household].settle_by),
            "reasons": [
                {"rule": str(rule), "municipalities": int(count), "next_year": int(next_year)}
                for rule, count, next_year in _reason_rows(by_unit.get(unit))
            ],
            "pinned": _pinned(problem, unit, by_id[household].pinned_to),
            "tied": _tied(problem, unit),
        }
        for unit in rows
        for household in split_unit(str(problem.households.id[unit]))
    ]


def _pinned(problem: Problem, unit: int, number: str | None) -> dict[str, Any] | None:
    """Return the pinned municipality and the rules that bar it; no rules when it is full."""
    if number is None or number not in problem.municipalities.row_of:
        return None
    row = problem.municipality_row(number)
    verdicts = RuleChecks.of_unit(problem, unit).broken_rules(0, row)
    return {"municipality": number, "rules": [verdict.rule for verdict in verdicts]}


def _tied(problem: Problem, unit: int) -> list[dict[str, Any]]:
    """List where close family ties a unit to, and why it cannot come there; none when full."""
    return [
        {"municipality": place.municipality, "reasons": [asdict(v.reason) for v in place.verdicts]}
        for place in list_required_places(RuleChecks.of_unit(problem, unit))
        if "family_tie" in place.because
    ]


def _reason_rows(group: Any) -> list[tuple[Any, Any, Any]]:
    if group is None:
        return []
    return list(zip(group.rule, group.municipalities, group.next_year, strict=True))


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
