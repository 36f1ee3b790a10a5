"""Exceptions about files, with one common base class."""

from matcher.domain.errors import TreffsikkerError


class FilesError(TreffsikkerError):
    """Files could not be read or written."""


class UnwritableError(FilesError, ValueError):
    """A value would not come back the same if it were written to a file."""
