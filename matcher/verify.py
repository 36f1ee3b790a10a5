"""Check a saved plan again from the files, without a line of any solver.

The rules and the values come from the tables alone, the bound of level 2 from the saved prices.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher.domain import Plan
from matcher.errors import TreffsikkerError
from matcher.price_bound import PriceRow, price_bound
from matcher.problem import Problem
from matcher.program import PER_POINT, Choice, Program
from matcher.score import Score, score

CLOSE = 1e-6
"""Relative distance up to which a stated bound counts as the one that the prices give."""
EXACT = 1e-9
"""Relative gap below which there is none."""
ROUNDING = 0.01
"""Thousandths that rounding errors may have added to a bound."""


@dataclass(frozen=True, slots=True)
class Finding:
    """An answer to one question about a saved plan.

    Parameters
    ----------
    code : str
        Question and answer, such as ``"rules.kept"``; names a sentence.
    agrees : bool or None
        Whether the files bear out what is stated; None where that cannot be told.
    facts : mapping
        Values for the sentence's placeholders.
    """

    code: str
    agrees: bool | None
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Verification:
    """All findings about a saved plan, in the order in which they were asked."""

    findings: tuple[Finding, ...]

    @property
    def agrees(self) -> bool:
        """Whether nothing speaks against the plan or what is stated of it."""
        return all(f.agrees is not False for f in self.findings)


def verify(
    problem: Problem, plan: Plan, stated: Mapping[str, Any], prices: Sequence[PriceRow] | None
) -> Verification:
    """Check a saved plan against the files.

    Parameters
    ----------
    problem : Problem
        The files under the policy of the plan, read again.
    plan : Plan
        The saved placements.
    stated : mapping
        What was saved of the plan: the contents of ``result.json``.
    prices : sequence of (rule, group, layer, price in points) or None
        The saved prices; None when there are none.
    """
    same = tuple(_hashes(problem, stated))
    sound, choice = _read(problem, plan)
    if choice is None:
        return Verification((*same, sound))
    found = score(problem.program, choice)
    rules = _rules(problem, found, choice)
    checked = [*same, sound, rules, *_values(found, stated), _claims(found, stated)]
    if not found.broken:
        checked.append(_places(problem.program, found))
        checked.append(_bound(problem.program, found, stated, prices))
    return Verification(tuple(checked))


def _hashes(problem: Problem, stated: Mapping[str, Any]) -> Iterator[Finding]:
    found = {"instance": problem.tables.hash, "policy": problem.policy.hash}
    for what, value in found.items():
        claimed = _part(stated, "hashes").get(what)
        same = claimed == value
        facts = {"stated": claimed, "found": value, "policy": problem.policy.name}
        yield Finding(f"{what}.{'same' if same else 'other'}", same, facts)


def _read(problem: Problem, plan: Plan) -> tuple[Finding, Choice | None]:
    """Find the placements in the files; None when they are of other households or places."""
    try:
        choice = problem.choice(plan)
    except (TreffsikkerError, ValueError) as error:
        return Finding("plan.unreadable", False, {"why": str(error)}), None
    whole = {p.household: p for p in problem.plan(choice)}
    missing = sorted(set(whole) - {p.household for p in plan})
    if missing:
        return Finding("plan.parted", False, {"households": missing}), choice
    early = [p.household for p in plan if p.earliest != whole[p.household].earliest]
    if early:
        return Finding("plan.dates", False, {"households": early}), choice
    return Finding("plan.sound", True, {"placements": len(plan)}), choice


def _rules(problem: Problem, found: Score, choice: Choice) -> Finding:
    rules = len(problem.selection.pair_rules) + len(problem.selection.budgets)
    if not found.broken:
        return Finding("rules.kept", True, {"rules": rules})
    return Finding("rules.broken", False, {"broken": _broken(problem, found, choice)})


def _broken(problem: Problem, found: Score, choice: Choice) -> list[dict[str, str]]:
    """Each broken rule with the household or the municipalities it is broken for."""
    names = problem.municipalities.name
    groups = {r.id: r.group for r in problem.program.resources}
    out: list[dict[str, str]] = []
    for broken in found.broken:
        if broken.unit is not None:
            out += _barred(problem, broken.unit, int(choice[broken.unit]))
            continue
        where = names[groups[broken.rule] == broken.group]
        out.append({"rule": broken.rule, "who": ", ".join(map(str, where))})
    return out


def _barred(problem: Problem, unit: int, municipality: int) -> list[dict[str, str]]:
    """Each pair rule that bars a unit from a municipality."""
    one, m = problem.households.take([unit]), problem.municipalities
    who = f"{problem.households.id[unit]} – {m.name[municipality]}"
    shape = (1, len(m))
    return [
        {"rule": rule.id, "who": who}
        for rule in problem.selection.pair_rules
        if not np.broadcast_to(rule.allowed(one, m), shape)[0, municipality]
    ]


def _values(found: Score, stated: Mapping[str, Any]) -> Iterator[Finding]:
    """Values level by level, the parts of the second, and the persons."""
    for level, value in enumerate((found.weight, found.value), 1):
        claimed = _level(stated, level).get("value")
        same = _thousandths(claimed) == value
        facts = {"stated": claimed, "found": value / PER_POINT}
        yield Finding(f"level_{level}.{'same' if same else 'other'}", same, facts)
    measures = _part(stated, "measures")
    terms = _part(measures, "terms")
    other = [t for t, v in found.terms.items() if _thousandths(terms.get(t)) != v]
    other += sorted(set(terms) - set(found.terms))
    persons = {"placed": found.placed, "unplaced": found.unplaced}
    other += [name for name, n in persons.items() if measures.get(name) != n]
    if _thousandths(measures.get("points")) != found.value:
        other.append("points")
    code = "measures.other" if other else "measures.same"
    yield Finding(code, not other, {"parts": other, **persons})


def _claims(found: Score, stated: Mapping[str, Any]) -> Finding:
    """Stated bounds are not below the values, and gaps and outcome follow from both."""
    gaps: list[float | None] = []
    for level, value in enumerate((found.weight, found.value), 1):
        facts = _level(stated, level)
        bound, gap = _thousandths(facts.get("bound")), _number(facts.get("gap"))
        if bound is not None and bound < value:
            shown = {"level": level, "stated": facts["bound"], "value": value / PER_POINT}
            return Finding("claims.below", False, shown)
        gaps.append(None if bound is None else _gap(bound, value))
        if abs(_or_never(gap) - _or_never(gaps[-1])) > CLOSE:
            shown = {"level": level, "stated": facts.get("gap"), "found": gaps[-1]}
            return Finding("claims.gap", False, shown)
    expected = _outcome(gaps, _number(stated.get("asked_gap")) or 0.0)
    same = stated.get("outcome") == expected
    facts = {"stated": stated.get("outcome"), "found": expected}
    return Finding("claims.sound" if same else "claims.outcome", same, facts)


def _outcome(gaps: Sequence[float | None], asked: float) -> str:
    known = [gap for gap in gaps if gap is not None]
    if len(known) < len(gaps):
        return "unproved"
    first, second = known
    return "proved" if first <= EXACT and second <= asked + EXACT else "gap"


def _or_never(gap: float | None) -> float:
    """A gap as a number, with -1 for none."""
    return -1.0 if gap is None else gap


def _places(program: Program, found: Score) -> Finding:
    """Level 1 is proved here when all that fit anywhere are placed; else it is not rechecked."""
    most = int(program.weight[program.open.any(axis=1)].sum())
    facts = {"value": found.weight / PER_POINT, "bound": most / PER_POINT}
    if found.weight == most:
        return Finding("places.proved", True, facts)
    return Finding("places.open", None, {**facts, "gap": _gap(most, found.weight)})


def _bound(
    program: Program, found: Score, stated: Mapping[str, Any], rows: Sequence[PriceRow] | None
) -> Finding:
    """Compare the bound that the prices prove with the value and with the stated bound."""
    if rows is None:
        return Finding("bound.no_prices", None, {})
    try:
        placed = _number(stated.get("placed_price", 0.0))
        bound = price_bound(program, rows, found.weight, np.nan if placed is None else placed)
    except ValueError as error:
        return Finding("bound.unreadable", False, {"why": str(error)})
    whole = float(np.floor(bound + ROUNDING))
    claimed = _thousandths(_level(stated, 2).get("bound"))
    facts = {
        "value": found.value / PER_POINT,
        "bound": whole / PER_POINT,
        "gap": _gap(whole, found.value),
        "stated": None if claimed is None else claimed / PER_POINT,
        "stated_gap": None if claimed is None else _gap(claimed, found.value),
    }
    if bound < found.value - CLOSE * abs(found.value) - 1:
        return Finding("bound.below", False, facts)
    if claimed is None:
        return Finding("bound.unstated", True, facts)
    confirmed = whole <= claimed + CLOSE * abs(claimed)
    return Finding("bound.confirmed" if confirmed else "bound.looser", True, facts)


def _gap(bound: float, value: float) -> float:
    """Relative distance of thousandths, as results state it."""
    return max(0.0, bound - value) / max(float(PER_POINT), abs(bound))


def _part(stated: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = stated.get(key)
    return part if isinstance(part, Mapping) else {}


def _level(stated: Mapping[str, Any], level: int) -> Mapping[str, Any]:
    levels = stated.get("levels")
    if not isinstance(levels, Sequence) or len(levels) < level:
        return {}
    found = levels[level - 1]
    return found if isinstance(found, Mapping) else {}


def _number(value: Any) -> float | None:
    real = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if real and np.isfinite(value) else None


def _thousandths(value: Any) -> int | None:
    number = _number(value)
    return None if number is None else round(number * PER_POINT)
