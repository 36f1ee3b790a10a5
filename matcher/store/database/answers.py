"""Answers to requests that must not happen twice: kept in the transaction of the change itself."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime

from sqlalchemy import delete, insert, select

from matcher.store.database import tables
from matcher.store.database.store import Store


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What was answered to a request.

    Parameters
    ----------
    asked : str
        Hash of the request.
    at : datetime
        When.
    status : int
        The HTTP status.
    headers : mapping of str to str
        Headers that belong to the answer.
    body : bytes
        The answer.
    shows : sequence of str
        Households that it shows.
    """

    asked: str
    at: datetime
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    shows: Sequence[str] = ()


def kept_answer(store: Store, actor: str, key: str) -> KeptAnswer | None:
    """Give the answer that was kept for someone's key, None when there is none."""
    with store.reading() as connection:
        column = tables.answers.c
        kept = [column[one.name] for one in fields(KeptAnswer)]
        query = select(*kept).where(column.actor == actor, column.key == key)
        row = connection.execute(query).mappings().one_or_none()
    return None if row is None else KeptAnswer(**row)


def keep_answer(store: Store, actor: str, key: str, answer: KeptAnswer) -> None:
    """Keep an answer; within a block of writing it is kept only if the block succeeds."""
    with store.writing() as work:
        row = {**asdict(answer), "actor": actor, "key": key}
        work.connection.execute(insert(tables.answers).values(row))


def forget_answers(store: Store, before: datetime) -> int:
    """Forget answers older than a moment; how many there were."""
    with store.writing() as work:
        old = delete(tables.answers).where(tables.answers.c.at < before)
        return work.connection.execute(old).rowcount
