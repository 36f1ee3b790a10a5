"""Endpoints whose answers can show households say so; a test holds that none forgets it."""

from fastapi import Depends, Request
from fastapi.params import Depends as Needed

from api.access.trail import Shown, trail_of


class Shows:
    """The endpoint tells whom its answer shows, before it answers."""

    def __call__(self, request: Request) -> Shown:
        """Give what to tell it to."""
        trail_of(request).owes = True
        return Shown(request)


class ShowsNone:
    """No answer of the endpoint shows anything of a single household.

    Parameters
    ----------
    why : str
        For whoever reads the code.
    """

    def __init__(self, why: str) -> None:
        self.why = why

    def __call__(self) -> None:
        """Do nothing."""


def shows() -> Shown:
    """Say in a signature that the answer shows households: ``seen: Shown = shows()``.

    The endpoint calls ``seen(identifiers)``, or ``seen.everyone()``, before it answers; an
    answer that succeeds without is held back. What the path says of a household is in the audit
    log anyway.
    """
    found: Shown = Depends(Shows())
    return found


def shows_none(why: str) -> Needed:
    """Say that no answer shows a single household: ``dependencies=[shows_none("counts only")]``."""
    found: Needed = Depends(ShowsNone(why))
    return found
