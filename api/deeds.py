"""The context of every change: caller, time, expected version, idempotency and store."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict

from fastapi import Depends

from api.access import Principal, Role, allow
from api.context import Now, StoreHere
from api.once import Once, OnceHere
from api.versions import Version
from matcher.store.database import Store


class By(TypedDict):
    """What the store records of a change; see :meth:`matcher.store.database.work.Work.record`."""

    at: datetime
    actor: str
    reason: str
    version: int | None


@dataclass(frozen=True, slots=True)
class Deed:
    """The context of a change that a caller has asked for and is allowed to make.

    Parameters
    ----------
    who : Principal
    store : Store
    now : datetime
        The present moment, in the time zone of the settings.
    once : Once
        Makes the change, at most once for each idempotency key.
    version : int or None
        The version that the caller has read; None accepts any version.
    """

    who: Principal
    store: Store
    now: datetime
    once: Once
    version: int | None

    @property
    def today(self) -> date:
        """The present day."""
        return self.now.date()

    def by(self, reason: str) -> By:
        """Return when, by whom, why and on which version, as functions of the store take it."""
        return {"at": self.now, "actor": self.who.id, "reason": reason, "version": self.version}


def deed_of(*roles: Role) -> Deed:
    """Declare in an endpoint's signature who may: ``deed: Deed = deed_of(Role.CASEWORKER)``."""

    # The role is checked first, before anything else of the request is read.
    def build_context(
        *,
        who: Principal = allow(*roles),
        store: StoreHere,
        at: Now,
        once: OnceHere,
        version: Version,
    ) -> Deed:
        return Deed(who, store, at, once, version)

    dependency: Deed = Depends(build_context)
    return dependency
