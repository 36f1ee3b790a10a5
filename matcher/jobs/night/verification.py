"""Verify a stored plan: rules, values, hashes, and the bound that its prices prove."""

from typing import Any

from matcher.problem.problem import Problem
from matcher.problem.verify.price_bound import PriceRow
from matcher.problem.verify.verify import verify_plan
from matcher.report.results import SavedResult


def verify_saved_plan(problem: Problem, saved: SavedResult) -> dict[str, Any]:
    """Verify a plan without using the code of any solver.

    Returns
    -------
    dict
        ``agrees``, and ``findings``, each with code, agrees and facts.
    """
    checked = verify_plan(problem, saved.plan, saved.facts, _rows(saved))
    findings = [
        {"code": f.code, "agrees": f.agrees, "facts": dict(f.facts)} for f in checked.findings
    ]
    return {"agrees": checked.agrees, "findings": findings}


def _rows(saved: SavedResult) -> list[PriceRow] | None:
    if saved.prices is None:
        return None
    frame = saved.prices
    columns = (frame[name].tolist() for name in ("rule", "group", "layer", "price"))
    return list(zip(*columns, strict=True))
