"""Declarations of whether an endpoint's responses show households; a test checks every endpoint."""

from fastapi import Depends, Request
from fastapi.params import Depends as DependsParam

from api.access.trail import Shown, trail_of


class Shows:
    """The endpoint must record which households its response shows, before it responds."""

    def __call__(self, request: Request) -> Shown:
        """Return the recorder of the households that the response shows."""
        trail_of(request).owes = True
        return Shown(request)


class ShowsNone:
    """No response of the endpoint shows anything about a single household.

    Parameters
    ----------
    why : str
        Reason, for readers of the code.
    """

    def __init__(self, why: str) -> None:
        self.why = why

    def __call__(self) -> None:
        """Do nothing."""


def shows() -> Shown:
    """Declare in a signature that the response shows households: ``seen: Shown = shows()``.

    The endpoint calls ``seen(identifiers)``, or ``seen.everyone()``, before it responds; without
    that call, a successful response is not sent. A household in the path is recorded in the audit
    log anyway.
    """
    dependency: Shown = Depends(Shows())
    return dependency


def shows_none(why: str) -> DependsParam:
    """Declare that no household is shown: ``dependencies=[shows_none("counts only")]``."""
    dependency: DependsParam = Depends(ShowsNone(why))
    return dependency
