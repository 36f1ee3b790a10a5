"""Long lists a page at a time: a cursor says after what the next page begins."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from http import HTTPStatus
from typing import Annotated

import orjson
from fastapi import Query

from api.problems import RefusedError

Limit = Annotated[int, Query(ge=1, le=500, description="Items on a page, at most.")]
After = Annotated[
    str | None, Query(max_length=400, description="The cursor `next` of the page before.")
]


def cursor(*place: str) -> str:
    """Write the place of the last item of a page as text that callers need not understand."""
    return urlsafe_b64encode(orjson.dumps(place)).decode().rstrip("=")


def place_of(after: str | None, parts: int) -> tuple[str, ...] | None:
    """Read a cursor.

    Parameters
    ----------
    after : str or None
        As :func:`cursor` wrote it.
    parts : int
        How many texts make up a place.

    Raises
    ------
    RefusedError
        422 when it is no cursor of such a list.
    """
    if after is None:
        return None
    try:
        place = orjson.loads(urlsafe_b64decode(after + "=" * (-len(after) % 4)))
    except ValueError:
        place = None
    right = isinstance(place, list) and all(isinstance(p, str) and "\0" not in p for p in place)
    if not right or len(place) != parts:
        raise RefusedError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"{after} is no cursor of this list: take `next` of a page, or leave it out",
        )
    return tuple(place)
