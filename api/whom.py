"""Answers that know which households they show, for the audit log."""

from collections.abc import Iterator

from pydantic import BaseModel


class Whom(BaseModel):
    """An answer; one that shows households says which."""

    def whom(self) -> Iterator[str]:
        """Give the identifiers of the households that the answer shows; none unless overridden."""
        yield from ()
