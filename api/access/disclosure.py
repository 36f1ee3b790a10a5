"""Declarations of whether an endpoint's responses show households; a test checks every endpoint."""

from fastapi import Depends, Request
from fastapi.params import Depends as DependsParam

from api.access.audit import DisclosureRecorder, request_audit


class DisclosesHouseholds:
    """The endpoint must record which households its response shows, before it responds."""

    def __call__(self, request: Request) -> DisclosureRecorder:
        """Return the recorder of the households that the response shows."""
        request_audit(request).disclosure_due = True
        return DisclosureRecorder(request)


class DisclosesNone:
    """No response of the endpoint shows anything about a single household.

    Parameters
    ----------
    reason : str
        Reason, for readers of the code.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def __call__(self) -> None:
        """Do nothing."""


def discloses() -> DisclosureRecorder:
    """Declare in a signature that the response shows households.

    The endpoint takes ``seen: DisclosureRecorder = discloses()`` and calls ``seen(identifiers)``,
    or ``seen.all_households()``, before it responds; without that call, a successful response is
    not sent. A household in the path is recorded in the audit log anyway.
    """
    dependency: DisclosureRecorder = Depends(DisclosesHouseholds())
    return dependency


def discloses_none(reason: str) -> DependsParam:
    """Declare that no household is shown: ``dependencies=[shows_none("counts only")]``."""
    dependency: DependsParam = Depends(DisclosesNone(reason))
    return dependency
