"""Load a complete night from the store."""

import csv

import orjson

from matcher.domain import Placement, Plan
from matcher.errors import TreffsikkerError
from matcher.live.night import Night
from matcher.policy import Policy
from matcher.price_list import PriceList
from matcher.problem import Problem
from matcher.store.database.following import Standing
from matcher.store.database.runs import output, run
from matcher.store.database.store import Store
from matcher.store.price_rows import prices_from, rows_of


class UnusableNightError(TreffsikkerError):
    """A complete night lacks something that a ranking needs."""


def load_night(store: Store, identifier: str, now: Standing) -> Night:
    """Load a complete night.

    Parameters
    ----------
    store : Store
    identifier : str
        Identifier of its run.
    now : Standing
        The current instance; what has not changed since the night is not read again.

    Raises
    ------
    UnknownRunError
        When there is no such run.
    UnusableNightError
        When the night is not complete, or lacks an output.
    """
    night_run = run(store, identifier)
    if night_run.based_on is None or night_run.ended_at is None:
        raise UnusableNightError(
            f"night {identifier} is {night_run.status}; only a complete one holds"
        )
    facts = orjson.loads(_body(store, identifier, "result"))
    content = facts["policy_content"]
    policy = Policy(facts["policy"], rules=content["rules"], terms=content["terms"])
    with store.reading() as connection:
        instance = now.before(connection, night_run.based_on).instance
    problem = Problem.of(instance.replace(today=night_run.day), policy)
    # Prices are read back exactly, so that rankings equal those of the night itself.
    rows = rows_of(_body(store, identifier, "prices").decode())
    prices = PriceList.of(problem, prices_from(rows, problem, float(facts["placed_price"])))
    plan = _plan(_body(store, identifier, "plan"))
    return Night(
        identifier, night_run.day, night_run.based_on, night_run.ended_at, problem, prices, plan
    )


def _plan(body: bytes) -> Plan:
    rows = csv.DictReader(body.decode().splitlines())
    return Plan(tuple(Placement(row["household"], row["municipality"]) for row in rows))


def _body(store: Store, run: str, name: str) -> bytes:
    stored = output(store, run, name)
    if stored is None or stored.body is None:
        raise UnusableNightError(f"night {run} has no {name}; run the night again")
    return stored.body
