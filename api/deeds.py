"""What every change stands on: who asks, when, on which version, once, and where it is kept."""

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
    """What the store keeps of every change; see :meth:`matcher.store.database.work.Work.record`."""

    at: datetime
    actor: str
    reason: str
    version: int | None


@dataclass(frozen=True, slots=True)
class Deed:
    """A change that someone asks for and may make.

    Parameters
    ----------
    who : Principal
    store : Store
    now : datetime
        This moment, in the time zone of the settings.
    once : Once
        Makes the change.
    version : int or None
        The version that they looked at, None when it makes no difference.
    """

    who: Principal
    store: Store
    now: datetime
    once: Once
    version: int | None

    @property
    def today(self) -> date:
        """The day of this moment."""
        return self.now.date()

    def by(self, reason: str) -> By:
        """Say when, by whom, why and on which version, as functions of the store take it."""
        return {"at": self.now, "actor": self.who.id, "reason": reason, "version": self.version}


def deed_of(*roles: Role) -> Deed:
    """Say in an endpoint's signature who may: ``deed: Deed = deed_of(Role.CASEWORKER)``."""

    # Whether someone may is decided first, before anything else of the request is looked at.
    def asked(
        *,
        who: Principal = allow(*roles),
        store: StoreHere,
        now: Now,
        once: OnceHere,
        version: Version,
    ) -> Deed:
        return Deed(who, store, now, once, version)

    found: Deed = Depends(asked)
    return found
