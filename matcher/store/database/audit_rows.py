"""Rows of the audit log, and the check that their hash chain is intact; needs no database."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from matcher.errors import TreffsikkerError

BEGINNING = "0" * 64
"""Stands for the hash of the row before the first one."""
EVERYONE = "everyone"
"""Stands for all households of the store, when an answer shows all of them."""
LONGEST_ACTION = 120
"""Number of characters of an action that are stored."""


class AuditFileError(TreffsikkerError):
    """A file is not an export of the audit log."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A record of something that was read or changed.

    Parameters
    ----------
    at : datetime
        When, with a time zone.
    actor : str
        ``person:…`` or ``system:…``.
    action : str
        What was done, as ``GET /households/{household}``; 120 characters are stored at most.
    request : str
        Number of the request.
    household : str or None
        Identifier, when the entry is about one household.
    municipality : str or None
        Four-digit number, when the entry is about one municipality.
    facts : mapping
        Further facts, as JSON values. When an answer shows several households, ``households``
        lists them, or is :data:`EVERYONE`.
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
    """An entry with its position in the hash chain.

    Parameters
    ----------
    id : int
        Position, from 1, without gaps.
    before : str
        Hash of the previous row.
    hash : str
        SHA-256 of the row's :func:`canonical` content, which includes ``before``.
    """

    id: int = 0
    before: str = BEGINNING
    hash: str = ""


@dataclass(frozen=True, slots=True)
class End:
    """The end of a log, now or at an earlier time.

    Parameters
    ----------
    id : int
        Position of the latest row, 0 when there is none.
    hash : str
        Hash of that row.
    """

    id: int = 0
    hash: str = BEGINNING


@dataclass(frozen=True, slots=True)
class Damage:
    """A place where the chain is not intact.

    Parameters
    ----------
    row : int
        Position of the row.
    what : str
        What is wrong there.
    """

    row: int
    what: str


@dataclass(frozen=True, slots=True)
class Verification:
    """The result of verifying a log.

    Parameters
    ----------
    rows : int
        Number of rows.
    end : End
        The end of the log; note it outside the database and pass it to the next verification.
    damage : tuple of Damage
        Empty when the log is intact.
    """

    rows: int
    end: End
    damage: tuple[Damage, ...]


NAMES = tuple(f.name for f in fields(AuditRow))
OWN = tuple(f.name for f in fields(Entry))


def facts_of(row: AuditRow) -> dict[str, Any]:
    """Return all fields of a row by name."""
    return {name: getattr(row, name) for name in NAMES}


def canonical(row: AuditRow) -> str:
    """Write a row without its own hash in canonical form.

    The form is JSON with sorted names, no spaces, and the moment in UTC with six decimals.
    """
    content = facts_of(row)
    del content["hash"]
    content["at"] = row.at.astimezone(UTC).isoformat(timespec="microseconds")
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def hash_of_row(row: AuditRow) -> str:
    """Compute the SHA-256 of a row's canonical form in UTF-8, in hexadecimal."""
    return sha256(canonical(row).encode()).hexdigest()


def chained(entries: Iterable[Entry], end: End) -> Iterator[AuditRow]:
    """Turn entries into rows of the chain, after the end of a log."""
    for entry in entries:
        values = {name: _clean(getattr(entry, name)) for name in OWN}
        values["action"] = values["action"][:LONGEST_ACTION]
        row = AuditRow(**values, id=end.id + 1, before=end.hash)
        row = replace(row, hash=hash_of_row(row))
        end = End(row.id, row.hash)
        yield row


def _clean(value: Any) -> Any:
    """Replace what a database cannot store in text: NUL, and halves of surrogate pairs."""
    if isinstance(value, str):
        text = value.encode("utf-8", "replace").decode()
        return text.replace("\0", "\N{SYMBOL FOR NULL}")
    if isinstance(value, Mapping):
        return {str(_clean(key)): _clean(inner) for key, inner in value.items()}
    return [_clean(inner) for inner in value] if isinstance(value, list | tuple) else value


def line(row: AuditRow) -> str:
    """Write a row as a line of an export: its canonical content and its hash."""
    return f'{canonical(row)[:-1]},"hash":"{row.hash}"}}'


def row_of(text: str) -> AuditRow:
    """Read a line of an export.

    Raises
    ------
    AuditFileError
        When the text is not such a line.
    """
    try:
        values = json.loads(text)
        return AuditRow(**{**values, "at": datetime.fromisoformat(values["at"])})
    except (ValueError, TypeError, KeyError) as error:
        raise AuditFileError(f"this is no row of the audit log: {text[:80]}") from error


def check_chain(
    rows: Iterable[AuditRow], noted: End | None = None, known: End | None = None
) -> Verification:
    """Check that rows are a complete and unchanged log, from the first row on.

    Parameters
    ----------
    rows : iterable of AuditRow
        The rows in the order in which they are stored.
    noted : End or None
        The end of the log that the database has recorded.
    known : End or None
        An earlier end that was noted outside the database. Only this shows when somebody has
        rewritten the whole log.
    """
    last, count, damage = End(), 0, list[Damage]()
    for row in rows:
        damage += _row_faults(row, last)
        if known is not None and row.id == known.id and row.hash != known.hash:
            damage.append(Damage(row.id, "is not the row that was here once"))
        last, count = End(row.id, row.hash), count + 1
    damage += [fault for end in (noted, known) if end for fault in _missing_end(last, end)]
    if noted is not None and last.id > noted.id:
        damage.append(Damage(noted.id + 1, f"rows {noted.id + 1} to {last.id} were put in"))
    elif noted is not None and last.id == noted.id and last.hash != noted.hash:
        damage.append(Damage(last.id, "is not the row that was written last"))
    return Verification(count, last, tuple(dict.fromkeys(damage)))


def _row_faults(row: AuditRow, last: End) -> Iterator[Damage]:
    if row.id > last.id + 1:
        yield Damage(last.id + 1, _missing_text(last.id + 1, row.id - 1))
    elif row.id <= last.id:
        yield Damage(row.id, f"comes after row {last.id}: the order was changed")
    if row.hash != hash_of_row(row):
        yield Damage(row.id, "was changed after it was written")
    elif row.id == last.id + 1 and row.before != last.hash:
        yield Damage(row.id, "does not follow the row before it: that one was changed or put in")


def _missing_end(last: End, end: End) -> Iterator[Damage]:
    if last.id < end.id:
        yield Damage(last.id + 1, _missing_text(last.id + 1, end.id))


def _missing_text(first: int, last: int) -> str:
    return "is missing" if first == last else f"rows {first} to {last} are missing"
