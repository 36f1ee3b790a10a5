"""Rows of the audit log, and whether they are a whole and unchanged chain; needs no database."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from matcher.errors import TreffsikkerError

BEGINNING = "0" * 64
"""What stands for the hash before the first row."""
EVERYONE = "everyone"
"""Stands for all households of the store, where an answer shows all."""
LONGEST_ACTION = 120
"""Characters of an action that are kept."""


class AuditFileError(TreffsikkerError):
    """A file is not an export of the audit log."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that was read or changed.

    Parameters
    ----------
    at : datetime
        When, with a time zone.
    actor : str
        ``person:…`` or ``system:…``.
    action : str
        What was done, as ``GET /households/{household}``; up to 120 characters are kept.
    request : str
        Number of the request.
    household : str or None
        Identifier, when it is about one.
    municipality : str or None
        Four-digit number, when it is about one.
    facts : mapping
        More, in values of JSON. Where an answer shows several households, ``households`` lists
        them, or is :data:`EVERYONE`.
    """

    at: datetime
    actor: str
    action: str
    request: str
    household: str | None = None
    municipality: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuditRow(Entry):
    """An entry in its place in the chain.

    Parameters
    ----------
    id : int
        Place, from 1, without gaps.
    before : str
        Hash of the row before it.
    hash : str
        SHA-256 of the row's :func:`canonical` content, which holds ``before``.
    """

    id: int = 0
    before: str = BEGINNING
    hash: str = ""


@dataclass(frozen=True, slots=True)
class End:
    """Where a log ends, or ended once.

    Parameters
    ----------
    id : int
        Place of the latest row, 0 before the first.
    hash : str
        Of that row.
    """

    id: int = 0
    hash: str = BEGINNING


@dataclass(frozen=True, slots=True)
class Damage:
    """Where the chain is not whole.

    Parameters
    ----------
    row : int
        Place of the row.
    what : str
        What is wrong there.
    """

    row: int
    what: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What came of verifying a log.

    Parameters
    ----------
    rows : int
        How many there are.
    end : End
        The latest of them; to be kept elsewhere, and asked for next time.
    damage : tuple of Damage
        None when the log is whole.
    """

    rows: int
    end: End
    damage: tuple[Damage, ...]


NAMES = tuple(f.name for f in fields(AuditRow))
OWN = tuple(f.name for f in fields(Entry))


def facts_of(row: AuditRow) -> dict[str, Any]:
    """Give everything that a row says, by name."""
    return {name: getattr(row, name) for name in NAMES}


def canonical(row: AuditRow) -> str:
    """Write what a row says, but for its own hash, in the only way there is to write it.

    JSON with names in order, no spaces, the moment in UTC with six digits.
    """
    content = facts_of(row)
    del content["hash"]
    content["at"] = row.at.astimezone(UTC).isoformat(timespec="microseconds")
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def hash_of_row(row: AuditRow) -> str:
    """Give the SHA-256 of what a row says in UTF-8, in hexadecimal."""
    return sha256(canonical(row).encode()).hexdigest()


def chained(entries: Iterable[Entry], end: End) -> Iterator[AuditRow]:
    """Give entries their places after the end of a log."""
    for entry in entries:
        told = {name: _clean(getattr(entry, name)) for name in OWN}
        told["action"] = told["action"][:LONGEST_ACTION]
        row = AuditRow(**told, id=end.id + 1, before=end.hash)
        row = replace(row, hash=hash_of_row(row))
        end = End(row.id, row.hash)
        yield row


def _clean(value: Any) -> Any:
    """Make text such that each database keeps it: no NUL, no halves of a character."""
    if isinstance(value, str):
        whole = value.encode("utf-8", "replace").decode()
        return whole.replace("\0", "\N{SYMBOL FOR NULL}")
    if isinstance(value, Mapping):
        return {str(_clean(key)): _clean(inner) for key, inner in value.items()}
    return [_clean(inner) for inner in value] if isinstance(value, list | tuple) else value


def line(row: AuditRow) -> str:
    """Write a row as a line of an export: its content and its hash."""
    return f'{canonical(row)[:-1]},"hash":"{row.hash}"}}'


def row_of(text: str) -> AuditRow:
    """Read a line of an export.

    Raises
    ------
    AuditFileError
        When it is none.
    """
    try:
        told = json.loads(text)
        return AuditRow(**{**told, "at": datetime.fromisoformat(told["at"])})
    except (ValueError, TypeError, KeyError) as error:
        raise AuditFileError(f"this is no row of the audit log: {text[:80]}") from error


def check_chain(
    rows: Iterable[AuditRow], noted: End | None = None, known: End | None = None
) -> Verification:
    """Tell whether rows are a whole log, from the first, with nothing changed.

    Parameters
    ----------
    rows : iterable of AuditRow
        As they stand.
    noted : End or None
        Where the database has noted that the log ends.
    known : End or None
        Where it ended once, noted elsewhere. Only this tells when someone has written the whole
        log anew.
    """
    last, count, damage = End(), 0, list[Damage]()
    for row in rows:
        damage += _faults(row, last)
        if known is not None and row.id == known.id and row.hash != known.hash:
            damage.append(Damage(row.id, "is not the row that was here once"))
        last, count = End(row.id, row.hash), count + 1
    damage += [fault for end in (noted, known) if end for fault in _cut(last, end)]
    if noted is not None and last.id > noted.id:
        damage.append(Damage(noted.id + 1, f"rows {noted.id + 1} to {last.id} were put in"))
    elif noted is not None and last.id == noted.id and last.hash != noted.hash:
        damage.append(Damage(last.id, "is not the row that was written last"))
    return Verification(count, last, tuple(dict.fromkeys(damage)))


def _faults(row: AuditRow, last: End) -> Iterator[Damage]:
    if row.id > last.id + 1:
        yield Damage(last.id + 1, _missing(last.id + 1, row.id - 1))
    elif row.id <= last.id:
        yield Damage(row.id, f"comes after row {last.id}: the order was changed")
    if row.hash != hash_of_row(row):
        yield Damage(row.id, "was changed after it was written")
    elif row.id == last.id + 1 and row.before != last.hash:
        yield Damage(row.id, "does not follow the row before it: that one was changed or put in")


def _cut(last: End, end: End) -> Iterator[Damage]:
    if last.id < end.id:
        yield Damage(last.id + 1, _missing(last.id + 1, end.id))


def _missing(first: int, last: int) -> str:
    return "is missing" if first == last else f"rows {first} to {last} are missing"
