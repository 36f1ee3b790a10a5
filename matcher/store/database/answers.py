"""Stored answers for idempotent requests, written in the same transaction as the change."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime

from sqlalchemy import delete, insert, select

from matcher.store.database import tables
from matcher.store.database.store import Store


@dataclass(frozen=True, slots=True)
class KeptAnswer:
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


def kept_answer(store: Store, actor: str, key: str) -> KeptAnswer | None:
    """Return the answer stored under an actor's idempotency key, None when there is none."""
    with store.reading() as connection:
        column = tables.answers.c
        selected = [column[f.name] for f in fields(KeptAnswer)]
        query = select(*selected).where(column.actor == actor, column.key == key)
        row = connection.execute(query).mappings().one_or_none()
    return None if row is None else KeptAnswer(**row)


def keep_answer(store: Store, actor: str, key: str, answer: KeptAnswer) -> None:
    """Store an answer; within a block of ``store.writing()`` only if the block succeeds."""
    with store.writing() as work:
        row = {**asdict(answer), "actor": actor, "key": key}
        work.connection.execute(insert(tables.answers).values(row))


def forget_answers(store: Store, before: datetime) -> int:
    """Delete answers older than a moment; return how many were deleted."""
    with store.writing() as work:
        query = delete(tables.answers).where(tables.answers.c.at < before)
        return work.connection.execute(query).rowcount
