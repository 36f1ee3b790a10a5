"""Versions of what can be changed: in ETag when it is read, in If-Match when it is changed."""

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


def etag(version: int | None) -> dict[str, str]:
    """Give the header that tells a version, none without one."""
    return {} if version is None else {"ETag": f'"{version}"'}


def _version(if_match: IfMatch = None) -> int | None:
    return None if if_match in (None, "*") else int(str(if_match).strip('"'))


def looked_at(if_match: str | None) -> int | None:
    """Give the version that a caller looked at, where they must say it.

    Raises
    ------
    RefusedError
        428 when they do not.
    """
    if if_match is None:
        raise RefusedError(
            HTTPStatus.PRECONDITION_REQUIRED,
            "this replaces what is there: read it first, and send its ETag as If-Match",
        )
    return _version(if_match)


Version = Annotated[int | None, Depends(_version)]
"""The version that the caller looked at, None when it makes no difference."""
