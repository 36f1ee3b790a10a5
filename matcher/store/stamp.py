"""The stamp of a change: when it happens, who makes it and why, and what its author had read."""

from dataclasses import dataclass
from datetime import datetime

from matcher.store.errors import ChangeError


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a change happens, who makes it and why, and on which version of its subject.

    Parameters
    ----------
    at : datetime
        When it happens, with a time zone. The day in that zone is the day from which the change
        counts.
    actor, reason : str
        Who makes it, and why.
    version : int or None
        The version of the subject that the actor has read; a change of any other version is
        refused. None accepts any version.

    Raises
    ------
    ChangeError
        When the moment has no time zone, or the actor or the reason is empty.
    """

    at: datetime
    actor: str
    reason: str
    version: int | None = None

    def __post_init__(self) -> None:
        """Check moment, actor and reason."""
        if self.at.tzinfo is None:
            raise ChangeError(f"the moment {self.at} has no time zone; give one")
        if not self.actor.strip() or not self.reason.strip():
            raise ChangeError("a change needs an actor and a reason")
