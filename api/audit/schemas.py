"""Entries of the audit log, as the service shows them."""

from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, Field

from api.access.disclosure import ShownHousehold
from matcher.store.service.audit_chain import AuditRow, ChainEnd, ChainVerification


class AuditEntry(BaseModel):
    """Something that was read or changed, or a request that was refused."""

    id: int = Field(description="Place in the log, from 1, without gaps.")
    at: datetime = Field(description="When.")
    actor: str = Field(description="Who.", examples=["person:7", "system:Case system"])
    action: str = Field(description="What.", examples=["GET /households/{household}/placements"])
    household: ShownHousehold | None = Field(description="Whom, when it is about one household.")
    municipality: str | None = Field(description="Which municipality, when it is about one.")
    request: str = Field(description="Number of the request, as in `X-Request-ID`.")
    facts: dict[str, Any] = Field(
        description="More. `households`: all that the answer showed. `status`: the request of this"
        " number was answered so, and nothing was given.",
    )
    before: str = Field(description="Hash of the entry before it.")
    hash: str = Field(description="SHA-256 of this entry.")

    @classmethod
    def from_row(cls, row: AuditRow) -> Self:
        """Build the entry of a row of the audit log."""
        return cls.model_validate(row, from_attributes=True)


class AuditPage(BaseModel):
    """A page of entries."""

    entries: list[AuditEntry] = Field(description="The newest first.")
    next: str | None = Field(description="Ask with it as `cursor` for older ones; none: no more.")


class AuditEnd(BaseModel):
    """Where the log ends; store it elsewhere, to verify the log later."""

    id: int = Field(description="Place of the latest entry; 0 where there is none.")
    hash: str = Field(description="Its hash.")

    @classmethod
    def from_end(cls, end: ChainEnd) -> Self:
        """Build the schema of an end of the audit log."""
        return cls(id=end.id, hash=end.hash)


class AuditDamage(BaseModel):
    """A place where the log is damaged."""

    row: int = Field(description="Place of the entry.")
    what: str = Field(description="What is wrong there.", examples=["was changed after it was"])


class AuditVerification(BaseModel):
    """The result of verifying the log."""

    whole: bool = Field(description="Nothing is changed, missing or out of order.")
    rows: int = Field(description="Entries that were verified.")
    end: AuditEnd = Field(description="The latest; keep it elsewhere, and ask for it next time.")
    damage: list[AuditDamage] = Field(description="Each place where the log is not whole.")

    @classmethod
    def from_verification(cls, verification: ChainVerification) -> Self:
        """Build the schema of a verification."""
        damage = [AuditDamage(row=d.row, what=d.what) for d in verification.damage]
        return cls(
            whole=not damage,
            rows=verification.rows,
            end=AuditEnd.from_end(verification.end),
            damage=damage,
        )
