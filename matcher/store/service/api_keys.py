"""API keys of systems: shown once, stored only as a hash, valid until expired or revoked."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from matcher.domain.roles import parse_roles
from matcher.store import tables
from matcher.store.errors import ChangeError
from matcher.store.store import Store

KEY_PREFIX = "ts"
KEY_BY_ID = select(tables.api_keys).where(tables.api_keys.c.id == bindparam("id"))
"""A key by its identifier. The query runs on every request, so it is built only once."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key of a system, without its secret.

    Parameters
    ----------
    id : str
        The part of the key that is not secret.
    name : str
        Name of the system.
    roles : tuple of str
        What the system may do.
    municipality : str or None
        Four-digit number, when the system belongs to a municipality.
    made_by : str
        Who made the key.
    made_at, expires_at : datetime
    revoked_at : datetime or None
        None while the key is not revoked.
    """

    id: str
    name: str
    roles: tuple[str, ...]
    municipality: str | None
    made_by: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None


def create_key(
    store: Store,
    name: str,
    roles: Sequence[str],
    *,
    expires_at: datetime,
    at: datetime,
    made_by: str,
    municipality: str | None = None,
) -> tuple[str, ApiKey]:
    """Make a key and return it with its secret, which is never shown again.

    Raises
    ------
    ChangeError
        When the key has no name, or expires before it is made.
    RoleError
        When a role does not exist, or the roles contradict each other or the municipality.
    """
    if not name.strip():
        raise ChangeError("a key needs the name of the system that it is for")
    parse_roles(roles, municipality)
    if expires_at <= at:
        raise ChangeError(f"the key would expire on {expires_at:%Y-%m-%d}, before it is made")
    identifier, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    api_key = ApiKey(identifier, name, tuple(roles), municipality, made_by, at, expires_at)
    with store.unit_of_work() as work:
        work.connection.execute(
            insert(tables.api_keys).values(
                id=identifier,
                hash=_hash(secret),
                name=name,
                roles=list(roles),
                municipality=municipality,
                made_by=made_by,
                made_at=at,
                expires_at=expires_at,
            )
        )
    return f"{KEY_PREFIX}_{identifier}_{secret}", api_key


def find_valid_key(store: Store, key: str, at: datetime) -> ApiKey | None:
    """Return the system that a key belongs to; None when unknown, expired or revoked."""
    prefix, _, suffix = key.partition("_")
    identifier, _, secret = suffix.partition("_")
    if prefix != KEY_PREFIX:
        return None
    with store.read_transaction() as connection:
        row = connection.execute(KEY_BY_ID, {"id": identifier}).mappings().one_or_none()
    if row is None or not hmac.compare_digest(row["hash"], _hash(secret)):
        return None
    api_key = _key(row)
    return api_key if api_key.revoked_at is None and at < api_key.expires_at else None


def revoke_key(store: Store, identifier: str, at: datetime) -> bool:
    """Revoke a key; return whether there was such a key that was not revoked yet."""
    with store.unit_of_work() as work:
        result = work.connection.execute(
            update(tables.api_keys)
            .where(tables.api_keys.c.id == identifier, tables.api_keys.c.revoked_at.is_(None))
            .values(revoked_at=at)
        )
        return result.rowcount > 0


def list_keys(store: Store) -> list[ApiKey]:
    """List all keys, the newest first."""
    with store.read_transaction() as connection:
        query = select(tables.api_keys).order_by(tables.api_keys.c.made_at.desc())
        return [_key(row) for row in connection.execute(query).mappings()]


def _key(row: object) -> ApiKey:
    facts = dict(row)  # type: ignore[call-overload]
    facts.pop("hash")
    return ApiKey(**{**facts, "roles": tuple(facts["roles"])})


def _hash(secret: str) -> str:
    # A random secret of 256 bits cannot be guessed, so a slow hash is not needed.
    return hashlib.sha256(secret.encode()).hexdigest()
