"""Verify a saved plan against the files, without any code of a solver.

Rules and values are recomputed from the tables, what units use from the households themselves, and
the bound of level 2 from the saved prices.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher.domain.errors import TreffsikkerError
from matcher.domain.placement import Plan
from matcher.domain.tables.vocabulary import split_unit
from matcher.problem.problem import Problem
from matcher.problem.program import STEPS_PER_POINT, UNPLACED, Choice, Program
from matcher.problem.score import Score, score
from matcher.problem.verify.move_in_days import find_wrong_days
from matcher.problem.verify.price_bound import PriceRow, price_bound
from matcher.problem.verify.recount import list_miscounted, list_overfull

BOUND_TOLERANCE = 1e-6
"""Relative difference up to which a stated bound counts as equal to the bound from the prices."""
ZERO_GAP = 1e-9
"""Relative gap up to which a plan counts as optimal."""
ROUNDING_TOLERANCE = 0.01
"""Thousandths by which rounding errors may have changed a bound."""


@dataclass(frozen=True, slots=True)
class VerificationFinding:
    """The result of one check of a saved plan.

    Parameters
    ----------
    code : str
        Check and result, such as ``"rules.kept"``; the key of a sentence.
    agrees : bool or None
        Whether the files confirm what is stated; None where they cannot show it.
    facts : mapping
        Values for the sentence's placeholders.
    """

    code: str
    agrees: bool | None
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PlanVerification:
    """All findings about a saved plan, in the order of the checks."""

    findings: tuple[VerificationFinding, ...]

    @property
    def agrees(self) -> bool:
        """Whether no finding contradicts the plan or what is stated of it."""
        return all(f.agrees is not False for f in self.findings)


def verify_plan(
    problem: Problem, plan: Plan, saved_result: Mapping[str, Any], prices: Sequence[PriceRow] | None
) -> PlanVerification:
    """Verify a saved plan against the files.

    Parameters
    ----------
    problem : Problem
        The files under the policy of the plan, read anew.
    plan : Plan
        The saved placements.
    saved_result : mapping
        The contents of ``result.json``.
    prices : sequence of (rule, group, layer, price in points) or None
        The saved prices; None when no prices were saved.
    """
    hash_findings = tuple(_check_hashes(problem, saved_result))
    plan_finding, choice = _read_plan(problem, plan)
    if choice is None:
        return PlanVerification((*hash_findings, plan_finding))
    recomputed = score(problem.program, choice)
    findings = [*hash_findings, plan_finding, _check_rules(problem, recomputed, choice)]
    findings.append(_check_counts(problem, choice))
    findings += [*_check_values(recomputed, saved_result), _check_claims(recomputed, saved_result)]
    if not recomputed.broken_rules:
        findings.append(_check_places(problem.program, recomputed))
        findings.append(_check_bound(problem.program, recomputed, saved_result, prices))
    return PlanVerification(tuple(findings))


def _check_hashes(problem: Problem, stated: Mapping[str, Any]) -> Iterator[VerificationFinding]:
    hashes = {"instance": problem.tables.hash, "policy": problem.policy.hash}
    for subject, value in hashes.items():
        claimed = _part(stated, "hashes").get(subject)
        same = claimed == value
        facts = {"stated": claimed, "found": value, "policy": problem.policy.name}
        yield VerificationFinding(f"{subject}.{'same' if same else 'other'}", same, facts)


def _read_plan(problem: Problem, plan: Plan) -> tuple[VerificationFinding, Choice | None]:
    """Convert the plan to a choice; None when the files lack its households or municipalities."""
    try:
        choice = problem.to_choice(plan)
    except (TreffsikkerError, ValueError) as error:
        return VerificationFinding("plan.unreadable", False, {"why": str(error)}), None
    units = problem.households.id[choice != UNPLACED]
    placed = {household for unit in units for household in split_unit(str(unit))}
    missing = sorted(placed - {p.household for p in plan})
    if missing:
        return VerificationFinding("plan.parted", False, {"households": missing}), choice
    wrong = find_wrong_days(problem, plan)
    if wrong:
        facts = {"households": list(wrong), "days": [day.isoformat() for day in wrong.values()]}
        return VerificationFinding("plan.dates", False, facts), choice
    return VerificationFinding("plan.sound", True, {"placements": len(plan)}), choice


def _check_rules(problem: Problem, recomputed: Score, choice: Choice) -> VerificationFinding:
    rules = len(problem.selection.pair_rules) + len(problem.selection.budgets)
    if not recomputed.broken_rules:
        return VerificationFinding("rules.kept", True, {"rules": rules})
    return VerificationFinding(
        "rules.broken", False, {"broken": _list_broken(problem, recomputed, choice)}
    )


def _list_broken(problem: Problem, recomputed: Score, choice: Choice) -> list[dict[str, str]]:
    """Each broken rule, with the household or the municipalities for which it is broken."""
    names = problem.municipalities.name
    groups = {r.id: r.group for r in problem.program.resources}
    out: list[dict[str, str]] = []
    for broken in recomputed.broken_rules:
        if broken.unit is not None:
            out += _list_barring_rules(problem, broken.unit, int(choice[broken.unit]))
            continue
        municipalities = names[groups[broken.rule] == broken.group]
        out.append({"rule": broken.rule, "who": ", ".join(map(str, municipalities))})
    return out


def _list_barring_rules(problem: Problem, unit: int, municipality: int) -> list[dict[str, str]]:
    """Each pair rule that bars a unit from a municipality."""
    h, m = problem.households.take([unit]), problem.municipalities
    pair = f"{problem.households.id[unit]} – {m.name[municipality]}"
    shape = (1, len(m))
    return [
        {"rule": rule.id, "who": pair}
        for rule in problem.selection.pair_rules
        if not np.broadcast_to(rule.allowed(h, m), shape)[0, municipality]
    ]


def _check_counts(problem: Problem, choice: Choice) -> VerificationFinding:
    """Check what units use, and that it fits, counted from the households and not the tables."""
    miscounted = list_miscounted(problem)
    if miscounted:
        return VerificationFinding("counts.other", False, {"households": miscounted})
    overfull = list_overfull(problem, choice)
    if overfull:
        return VerificationFinding("counts.overfull", False, {"broken": overfull})
    return VerificationFinding("counts.same", True, {"units": len(problem.households)})


def _check_values(recomputed: Score, stated: Mapping[str, Any]) -> Iterator[VerificationFinding]:
    """Check the value of each level, the terms of level 2, and the numbers of persons."""
    for level, value in enumerate((recomputed.weight, recomputed.value), 1):
        claimed = _level(stated, level).get("value")
        same = _thousandths(claimed) == value
        facts = {"stated": claimed, "found": value / STEPS_PER_POINT}
        yield VerificationFinding(f"level_{level}.{'same' if same else 'other'}", same, facts)
    measures = _part(stated, "measures")
    terms = _part(measures, "terms")
    differing = [t for t, v in recomputed.terms.items() if _thousandths(terms.get(t)) != v]
    differing += sorted(set(terms) - set(recomputed.terms))
    persons = {"placed": recomputed.placed, "unplaced": recomputed.unplaced}
    differing += [name for name, count in persons.items() if measures.get(name) != count]
    if _thousandths(measures.get("points")) != recomputed.value:
        differing.append("points")
    code = "measures.other" if differing else "measures.same"
    yield VerificationFinding(code, not differing, {"parts": differing, **persons})


def _check_claims(recomputed: Score, stated: Mapping[str, Any]) -> VerificationFinding:
    """Check that stated bounds are not below the values, and that gaps and outcome follow."""
    gaps: list[float | None] = []
    for level, value in enumerate((recomputed.weight, recomputed.value), 1):
        facts = _level(stated, level)
        bound, gap = _thousandths(facts.get("bound")), _number(facts.get("gap"))
        if bound is not None and bound < value:
            claim = {"level": level, "stated": facts["bound"], "value": value / STEPS_PER_POINT}
            return VerificationFinding("claims.below", False, claim)
        gaps.append(None if bound is None else _gap(bound, value))
        if abs(_gap_or_minus_1(gap) - _gap_or_minus_1(gaps[-1])) > BOUND_TOLERANCE:
            claim = {"level": level, "stated": facts.get("gap"), "found": gaps[-1]}
            return VerificationFinding("claims.gap", False, claim)
    expected = _outcome(gaps, _number(stated.get("asked_gap")) or 0.0)
    same = stated.get("outcome") == expected
    facts = {"stated": stated.get("outcome"), "found": expected}
    return VerificationFinding("claims.sound" if same else "claims.outcome", same, facts)


def _outcome(gaps: Sequence[float | None], accepted_gap: float) -> str:
    """Outcome that the gaps of both levels imply."""
    known = [gap for gap in gaps if gap is not None]
    if len(known) < len(gaps):
        return "unproved"
    first, second = known
    return "proved" if first <= ZERO_GAP and second <= accepted_gap + ZERO_GAP else "gap"


def _gap_or_minus_1(gap: float | None) -> float:
    """A gap as a number, -1 for None."""
    return -1.0 if gap is None else gap


def _check_places(program: Program, recomputed: Score) -> VerificationFinding:
    """Check level 1: optimal when all units that fit anywhere are placed, else left open."""
    bound = int(program.weight[program.feasible_pairs.any(axis=1)].sum())
    facts = {"value": recomputed.weight / STEPS_PER_POINT, "bound": bound / STEPS_PER_POINT}
    if recomputed.weight == bound:
        return VerificationFinding("places.proved", True, facts)
    return VerificationFinding(
        "places.open", None, {**facts, "gap": _gap(bound, recomputed.weight)}
    )


def _check_bound(
    program: Program,
    recomputed: Score,
    stated: Mapping[str, Any],
    rows: Sequence[PriceRow] | None,
) -> VerificationFinding:
    """Compare the bound that the prices prove with the value and with the stated bound."""
    if rows is None:
        return VerificationFinding("bound.no_prices", None, {})
    try:
        placed_price = _number(stated.get("placed_price", 0.0))
        placed_price = np.nan if placed_price is None else placed_price
        bound = price_bound(program, rows, recomputed.weight, placed_price)
    except ValueError as error:
        return VerificationFinding("bound.unreadable", False, {"why": str(error)})
    whole_bound = float(np.floor(bound + ROUNDING_TOLERANCE))
    claimed = _thousandths(_level(stated, 2).get("bound"))
    facts = {
        "value": recomputed.value / STEPS_PER_POINT,
        "bound": whole_bound / STEPS_PER_POINT,
        "gap": _gap(whole_bound, recomputed.value),
        "stated": None if claimed is None else claimed / STEPS_PER_POINT,
        "stated_gap": None if claimed is None else _gap(claimed, recomputed.value),
    }
    if bound < recomputed.value - BOUND_TOLERANCE * abs(recomputed.value) - 1:
        return VerificationFinding("bound.below", False, facts)
    if claimed is None:
        return VerificationFinding("bound.unstated", True, facts)
    confirmed = whole_bound <= claimed + BOUND_TOLERANCE * abs(claimed)
    return VerificationFinding("bound.confirmed" if confirmed else "bound.looser", True, facts)


def _gap(bound: float, value: float) -> float:
    """Relative gap between a bound and a value in thousandths, as results state it."""
    return max(0.0, bound - value) / max(float(STEPS_PER_POINT), abs(bound))


def _part(stated: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = stated.get(key)
    return part if isinstance(part, Mapping) else {}


def _level(stated: Mapping[str, Any], level: int) -> Mapping[str, Any]:
    levels = stated.get("levels")
    if not isinstance(levels, Sequence) or len(levels) < level:
        return {}
    entry = levels[level - 1]
    return entry if isinstance(entry, Mapping) else {}


def _number(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and np.isfinite(value) else None


def _thousandths(value: Any) -> int | None:
    number = _number(value)
    return None if number is None else round(number * STEPS_PER_POINT)
