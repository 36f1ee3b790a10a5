"""Versions for optimistic locking: in ETag when something is read, in If-Match when it changes."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Header

from api.problems import RefusedError

IfMatch = Annotated[
    str | None,
    Header(
        pattern=r'^(\*|"[0-9]{1,18}")$',
        description="The ETag of what you looked at; the change is refused with 412 when it has"
        " changed since.",
        examples=['"1042"'],
    ),
]


def etag_header(version: int | None) -> dict[str, str]:
    """Build the ETag header of a version; no header without a version."""
    return {} if version is None else {"ETag": f'"{version}"'}


def _version(if_match: IfMatch = None) -> int | None:
    return None if if_match in (None, "*") else int(str(if_match).strip('"'))


def required_version(if_match: str | None) -> int | None:
    """Return the version that a caller has read, where If-Match is required.

    Raises
    ------
    RefusedError
        428 when the caller sent none.
    """
    if if_match is None:
        raise RefusedError(
            HTTPStatus.PRECONDITION_REQUIRED,
            "this replaces what is there: read it first, and send its ETag as If-Match",
        )
    return _version(if_match)


ExpectedVersion = Annotated[int | None, Depends(_version)]
"""The version that the caller has read; None accepts any version."""
