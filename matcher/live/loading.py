"""Reads a complete night back from the store."""

from io import BytesIO
from typing import Any

import orjson
import pandas as pd

from matcher.domain import Placement, Plan
from matcher.errors import TreffsikkerError
from matcher.live.night import Night
from matcher.policy import Policy
from matcher.price_list import PriceList
from matcher.problem import Problem
from matcher.store.database.planning import instance_after
from matcher.store.database.runs import output, run
from matcher.store.database.store import Store
from matcher.store.results import COLUMNS, prices_of


class UnusableNightError(TreffsikkerError):
    """A complete night lacks something that a ranking needs."""


def load_night(store: Store, identifier: str) -> Night:
    """Give a complete night.

    Parameters
    ----------
    store : Store
    identifier : str
        Of its run.

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
    content = _json(store, identifier, "policy")
    policy = Policy(content["name"], **content["content"])
    problem = Problem.of(instance_after(store, found.based_on, found.day), policy)
    frame = pd.read_csv(BytesIO(_body(store, identifier, "prices")), dtype=COLUMNS)
    placed = float(_json(store, identifier, "result")["placed_price"])
    prices = PriceList.of(problem, prices_of(frame, problem, placed))
    plan = _plan(_body(store, identifier, "plan"))
    return Night(identifier, found.day, found.based_on, found.ended_at, problem, prices, plan)


def _plan(body: bytes) -> Plan:
    frame = pd.read_csv(BytesIO(body), dtype=str, usecols=["household", "municipality"])
    return Plan(tuple(Placement(*row) for row in frame.itertuples(index=False)))


def _json(store: Store, run: str, name: str) -> Any:
    return orjson.loads(_body(store, run, name))


def _body(store: Store, run: str, name: str) -> bytes:
    found = output(store, run, name)
    if found is None or found.body is None:
        raise UnusableNightError(f"night {run} has no {name}; run the night again")
    return found.body
