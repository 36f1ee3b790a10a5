"""Responses that list the households they show, for the audit log."""

from collections.abc import Iterator

from pydantic import BaseModel


class Whom(BaseModel):
    """A response that can list the households it shows."""

    def whom(self) -> Iterator[str]:
        """Yield the identifiers of the households shown; none unless a subclass overrides this."""
        yield from ()
