"""Responses that list the households they show, for the audit log."""

from collections.abc import Iterator

from pydantic import BaseModel


class DisclosingResponse(BaseModel):
    """A response that can list the households it shows."""

    def disclosed_households(self) -> Iterator[str]:
        """Yield the identifiers of the households shown; none unless a subclass overrides this."""
        yield from ()
