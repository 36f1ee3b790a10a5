"""The context of every change: caller, time, expected version, idempotency and store."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict

from fastapi import Depends

from api.access import Principal, Role, allow
from api.dependencies import NowDep, StoreDep
from api.etags import ExpectedVersion
from api.idempotency import IdempotentWriter, IdempotentWriterDep
from matcher.store import Store


class Stamp(TypedDict):
    """What the store records of a change: see ``UnitOfWork.record``."""

    at: datetime
    actor: str
    reason: str
    version: int | None


@dataclass(frozen=True, slots=True)
class WriteContext:
    """The context of a change that a caller has asked for and is allowed to make.

    Parameters
    ----------
    principal : Principal
    store : Store
    at : datetime
        The present moment, in the time zone of the settings.
    apply_once : IdempotentWriter
        Makes the change, at most once for each idempotency key.
    version : int or None
        The version that the caller has read; None accepts any version.
    """

    principal: Principal
    store: Store
    at: datetime
    apply_once: IdempotentWriter
    version: int | None

    @property
    def today(self) -> date:
        """The present day."""
        return self.at.date()

    def stamp(self, reason: str) -> Stamp:
        """Return when, by whom, why and on which version, as functions of the store take it."""
        return {
            "at": self.at,
            "actor": self.principal.id,
            "reason": reason,
            "version": self.version,
        }


def allow_write(*roles: Role) -> WriteContext:
    """Declare in an endpoint's signature who may: ``deed: Deed = deed_of(Role.CASEWORKER)``."""

    # The role is checked first, before anything else of the request is read.
    def build_context(
        *,
        who: Principal = allow(*roles),
        store: StoreDep,
        at: NowDep,
        once: IdempotentWriterDep,
        version: ExpectedVersion,
    ) -> WriteContext:
        return WriteContext(who, store, at, once, version)

    dependency: WriteContext = Depends(build_context)
    return dependency
