"""The reason why one cell cannot be read."""

from collections.abc import Callable
from typing import Self


class CellError(ValueError):
    """A cell's text is not what its column holds.

    Parameters
    ----------
    code : str
        Kind of fault.
    **facts : str
        Values that the sentences about the fault mention.

    Attributes
    ----------
    closer : callable or None
        Builds a more exact error; too slow to be called for each of a million faults.
    """

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
        self.diagnose: Callable[[], CellError] | None = None

    def without_traceback(self) -> Self:
        """Drop the traceback, which takes much memory."""
        return self.with_traceback(None)

    def diagnosed(self) -> "CellError":
        """Return the more exact error of ``closer``, or this error when there is no ``closer``."""
        return self if self.diagnose is None else self.diagnose()
