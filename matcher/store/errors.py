"""Errors of the store; those of changes name what has changed in the meantime."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from matcher.domain.contradictions import Contradiction
from matcher.domain.errors import TreffsikkerError

if TYPE_CHECKING:
    from matcher.store.events import Event


class ChangeError(TreffsikkerError):
    """A change cannot be recorded, and nothing has been recorded."""


class NoCapacityError(ChangeError):
    """A municipality has fewer open places than a promise needs.

    Parameters
    ----------
    municipality : str
        Four-digit number.
    what : str
        What is scarce: ``places`` or ``places for unaccompanied minors``.
    needed : int
        Persons.
    open : int or None
        Persons; None when a number of the ledger is not known, and then nothing is open.
    changed : iterable of Event
        The latest changes of the municipality's ledger of the year, newest first.
    year : int
        Year in which one would move in, whose places they are.
    year_is_open : bool
        Whether anything is recorded of that year.
    advice : str or None
        What to do, without a full stop; None for what is usual.
    """

    def __init__(
        self,
        municipality: str,
        what: str,
        needed: int,
        open: int | None,
        changed: Iterable["Event"],
        *,
        year: int,
        year_is_open: bool = True,
        advice: str | None = None,
    ) -> None:
        self.municipality, self.resource, self.year = municipality, what, year
        self.needed, self.open, self.latest_changes = needed, open, tuple(changed)
        latest = "; ".join(f"{event}" for event in self.latest_changes)
        lack, usual = (
            ("no number of", _what_to_register(year, year_is_open))
            if open is None
            else (
                f"{open}",
                "Record first what the council has decided since, or record its no and propose"
                " another municipality",
            )
        )
        super().__init__(
            f"municipality {municipality} has {lack} open {what}, {needed} needed, for {year}. "
            f"Latest changes: {latest or 'none'}. {advice or usual}."
        )

    def with_advice(self, advice: str) -> "NoCapacityError":
        """Return the same error with other advice.

        Parameters
        ----------
        advice : str
            What to do, without a full stop.
        """
        return NoCapacityError(
            self.municipality,
            self.resource,
            self.needed,
            self.open,
            self.latest_changes,
            year=self.year,
            advice=advice,
        )


def _what_to_register(year: int, year_is_open: bool) -> str:
    register = f"what the municipality has decided, settled and promised for {year}"
    if year_is_open:
        return f"Register {register}"
    return f"Open the year with `treffsikker year begin {year}`, and register {register}"


class TakenDwellingError(ChangeError):
    """A dwelling is promised to another household, or not on the municipality's list."""


class WrongStatusError(ChangeError):
    """A household's status does not allow the change."""


class ProtectedError(ChangeError):
    """A rule that protects a household forbids the municipality; no reason overrides that.

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


class ReasonRequiredError(ChangeError):
    """A proposal overrides a suggestion, ban, pin, link or rule, and no reason is stated.

    Parameters
    ----------
    household, municipality : str
        Identifier and four-digit number.
    overridden : iterable of str
        What it overrides: ``suggestion``, ``ban``, ``pin``, ``link``, or rules by identifier.
    details : str or None
        What more there is to say, such as how many places are asked for.
    """

    def __init__(
        self,
        household: str,
        municipality: str,
        overridden: Iterable[str],
        details: str | None = None,
    ) -> None:
        self.overridden = tuple(overridden)
        super().__init__(
            f"proposing household {household} to municipality {municipality} goes against"
            f" {', '.join(self.overridden)}{f' ({details})' if details else ''}:"
            " say why, or propose another municipality"
        )


class ContradictionError(ChangeError):
    """What is to be recorded of a household does not go together with what is known of it.

    Parameters
    ----------
    contradictions : iterable of Contradiction
        What does not, each with the field and a sentence.
    """

    def __init__(self, contradictions: Iterable[Contradiction]) -> None:
        self.contradictions = tuple(contradictions)
        super().__init__(" ".join(c.sentence("en") for c in self.contradictions))


class VersionConflictError(ChangeError):
    """The subject has changed since the caller read it; read it again."""


class OutOfOrderError(ChangeError):
    """A change is dated earlier than the day of the latest change of the same subject."""


class FutureDayError(ChangeError):
    """A change or a run is dated after the present day.

    Parameters
    ----------
    day, today : date
        Its day, and the present day.
    """

    def __init__(self, day: date, today: date) -> None:
        self.day, self.today = day, today
        super().__init__(
            f"dated {day}, but today is {today}: nothing is recorded or planned ahead; give {today}"
            " or an earlier day"
        )


class UnusableNumberError(ChangeError, ValueError):
    """A ledger cannot have this value, or has no number of this name."""


class UnusableYearError(ChangeError, ValueError):
    """A ledger of this year cannot be begun on this day."""


class UnusableInstanceError(ChangeError, ValueError):
    """An instance has an identifier twice, or nothing has been imported."""


class LostRunError(ChangeError):
    """A worker writes to a run that another worker has taken over, or that has ended."""


class UnknownRunError(TreffsikkerError):
    """There is no run with this identifier."""


class ErasedError(TreffsikkerError):
    """The content that an event refers to has been erased, so that day's state is not known."""


class DatabaseBusyError(TreffsikkerError):
    """Other users of the database keep an operation from finishing."""


class DatabaseVersionError(TreffsikkerError):
    """The database is not at the version that this program needs."""


class BackupError(TreffsikkerError):
    """A backup cannot be written or restored."""
