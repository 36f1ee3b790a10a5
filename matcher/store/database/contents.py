"""Contents: frozen values as text, kept once under the hash of that text."""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

import numpy as np
from pydantic import TypeAdapter
from sqlalchemy import Connection, insert, select

from matcher.domain import (
    Dwelling,
    Household,
    Municipality,
    PairProbabilities,
    Placement,
    TravelTime,
)
from matcher.store.database import tables
from matcher.store.database.errors import ErasedError

CHUNK = 500
"""Hashes asked for at a time."""
HOUSEHOLD = TypeAdapter(Household)
MUNICIPALITY = TypeAdapter(Municipality)
DWELLINGS = TypeAdapter(tuple[Dwelling, ...])
NAMES = TypeAdapter(tuple[str, ...])
LINKS = TypeAdapter(tuple[tuple[str, str], ...])
TRAVEL_TIMES = TypeAdapter(tuple[TravelTime, ...])
PLACEMENTS = TypeAdapter(tuple[Placement, ...])


def text_of(adapter: TypeAdapter[Any], value: Any) -> str:
    """Write a value as text; equal values give the same text."""
    return adapter.dump_json(value).decode()


def hash_of(kind: str, body: str) -> str:
    """Give the SHA-256 of a content, in hexadecimal."""
    return sha256(f"{kind}\n{body}".encode()).hexdigest()


def put_contents(connection: Connection, found: Mapping[str, tuple[str, str]]) -> None:
    """Keep contents that are not there yet.

    Parameters
    ----------
    found : mapping of str to (str, str)
        Kind and text by hash.
    """
    there = present_contents(connection, found)
    rows = [
        {"hash": hash_, "kind": kind, "body": body}
        for hash_, (kind, body) in found.items()
        if hash_ not in there
    ]
    if rows:
        connection.execute(insert(tables.contents), rows)


def get_contents(connection: Connection, hashes: Iterable[str]) -> dict[str, str]:
    """Give texts by hash.

    Raises
    ------
    ErasedError
        When one of them has been erased.
    """
    wanted = list(dict.fromkeys(hashes))
    found = present_contents(connection, wanted)
    gone = [hash_ for hash_ in wanted if hash_ not in found]
    if gone:
        raise ErasedError(f"{len(gone)} of {len(wanted)} contents have been erased: {gone[0]} ...")
    return found


def present_contents(connection: Connection, hashes: Iterable[str]) -> dict[str, str]:
    """Give texts by hash, of those that have not been erased."""
    wanted, found = list(hashes), {}
    column = tables.contents.c
    for start in range(0, len(wanted), CHUNK):
        query = select(column.hash, column.body).where(
            column.hash.in_(wanted[start : start + CHUNK])
        )
        found.update({row.hash: row.body for row in connection.execute(query)})
    return found


def pairs_text(pairs: PairProbabilities) -> str:
    """Write stay probabilities as text."""
    columns = (pairs.household, pairs.municipality, pairs.probability)
    return json.dumps([column.tolist() for column in columns])


def pairs_from(text: str) -> PairProbabilities:
    """Read stay probabilities."""
    household, municipality, probability = json.loads(text)
    return PairProbabilities(
        np.array(household, dtype=np.str_),
        np.array(municipality, dtype=np.str_),
        np.array(probability, dtype=np.float64),
    )
