"""What can go wrong with files, as one family of exceptions."""

from matcher.errors import TreffsikkerError


class StoreError(TreffsikkerError):
    """Files could not be read or written."""


class UnwritableError(StoreError, ValueError):
    """A value would not come back the same if it were written to a file."""
