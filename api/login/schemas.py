"""Schemas of sessions."""

from pydantic import BaseModel, Field

from api.params import ReasonText
from api.schemas import request_example
from matcher.domain.roles import Role
from matcher.store.service.sessions import MAX_PERSON_LENGTH


class CurrentSession(BaseModel):
    """The caller, and what the caller may do."""

    id: str = Field(description="As in events and the audit log.", examples=["person:7"])
    name: str = Field(description="For people to read.", examples=["Caseworker 7"])
    roles: list[Role] = Field(description="What they may.")
    municipality: str | None = Field(description="Four-digit number, of a municipality's user.")


class EndSessionsRequest(BaseModel):
    """The person whose sessions end, and the reason."""

    model_config = request_example(person="person:7", reason="laptop stolen")

    person: str = Field(
        max_length=MAX_PERSON_LENGTH,
        pattern=r"^person:[^\x00]+$",
        description="As in the audit log.",
    )
    reason: ReasonText
