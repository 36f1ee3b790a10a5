"""Contents: the payloads of events as JSON text, each text stored once under its hash."""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

import numpy as np
from pydantic import TypeAdapter
from sqlalchemy import Connection, insert, select

from matcher.domain.household import Household
from matcher.domain.instance import PairProbabilities, TravelTime
from matcher.domain.municipality import Dwelling, Municipality
from matcher.domain.placement import Placement
from matcher.domain.planned_week import PlannedWeek
from matcher.store import tables
from matcher.store.errors import ErasedError

HASHES_PER_QUERY = 500
"""Number of hashes in one query."""
HOUSEHOLD_ADAPTER = TypeAdapter(Household)
MUNICIPALITY_ADAPTER = TypeAdapter(Municipality)
DWELLINGS_ADAPTER = TypeAdapter(tuple[Dwelling, ...])
WEEKS_ADAPTER = TypeAdapter(tuple[PlannedWeek, ...])
NAMES_ADAPTER = TypeAdapter(tuple[str, ...])
LINKS_ADAPTER = TypeAdapter(tuple[tuple[str, str], ...])
TRAVEL_TIMES_ADAPTER = TypeAdapter(tuple[TravelTime, ...])
PLACEMENTS_ADAPTER = TypeAdapter(tuple[Placement, ...])


def dump_json(adapter: TypeAdapter[Any], value: Any) -> str:
    """Write a value as JSON; equal values produce the same text."""
    return adapter.dump_json(value).decode()


def hash_payload(kind: str, body: str) -> str:
    """Compute the SHA-256 of a content's kind and text, in hexadecimal."""
    return sha256(f"{kind}\n{body}".encode()).hexdigest()


def insert_payloads(connection: Connection, payloads: Mapping[str, tuple[str, str]]) -> None:
    """Store the contents that are not in the database yet.

    Parameters
    ----------
    payloads : mapping of str to (str, str)
        Kind and text by hash.
    """
    existing = load_present_payloads(connection, payloads)
    rows = [
        {"hash": hash_, "kind": kind, "body": body}
        for hash_, (kind, body) in payloads.items()
        if hash_ not in existing
    ]
    if rows:
        connection.execute(insert(tables.payloads), rows)


def load_payloads(connection: Connection, hashes: Iterable[str]) -> dict[str, str]:
    """Load texts by hash.

    Raises
    ------
    ErasedError
        When a content has been erased.
    """
    wanted = list(dict.fromkeys(hashes))
    texts = load_present_payloads(connection, wanted)
    erased = [hash_ for hash_ in wanted if hash_ not in texts]
    if erased:
        count = f"{len(erased)} of {len(wanted)}"
        raise ErasedError(f"{count} contents have been erased: {erased[0]} ...")
    return texts


def load_present_payloads(connection: Connection, hashes: Iterable[str]) -> dict[str, str]:
    """Load texts by hash, leaving out those that have been erased."""
    wanted, texts = list(hashes), {}
    column = tables.payloads.c
    for start in range(0, len(wanted), HASHES_PER_QUERY):
        query = select(column.hash, column.body).where(
            column.hash.in_(wanted[start : start + HASHES_PER_QUERY])
        )
        texts.update({row.hash: row.body for row in connection.execute(query)})
    return texts


def dump_probabilities(pairs: PairProbabilities) -> str:
    """Write stay probabilities as JSON."""
    columns = (pairs.household, pairs.municipality, pairs.probability)
    return json.dumps([column.tolist() for column in columns])


def parse_probabilities(text: str) -> PairProbabilities:
    """Read stay probabilities from JSON."""
    household, municipality, probability = json.loads(text)
    return PairProbabilities(
        np.array(household, dtype=np.str_),
        np.array(municipality, dtype=np.str_),
        np.array(probability, dtype=np.float64),
    )
