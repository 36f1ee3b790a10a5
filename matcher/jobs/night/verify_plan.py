"""Step store: read the stored plan back, verify it, and compare it with the previous night."""

from collections.abc import Mapping
from typing import Any

from matcher.jobs.job_context import JobContext, JobOutput
from matcher.jobs.night.change_accounts import ChangeAccounts
from matcher.jobs.night.night_pair import NightPair
from matcher.jobs.night.night_run import NightRun
from matcher.problem.problem import Problem
from matcher.problem.verify.price_bound import PriceRow
from matcher.problem.verify.verify import verify_plan as verify_result
from matcher.report.results import SavedResult


def verify_plan(night: NightRun, context: JobContext) -> Mapping[str, JobOutput]:
    """Verify the plan as it is stored, without any solver, and list what changed and why."""
    verification = verify_saved_plan(night.problem, night.read_stored_result())
    return {
        "verification": JobOutput.of_json(verification),
        "changes": JobOutput.of_json(compare_with_previous_night(night)),
    }


def verify_saved_plan(problem: Problem, saved: SavedResult) -> dict[str, Any]:
    """Verify a plan without using the code of any solver.

    Returns
    -------
    dict
        ``agrees``, and ``findings``, each with code, agrees and facts.
    """
    checked = verify_result(problem, saved.plan, saved.facts, _price_rows(saved))
    findings = [
        {"code": f.code, "agrees": f.agrees, "facts": dict(f.facts)} for f in checked.findings
    ]
    return {"agrees": checked.agrees, "findings": findings}


def _price_rows(saved: SavedResult) -> list[PriceRow] | None:
    if saved.prices is None:
        return None
    frame = saved.prices
    columns = (frame[name].tolist() for name in ("rule", "group", "layer", "price"))
    return list(zip(*columns, strict=True))


def compare_with_previous_night(night: NightRun) -> dict[str, Any]:
    """Compare a night with the night that was in force when it began.

    Returns
    -------
    dict
        ``previous`` (the run, None for the first night), ``policy`` (whether it changed),
        ``new`` and ``gone`` households, and ``moved``: households of both nights with ``before``
        and ``now`` (municipality number, None for not placed) and ``why``, what happened and how
        it led there, in order, each a code with facts.
    """
    if night.previous is None:
        return {"previous": None, "policy": False, "new": [], "gone": [], "moved": [], "same": 0}
    pair = NightPair(night, night.previous)
    old, new = pair.plans
    accounts = ChangeAccounts(pair) if pair.differing else None
    moved = [
        {"household": h, "before": old.get(h), "now": new.get(h), "why": accounts.of(h)}
        for h in pair.differing
        if accounts is not None
    ]
    return {
        "previous": night.previous.run.id,
        "policy": pair.other_policy,
        "new": [
            {"household": h, "now": new.get(h)} for h in pair.queue if h not in pair.previous_queue
        ],
        "gone": [_gone(pair, household) for household in pair.gone],
        "moved": moved,
        "same": sum(household in pair.previous_queue for household in pair.queue) - len(moved),
    }


def _gone(pair: NightPair, household: str) -> dict[str, Any]:
    state = pair.state_of(household)
    return {
        "household": household,
        "before": pair.plans[0].get(household),
        "status": None if state is None else str(state.status),
        "municipality": None if state is None else state.municipality,
    }
