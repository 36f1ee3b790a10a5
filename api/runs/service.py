"""Access to the outputs of a run, and the comparison of two runs."""

import csv
import io
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

import orjson

from api.access.principal import Principal
from api.problems import RefusedError
from api.runs.schemas import PlacementDifference, RunComparison
from matcher.analysis.compare import PlacementChange, list_changes, measure_target_shift
from matcher.domain.errors import UnknownHouseholdError, UnknownMunicipalityError
from matcher.domain.placement import Placement, Plan
from matcher.domain.roles import Role
from matcher.jobs.what_if import load_run_problem
from matcher.problem.problem import Problem
from matcher.store import runs
from matcher.store.errors import ErasedError
from matcher.store.runs import Output, Run
from matcher.store.store import Store

AGGREGATE_OUTPUTS = frozenset({"policy", "result", "result.afresh", "prices", "difference"})
"""Outputs that show no household; all other outputs need a role that may see households."""
COMPARED_MEASURES = ("placed", "unplaced", "expected_stayers", "person_days", "points", "terms")


def may_see_households(principal: Principal) -> bool:
    """Return whether a caller may see whole plans."""
    return bool(principal.roles & {Role.CASEWORKER, Role.AUDITOR})


def may_see_request(principal: Principal, run: Run) -> bool:
    """Return whether a caller may see the request of a run, and why it failed."""
    return (
        may_see_households(principal)
        or Role.OPERATOR in principal.roles
        or run.asked_by == principal.id
    )


def visible_output(store: Store, principal: Principal, run: str, name: str) -> Output:
    """Return an output of a run, after checking that the caller may see it.

    Raises
    ------
    UnknownRunError
        When there is no such run.
    RefusedError
        403 when the caller may not see it, 404 when the run has no such output.
    """
    runs.get_run(store, run)
    if name not in AGGREGATE_OUTPUTS and not may_see_households(principal):
        raise RefusedError(
            HTTPStatus.FORBIDDEN, f"{name} shows households: this takes the role caseworker"
        )
    return _output(store, run, name)


def build_comparison(store: Store, principal: Principal, first: str, second: str) -> RunComparison:
    """Compare two runs by their outputs.

    Raises
    ------
    UnknownRunError
        When there is no such run.
    RefusedError
        404 when a run has no plan.
    """
    first_result, second_result = _result(store, first), _result(store, second)
    first_plan, second_plan = _plan(store, first), _plan(store, second)
    differing = list_changes(first_plan, second_plan)
    kinds = [change.kind for change in differing]
    same_policy = first_result["hashes"]["policy"] == second_result["hashes"]["policy"]
    problems = _problems(store, first, second)
    return RunComparison(
        first=_measures(first_result),
        second=_measures(second_result),
        same_instance=problems is not None and problems[0].tables.hash == problems[1].tables.hash,
        same_policy=same_policy,
        target_shift=_target_shift(*problems, first_plan) if problems and same_policy else None,
        moved=kinds.count("moved"),
        placed=kinds.count("placed"),
        left_out=kinds.count("left out"),
        changes=_moves(differing) if may_see_households(principal) else None,
    )


def _problems(store: Store, first: str, second: str) -> tuple[Problem, Problem] | None:
    """Return what two runs planned, without what was suggested before; None where it is erased."""
    try:
        return load_run_problem(store, first), load_run_problem(store, second)
    except ErasedError:
        return None


def _target_shift(first: Problem, second: Problem, plan: Plan) -> dict[str, float] | None:
    """Return what the second run's targets do to the first plan; None without comparable queues."""
    try:
        return dict(measure_target_shift(first, second, plan).terms)
    except (UnknownHouseholdError, UnknownMunicipalityError):
        return None


def _output(store: Store, run: str, name: str) -> Output:
    stored = runs.find_output(store, run, name)
    if stored is None:
        available = ", ".join(o.name for o in runs.list_outputs(store, run)) or "nothing yet"
        raise RefusedError(
            HTTPStatus.NOT_FOUND, f"run {run} has left no {name}; it left {available}"
        )
    return stored


def _result(store: Store, run: str) -> dict[str, Any]:
    runs.get_run(store, run)
    result: dict[str, Any] = orjson.loads(_output(store, run, "result").body or b"{}")
    return result


def _plan(store: Store, run: str) -> Plan:
    text = (_output(store, run, "plan").body or b"").decode()
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    return Plan(tuple(Placement(row["household"], row["municipality"]) for row in rows))


def _measures(result: dict[str, Any]) -> dict[str, Any]:
    return {name: result["measures"][name] for name in COMPARED_MEASURES}


def _moves(differing: Iterable[PlacementChange]) -> list[PlacementDifference]:
    return [
        PlacementDifference(household=c.household, kind=c.kind, first=c.first, second=c.second)
        for c in differing
    ]
