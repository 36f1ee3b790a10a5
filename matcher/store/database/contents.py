"""Contents: the payloads of events as JSON text, each text stored once under its hash."""

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
"""Number of hashes in one query."""
HOUSEHOLD = TypeAdapter(Household)
MUNICIPALITY = TypeAdapter(Municipality)
DWELLINGS = TypeAdapter(tuple[Dwelling, ...])
NAMES = TypeAdapter(tuple[str, ...])
LINKS = TypeAdapter(tuple[tuple[str, str], ...])
TRAVEL_TIMES = TypeAdapter(tuple[TravelTime, ...])
PLACEMENTS = TypeAdapter(tuple[Placement, ...])


def text_of(adapter: TypeAdapter[Any], value: Any) -> str:
    """Write a value as JSON; equal values produce the same text."""
    return adapter.dump_json(value).decode()


def hash_of(kind: str, body: str) -> str:
    """Compute the SHA-256 of a content's kind and text, in hexadecimal."""
    return sha256(f"{kind}\n{body}".encode()).hexdigest()


def put_contents(connection: Connection, found: Mapping[str, tuple[str, str]]) -> None:
    """Store the contents that are not in the database yet.

    Parameters
    ----------
    found : mapping of str to (str, str)
        Kind and text by hash.
    """
    existing = present_contents(connection, found)
    rows = [
        {"hash": hash_, "kind": kind, "body": body}
        for hash_, (kind, body) in found.items()
        if hash_ not in existing
    ]
    if rows:
        connection.execute(insert(tables.contents), rows)


def get_contents(connection: Connection, hashes: Iterable[str]) -> dict[str, str]:
    """Load texts by hash.

    Raises
    ------
    ErasedError
        When a content has been erased.
    """
    wanted = list(dict.fromkeys(hashes))
    texts = present_contents(connection, wanted)
    erased = [hash_ for hash_ in wanted if hash_ not in texts]
    if erased:
        count = f"{len(erased)} of {len(wanted)}"
        raise ErasedError(f"{count} contents have been erased: {erased[0]} ...")
    return texts


def present_contents(connection: Connection, hashes: Iterable[str]) -> dict[str, str]:
    """Load texts by hash, leaving out those that have been erased."""
    wanted, texts = list(hashes), {}
    column = tables.contents.c
    for start in range(0, len(wanted), CHUNK):
        query = select(column.hash, column.body).where(
            column.hash.in_(wanted[start : start + CHUNK])
        )
        texts.update({row.hash: row.body for row in connection.execute(query)})
    return texts


def pairs_text(pairs: PairProbabilities) -> str:
    """Write stay probabilities as JSON."""
    columns = (pairs.household, pairs.municipality, pairs.probability)
    return json.dumps([column.tolist() for column in columns])


def pairs_from(text: str) -> PairProbabilities:
    """Read stay probabilities from JSON."""
    household, municipality, probability = json.loads(text)
    return PairProbabilities(
        np.array(household, dtype=np.str_),
        np.array(municipality, dtype=np.str_),
        np.array(probability, dtype=np.float64),
    )
