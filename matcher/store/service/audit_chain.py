"""Rows of the audit log, and the check that their hash chain is intact; needs no database."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from matcher.domain.errors import TreffsikkerError

GENESIS_HASH = "0" * 64
"""Stands for the hash of the row before the first one."""
ALL_HOUSEHOLDS = "everyone"
"""Stands for all households of the store, when an answer shows all of them."""
MAX_ACTION_LENGTH = 120
"""Number of characters of an action that are stored."""


class AuditFileError(TreffsikkerError):
    """A file is not an export of the audit log."""


@dataclass(frozen=True, slots=True)
class AuditRecord:
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
class AuditRow(AuditRecord):
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
    before: str = GENESIS_HASH
    hash: str = ""


@dataclass(frozen=True, slots=True)
class ChainEnd:
    """The end of a log, now or at an earlier time.

    Parameters
    ----------
    id : int
        Position of the latest row, 0 when there is none.
    hash : str
        Hash of that row.
    """

    id: int = 0
    hash: str = GENESIS_HASH


@dataclass(frozen=True, slots=True)
class ChainDamage:
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
class ChainVerification:
    """The result of verifying a log.

    Parameters
    ----------
    rows : int
        Number of rows.
    end : ChainEnd
        The end of the log; note it outside the database and pass it to the next verification.
    damage : tuple of ChainDamage
        Empty when the log is intact.
    """

    rows: int
    end: ChainEnd
    damage: tuple[ChainDamage, ...]


ROW_FIELDS = tuple(f.name for f in fields(AuditRow))
RECORD_FIELDS = tuple(f.name for f in fields(AuditRecord))


def row_values(row: AuditRow) -> dict[str, Any]:
    """Return all fields of a row by name."""
    return {name: getattr(row, name) for name in ROW_FIELDS}


def canonical_json(row: AuditRow) -> str:
    """Write a row without its own hash in canonical form.

    The form is JSON with sorted names, no spaces, and the moment in UTC with six decimals.
    """
    content = row_values(row)
    del content["hash"]
    content["at"] = row.at.astimezone(UTC).isoformat(timespec="microseconds")
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def compute_row_hash(row: AuditRow) -> str:
    """Compute the SHA-256 of a row's canonical form in UTF-8, in hexadecimal."""
    return sha256(canonical_json(row).encode()).hexdigest()


def chain_entries(entries: Iterable[AuditRecord], chain_end: ChainEnd) -> Iterator[AuditRow]:
    """Turn entries into rows of the chain, after the end of a log."""
    for entry in entries:
        values = {name: _clean(getattr(entry, name)) for name in RECORD_FIELDS}
        values["action"] = values["action"][:MAX_ACTION_LENGTH]
        row = AuditRow(**values, id=chain_end.id + 1, before=chain_end.hash)
        row = replace(row, hash=compute_row_hash(row))
        chain_end = ChainEnd(row.id, row.hash)
        yield row


def _clean(value: Any) -> Any:
    """Replace what a database cannot store in text: NUL, and halves of surrogate pairs."""
    if isinstance(value, str):
        text = value.encode("utf-8", "replace").decode()
        return text.replace("\0", "\N{SYMBOL FOR NULL}")
    if isinstance(value, Mapping):
        return {str(_clean(key)): _clean(inner) for key, inner in value.items()}
    return [_clean(inner) for inner in value] if isinstance(value, list | tuple) else value


def format_line(row: AuditRow) -> str:
    """Write a row as a line of an export: its canonical content and its hash."""
    return f'{canonical_json(row)[:-1]},"hash":"{row.hash}"}}'


def parse_line(text: str) -> AuditRow:
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
    rows: Iterable[AuditRow],
    recorded_end: ChainEnd | None = None,
    expected_end: ChainEnd | None = None,
) -> ChainVerification:
    """Check that rows are a complete and unchanged log, from the first row on.

    Parameters
    ----------
    rows : iterable of AuditRow
        The rows in the order in which they are stored.
    recorded_end : ChainEnd or None
        The end of the log that the database has recorded.
    expected_end : ChainEnd or None
        An earlier end that was noted outside the database. Only this shows when somebody has
        rewritten the whole log.
    """
    last, count, damage = ChainEnd(), 0, list[ChainDamage]()
    for row in rows:
        damage += _row_faults(row, last)
        if expected_end is not None and row.id == expected_end.id and row.hash != expected_end.hash:
            damage.append(ChainDamage(row.id, "is not the row that was here once"))
        last, count = ChainEnd(row.id, row.hash), count + 1
    damage += [
        fault for end in (recorded_end, expected_end) if end for fault in _missing_end(last, end)
    ]
    if recorded_end is not None and last.id > recorded_end.id:
        damage.append(
            ChainDamage(recorded_end.id + 1, f"rows {recorded_end.id + 1} to {last.id} were put in")
        )
    elif recorded_end is not None and last.id == recorded_end.id and last.hash != recorded_end.hash:
        damage.append(ChainDamage(last.id, "is not the row that was written last"))
    return ChainVerification(count, last, tuple(dict.fromkeys(damage)))


def _row_faults(row: AuditRow, last: ChainEnd) -> Iterator[ChainDamage]:
    if row.id > last.id + 1:
        yield ChainDamage(last.id + 1, _missing_text(last.id + 1, row.id - 1))
    elif row.id <= last.id:
        yield ChainDamage(row.id, f"comes after row {last.id}: the order was changed")
    if row.hash != compute_row_hash(row):
        yield ChainDamage(row.id, "was changed after it was written")
    elif row.id == last.id + 1 and row.before != last.hash:
        yield ChainDamage(
            row.id, "does not follow the row before it: that one was changed or put in"
        )


def _missing_end(last: ChainEnd, end: ChainEnd) -> Iterator[ChainDamage]:
    if last.id < end.id:
        yield ChainDamage(last.id + 1, _missing_text(last.id + 1, end.id))


def _missing_text(first: int, last: int) -> str:
    return "is missing" if first == last else f"rows {first} to {last} are missing"
