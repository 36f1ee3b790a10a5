"""Stored answers for idempotent requests, written in the same transaction as the change."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime

from sqlalchemy import delete, insert, select

from matcher.store import tables
from matcher.store.store import Store


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """The stored answer to a request.

    Parameters
    ----------
    asked : str
        Hash of the request.
    at : datetime
        When the request was answered.
    status : int
        The HTTP status.
    headers : mapping of str to str
        Headers of the answer.
    body : bytes
        Body of the answer.
    shows : sequence of str
        Identifiers of the households that the answer shows.
    """

    asked: str
    at: datetime
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    shows: Sequence[str] = ()


def find_response(store: Store, actor: str, key: str) -> StoredResponse | None:
    """Return the answer stored under an actor's idempotency key, None when there is none."""
    with store.read_transaction() as connection:
        column = tables.idempotent_responses.c
        selected = [column[f.name] for f in fields(StoredResponse)]
        query = select(*selected).where(column.actor == actor, column.key == key)
        row = connection.execute(query).mappings().one_or_none()
    return None if row is None else StoredResponse(**row)


def store_response(store: Store, actor: str, key: str, response: StoredResponse) -> None:
    """Store an answer; within a block of ``store.unit_of_work()`` only if the block succeeds."""
    with store.unit_of_work() as work:
        row = {**asdict(response), "actor": actor, "key": key}
        work.connection.execute(insert(tables.idempotent_responses).values(row))


def delete_responses(store: Store, before: datetime) -> int:
    """Delete answers older than a moment; return how many were deleted."""
    with store.unit_of_work() as work:
        query = delete(tables.idempotent_responses).where(tables.idempotent_responses.c.at < before)
        return work.connection.execute(query).rowcount
