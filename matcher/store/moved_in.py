"""The day on which a household has moved in, where somebody records it later."""

from datetime import date

from matcher.store.errors import WrongStatusError

MAX_DAYS_SINCE_MOVE = 366
"""Days after a household has moved in for which it can still be recorded."""


def check_moved_in(household: str, moved_in: date, today: date) -> None:
    """Check that a day of moving in is not to come, nor so far back that it must be a mistake.

    The day of the promise is no bound: that too can be recorded after the move.

    Parameters
    ----------
    household : str
        Identifier.
    moved_in : date
    today : date
        Day on which it is recorded.

    Raises
    ------
    WrongStatusError
        When the day is after today, or more than a year before it.
    """
    refused = f"household {household} cannot have moved in on {moved_in}, which is"
    if moved_in > today:
        raise WrongStatusError(f"{refused} after {today}")
    if (today - moved_in).days > MAX_DAYS_SINCE_MOVE:
        raise WrongStatusError(f"{refused} more than a year before {today}")
