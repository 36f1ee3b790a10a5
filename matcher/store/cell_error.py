"""Why one cell cannot be read."""

from collections.abc import Callable
from typing import Self


class CellError(ValueError):
    """A cell's text is not what its column holds.

    Parameters
    ----------
    code : str
        What kind of fault.
    **facts : str
        What its sentences mention.

    Attributes
    ----------
    closer : callable or None
        Takes a closer look that is too slow for every one of a million faults.
    """

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
        self.closer: Callable[[], CellError] | None = None

    def light(self) -> Self:
        """Let go of where in the program it was raised, which takes much memory."""
        return self.with_traceback(None)

    def examined(self) -> "CellError":
        """Take the closer look, if there is one to take."""
        return self if self.closer is None else self.closer()
