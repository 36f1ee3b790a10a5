"""Endpoints that create, list and revoke the API keys of systems."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path

from api.access import Principal, Role, allow
from api.context import Now, StoreHere
from api.keys.schemas import KeyAsked, KeyMade, Keys, KeyToldOf
from api.problems import RefusedError, responses
from matcher.store.database import api_keys

KeyId = Annotated[
    str, Path(pattern=r"^[0-9a-f]{1,20}$", description="First part of the key, as listed.")
]
router = APIRouter(prefix="/api/v1/keys", tags=["keys"])


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    responses=responses(HTTPStatus.UNPROCESSABLE_ENTITY),
)
def make(
    asked: KeyAsked, store: StoreHere, now: Now, who: Principal = allow(Role.OPERATOR)
) -> KeyMade:
    """Create a key for a system; its secret is shown only in this answer.

    A key with the role municipality names its municipality, and has no other role.
    """
    secret, record = api_keys.make_key(
        store,
        asked.name,
        asked.roles,
        municipality=asked.municipality,
        at=now,
        expires_at=now + timedelta(days=asked.days),
        made_by=who.id,
    )
    return KeyMade(**KeyToldOf.of(record).model_dump(), key=secret)


@router.get("")
def listed(store: StoreHere, who: Principal = allow(Role.OPERATOR)) -> Keys:
    """List all keys, without their secrets."""
    return Keys(keys=[KeyToldOf.of(key) for key in api_keys.list_keys(store)])


@router.delete(
    "/{key}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=responses(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def revoke(key: KeyId, store: StoreHere, now: Now, who: Principal = allow(Role.OPERATOR)) -> None:
    """Revoke a key; it is not accepted from the next request on."""
    if not api_keys.revoke_key(store, key, now):
        raise RefusedError(
            HTTPStatus.NOT_FOUND, f"there is no key {key} that holds; list them to see all"
        )
