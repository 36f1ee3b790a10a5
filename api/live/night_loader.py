"""Load a complete night from the store."""

import csv
from collections.abc import Mapping
from typing import Any

import orjson

from api.live.completed_night import CompletedNight
from matcher.domain.errors import TreffsikkerError
from matcher.domain.placement import Placement, Plan
from matcher.jobs.night.suggestions import read_suggestions
from matcher.policy.policy import Policy
from matcher.problem.problem import Problem
from matcher.ranking.price_list import PriceList
from matcher.report.price_rows import prices_from_rows, read_price_rows
from matcher.store.instance_projection import InstanceProjection
from matcher.store.runs import find_output, get_run
from matcher.store.store import Store


class UnusableNightError(TreffsikkerError):
    """A complete night lacks something that a ranking needs."""


def load_night(store: Store, identifier: str, projection: InstanceProjection) -> CompletedNight:
    """Load a complete night.

    Parameters
    ----------
    store : Store
    identifier : str
        Identifier of its run.
    projection : InstanceProjection
        The current instance; what has not changed since the night is not read again.

    Raises
    ------
    UnknownRunError
        When there is no such run.
    UnusableNightError
        When the night is not complete, or lacks an output.
    """
    night_run = get_run(store, identifier)
    if night_run.based_on is None or night_run.ended_at is None:
        raise UnusableNightError(
            f"night {identifier} is {night_run.status}; only a complete one holds"
        )
    facts = orjson.loads(_body(store, identifier, "result"))
    content = facts["policy_content"]
    policy = Policy(facts["policy"], rules=content["rules"], terms=content["terms"])
    with store.read_transaction() as connection:
        instance = projection.rewind(connection, night_run.based_on).instance
    suggestions = read_suggestions(_recorded(store, identifier))
    problem = Problem.of(instance.replace(today=night_run.day, suggestions=suggestions), policy)
    # Prices are read back exactly, so that rankings equal those of the night itself.
    rows = read_price_rows(_body(store, identifier, "prices").decode())
    prices = PriceList.of(problem, prices_from_rows(rows, problem, float(facts["placed_price"])))
    plan = _plan(_body(store, identifier, "plan"))
    return CompletedNight(
        identifier, night_run.day, night_run.based_on, night_run.ended_at, problem, prices, plan
    )


def _plan(body: bytes) -> Plan:
    rows = csv.DictReader(body.decode().splitlines())
    return Plan(tuple(Placement(row["household"], row["municipality"]) for row in rows))


def _recorded(store: Store, run: str) -> Mapping[str, Any]:
    """Return what the night was based on; nothing for nights that were not stored by the job."""
    stored = find_output(store, run, "instance")
    return {} if stored is None or stored.body is None else orjson.loads(stored.body)


def _body(store: Store, run: str, name: str) -> bytes:
    stored = find_output(store, run, name)
    if stored is None or stored.body is None:
        raise UnusableNightError(f"night {run} has no {name}; run the night again")
    return stored.body
