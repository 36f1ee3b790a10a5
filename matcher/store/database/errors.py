"""What can go wrong with a change, told with what changed since."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from matcher.errors import TreffsikkerError

if TYPE_CHECKING:
    from matcher.store.database.events import Event


class ChangeError(TreffsikkerError):
    """A change cannot be recorded; nothing was."""


class NoRoomError(ChangeError):
    """A municipality has not the places that a promise needs.

    Parameters
    ----------
    municipality : str
        Four-digit number.
    what : str
        What there is too little of: ``places`` or ``places for unaccompanied minors``.
    needed, open : int
        Persons.
    changed : iterable of Event
        The latest changes of the municipality's ledger, newest first.
    """

    def __init__(
        self, municipality: str, what: str, needed: int, open: int, changed: Iterable["Event"]
    ) -> None:
        self.municipality, self.what = municipality, what
        self.needed, self.open, self.changed = needed, open, tuple(changed)
        latest = "; ".join(f"{event}" for event in self.changed)
        super().__init__(
            f"municipality {municipality} has {open} open {what}, {needed} needed. "
            f"Latest changes: {latest or 'none'}. Propose another municipality."
        )


class TakenDwellingError(ChangeError):
    """A dwelling is not free: it is promised to another household, or not on the list."""


class WrongStatusError(ChangeError):
    """A household is not in a state in which this can happen to it."""


class ProtectedError(ChangeError):
    """A household would come where a rule keeps it from harm; no reason overrides that.

    Parameters
    ----------
    household, municipality : str
        Identifier and four-digit number.
    rules : iterable of str
        Identifiers of the rules.
    """

    def __init__(self, household: str, municipality: str, rules: Iterable[str]) -> None:
        self.rules = tuple(rules)
        super().__init__(
            f"household {household} must not come to municipality {municipality}:"
            f" {', '.join(self.rules)}. No reason overrides this; propose another municipality, or"
            " have the facts put right first."
        )


class ReasonNeededError(ChangeError):
    """A proposal goes against what was suggested, and nobody has said why.

    Parameters
    ----------
    household, municipality : str
        Identifier and four-digit number.
    overridden : iterable of str
        What it goes against: ``suggestion``, ``ban``, ``pin``, ``link``, or rules by identifier.
    """

    def __init__(self, household: str, municipality: str, overridden: Iterable[str]) -> None:
        self.overridden = tuple(overridden)
        super().__init__(
            f"proposing household {household} to municipality {municipality} goes against"
            f" {', '.join(self.overridden)}: say why, or propose another municipality"
        )


class ChangedSinceError(ChangeError):
    """What the caller looked at has changed since; look again."""


class OutOfOrderError(ChangeError):
    """A change is dated before the day of the latest change of the same subject."""


class UnusableNumberError(ChangeError, ValueError):
    """A ledger cannot have this number, or has no number of this name."""


class UnusableInstanceError(ChangeError, ValueError):
    """An instance has a household or municipality twice, or none that a proposal can point to."""


class LostRunError(ChangeError):
    """A worker writes to a run that it has no longer: another took it over, or it is over."""


class UnknownRunError(TreffsikkerError):
    """There is no run of this name."""


class ErasedError(TreffsikkerError):
    """What an event refers to has been erased, so that the state of that day is not known."""


class BusyError(TreffsikkerError):
    """What is to be done waits for others who use the database."""


class OutOfDateError(TreffsikkerError):
    """The database is not at the version that this program needs."""


class BackupError(TreffsikkerError):
    """A backup cannot be made or restored in this way."""
