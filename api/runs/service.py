"""Access to the outputs of a run, and the comparison of two runs."""

import csv
import io
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

import orjson

from api.access import Principal, Role
from api.problems import RefusedError
from api.runs.schemas import Compared, Moved
from matcher.compare import Change, changes
from matcher.domain import Placement, Plan
from matcher.store.database import Store, runs
from matcher.store.database.runs import Output, Run

AGGREGATED = frozenset({"policy", "result", "prices", "difference"})
"""Outputs that show no household; all other outputs need a role that may see households."""
MEASURED = ("placed", "unplaced", "expected_stayers", "person_days", "points", "terms")


def sees_households(who: Principal) -> bool:
    """Return whether a caller may see whole plans."""
    return bool(who.roles & {Role.CASEWORKER, Role.AUDITOR})


def sees_question(who: Principal, run: Run) -> bool:
    """Return whether a caller may see the request of a run, and why it failed."""
    return sees_households(who) or Role.OPERATOR in who.roles or run.asked_by == who.id


def output_for(store: Store, who: Principal, run: str, name: str) -> Output:
    """Return an output of a run, after checking that the caller may see it.

    Raises
    ------
    UnknownRunError
        When there is no such run.
    RefusedError
        403 when the caller may not see it, 404 when the run has no such output.
    """
    runs.run(store, run)
    if name not in AGGREGATED and not sees_households(who):
        raise RefusedError(
            HTTPStatus.FORBIDDEN, f"{name} shows households: this takes the role caseworker"
        )
    return _output(store, run, name)


def compared(store: Store, who: Principal, first: str, second: str) -> Compared:
    """Compare two runs by their outputs.

    Raises
    ------
    UnknownRunError
        When there is no such run.
    RefusedError
        404 when a run has no plan.
    """
    first_result, second_result = _result(store, first), _result(store, second)
    differing = changes(_plan(store, first), _plan(store, second))
    kinds = [change.kind for change in differing]
    return Compared(
        first=_measures(first_result),
        second=_measures(second_result),
        same_instance=first_result["hashes"]["instance"] == second_result["hashes"]["instance"],
        same_policy=first_result["hashes"]["policy"] == second_result["hashes"]["policy"],
        moved=kinds.count("moved"),
        placed=kinds.count("placed"),
        left_out=kinds.count("left out"),
        changes=_moves(differing) if sees_households(who) else None,
    )


def _output(store: Store, run: str, name: str) -> Output:
    stored = runs.output(store, run, name)
    if stored is None:
        available = ", ".join(o.name for o in runs.outputs(store, run)) or "nothing yet"
        raise RefusedError(
            HTTPStatus.NOT_FOUND, f"run {run} has left no {name}; it left {available}"
        )
    return stored


def _result(store: Store, run: str) -> dict[str, Any]:
    runs.run(store, run)
    result: dict[str, Any] = orjson.loads(_output(store, run, "result").body or b"{}")
    return result


def _plan(store: Store, run: str) -> Plan:
    text = (_output(store, run, "plan").body or b"").decode()
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    return Plan(tuple(Placement(row["household"], row["municipality"]) for row in rows))


def _measures(result: dict[str, Any]) -> dict[str, Any]:
    return {name: result["measures"][name] for name in MEASURED}


def _moves(differing: Iterable[Change]) -> list[Moved]:
    return [
        Moved(household=c.household, kind=c.kind, first=c.first, second=c.second) for c in differing
    ]
