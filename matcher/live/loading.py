"""Reads a complete night back from the store."""

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
    """Give a complete night.

    Parameters
    ----------
    store : Store
    identifier : str
        Of its run.
    now : Standing
        The store after the night began; what has not changed since is not read again.

    Raises
    ------
    UnknownRunError
        When there is no such run.
    UnusableNightError
        When it is not complete.
    """
    found = run(store, identifier)
    if found.based_on is None or found.ended_at is None:
        raise UnusableNightError(f"night {identifier} is {found.status}; only a complete one holds")
    facts = orjson.loads(_body(store, identifier, "result"))
    held = facts["policy_content"]
    policy = Policy(facts["policy"], rules=held["rules"], terms=held["terms"])
    with store.reading() as connection:
        then = now.before(connection, found.based_on).instance
    problem = Problem.of(then.replace(today=found.day), policy)
    # Read to the last bit, so that a night's ranking is the night's own.
    rows = rows_of(_body(store, identifier, "prices").decode())
    prices = PriceList.of(problem, prices_from(rows, problem, float(facts["placed_price"])))
    plan = _plan(_body(store, identifier, "plan"))
    return Night(identifier, found.day, found.based_on, found.ended_at, problem, prices, plan)


def _plan(body: bytes) -> Plan:
    rows = csv.DictReader(body.decode().splitlines())
    return Plan(tuple(Placement(row["household"], row["municipality"]) for row in rows))


def _body(store: Store, run: str, name: str) -> bytes:
    found = output(store, run, name)
    if found is None or found.body is None:
        raise UnusableNightError(f"night {run} has no {name}; run the night again")
    return found.body
