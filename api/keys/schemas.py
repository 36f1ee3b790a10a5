"""Schemas of API keys, and of the request for a new one."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from api.params import PRINTABLE_PATTERN
from matcher.domain.roles import Role
from matcher.store.service.api_keys import ApiKey


class CreateApiKeyRequest(BaseModel):
    """A key to be created."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"name": "Case system", "roles": ["caseworker"]}]},
    )

    name: str = Field(
        min_length=1,
        max_length=200,
        pattern=PRINTABLE_PATTERN,
        description="Of the system that it is for.",
    )
    roles: list[Role] = Field(
        min_length=1, max_length=len(Role), description="What the system may."
    )
    municipality: str | None = Field(
        None,
        pattern=r"^[0-9]{4}$",
        description="Four-digit number; only, and always, with the role municipality.",
        examples=["0301"],
    )
    days: int = Field(365, ge=1, le=730, description="How long it holds, in days.")


class ApiKeySummary(BaseModel):
    """A key, without its secret."""

    id: str = Field(description="First part of the key; not secret.", examples=["3f9a60c1d2e4"])
    name: str = Field(description="Of the system that it is for.", examples=["Case system"])
    roles: list[Role] = Field(description="What the system may.")
    municipality: str | None = Field(description="Four-digit number, of a municipality's system.")
    made_by: str = Field(description="Who made it.", examples=["person:7"])
    made_at: datetime = Field(description="When it was made.")
    expires_at: datetime = Field(description="From when it no longer holds.")
    revoked_at: datetime | None = Field(description="When it was revoked, if it was.")

    @classmethod
    def from_key(cls, key: ApiKey) -> Self:
        """Build the summary of a key."""
        return cls.model_validate(key, from_attributes=True)


class CreatedApiKey(ApiKeySummary):
    """A key that has just been created, with its secret."""

    key: str = Field(
        description="The whole key, for `Authorization: Bearer`. It is told once and never again."
    )


class ApiKeyList(BaseModel):
    """All keys."""

    keys: list[ApiKeySummary] = Field(description="The newest first, also those that hold no more.")
