"""Endpoints that create, list and revoke the API keys of systems."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path

from api.access.guard import allow
from api.access.principal import Principal
from api.dependencies import NowDep, StoreDep
from api.keys.schemas import ApiKeyList, ApiKeySummary, CreateApiKeyRequest, CreatedApiKey
from api.problems import RefusedError, problem_responses
from matcher.domain.roles import Role
from matcher.store.service import api_keys

ApiKeyId = Annotated[
    str, Path(pattern=r"^[0-9a-f]{1,20}$", description="First part of the key, as listed.")
]
router = APIRouter(prefix="/api/v1/keys", tags=["keys"])


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    responses=problem_responses(HTTPStatus.UNPROCESSABLE_ENTITY),
)
def create_api_key(
    body: CreateApiKeyRequest,
    store: StoreDep,
    at: NowDep,
    principal: Principal = allow(Role.OPERATOR),
) -> CreatedApiKey:
    """Create a key for a system; its secret is shown only in this answer.

    A key with the role municipality names its municipality, and has no other role.
    """
    secret, record = api_keys.create_key(
        store,
        body.name,
        body.roles,
        municipality=body.municipality,
        at=at,
        expires_at=at + timedelta(days=body.days),
        made_by=principal.id,
    )
    return CreatedApiKey(**ApiKeySummary.from_key(record).model_dump(), key=secret)


@router.get("")
def list_api_keys(store: StoreDep, principal: Principal = allow(Role.OPERATOR)) -> ApiKeyList:
    """List all keys, without their secrets."""
    return ApiKeyList(keys=[ApiKeySummary.from_key(key) for key in api_keys.list_keys(store)])


@router.delete(
    "/{key}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problem_responses(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
)
def revoke_api_key(
    key: ApiKeyId, store: StoreDep, at: NowDep, principal: Principal = allow(Role.OPERATOR)
) -> None:
    """Revoke a key; it is not accepted from the next request on."""
    if not api_keys.revoke_key(store, key, at):
        raise RefusedError(
            HTTPStatus.NOT_FOUND, f"there is no key {key} that holds; list them to see all"
        )
