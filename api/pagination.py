"""Pagination of long lists: a cursor says after which item the next page begins."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from http import HTTPStatus
from typing import Annotated

import orjson
from fastapi import Query

from api.problems import RefusedError

PageLimit = Annotated[int, Query(ge=1, le=500, description="Items on a page, at most.")]
AfterCursor = Annotated[
    str | None, Query(max_length=400, description="The cursor `next` of the page before.")
]


def encode_cursor(*place: str) -> str:
    """Encode the sort key of the last item of a page as text that is opaque to callers."""
    return urlsafe_b64encode(orjson.dumps(place)).decode().rstrip("=")


def decode_cursor(after: str | None, length: int) -> tuple[str, ...] | None:
    """Decode a cursor into the sort key that it holds.

    Parameters
    ----------
    after : str or None
        As :func:`encode_cursor` encoded it.
    length : int
        How many texts the sort key consists of.

    Raises
    ------
    RefusedError
        422 when this is not a cursor of such a list.
    """
    if after is None:
        return None
    try:
        place = orjson.loads(urlsafe_b64decode(after + "=" * (-len(after) % 4)))
    except ValueError:
        place = None
    valid = isinstance(place, list) and all(isinstance(p, str) and "\0" not in p for p in place)
    if not valid or len(place) != length:
        raise RefusedError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"{after} is no cursor of this list: take `next` of a page, or leave it out",
        )
    return tuple(place)
