"""Changes that happen once, however often they are asked for, and answers with their version."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel

from api.access import Shown, shows
from api.context import Now, StoreHere
from api.problems import RefusedError
from api.versions import etag
from api.whom import Whom
from matcher.store.database import Store
from matcher.store.database.answers import KeptAnswer, keep_answer, kept_answer

REPLAYED = "Idempotent-Replayed"
"""Header of an answer that was given before."""
MEDIA_TYPE = "application/json"


class Once:
    """Makes a change once for each key that a caller gives; without a key, each time.

    The change and its answer are one transaction of the store's one writer: of two who ask with
    the same key at the same moment, one makes the change and the other gets its answer. A change
    that is refused has changed nothing, so nothing is kept of it and it can be asked for again.

    Parameters
    ----------
    request : Request
        Whose caller is known by the time of the change.
    body : bytes
        Of the request.
    key : str or None
        What the caller calls this change.
    store : Store
    at : datetime
        This moment.
    shown : Shown
        Keeps whom the answer shows in the audit log.
    """

    def __init__(
        self, request: Request, body: bytes, key: str | None, store: Store, at: datetime,
        shown: Shown,
    ) -> None:  # fmt: skip
        self.request, self.body, self.key = request, body, key
        self.store, self.at, self.shown = store, at, shown

    def __call__(
        self, change: Callable[[], BaseModel], status: HTTPStatus = HTTPStatus.OK
    ) -> Response:
        """Make the change and give its answer, or the answer it was given before.

        Whom the answer shows, as a :class:`Whom`, is told to the audit log either way.

        Raises
        ------
        RefusedError
            422 when the key was used for another request.
        """
        with self.store.writing():
            kept = self._kept()
            if kept is not None:
                self.shown(kept.shows)
                return Response(kept.body, kept.status, {**kept.headers, REPLAYED: "true"})
            made = change()
            headers = {"Content-Type": MEDIA_TYPE, **etag(getattr(made, "version", None))}
            shows = tuple(made.whom()) if isinstance(made, Whom) else ()
            body = made.model_dump_json().encode()
            answer = KeptAnswer(self._asked, self.at, int(status), body, headers, shows)
            if self.key is not None:
                keep_answer(self.store, self._actor, self.key, answer)
        self.shown(shows)
        return Response(answer.body, answer.status, headers)

    @property
    def _actor(self) -> str:
        return str(self.request.state.principal.id)

    @property
    def _asked(self) -> str:
        url, version = self.request.url, self.request.headers.get("if-match", "")
        head = f"{self.request.method} {url.path}?{url.query} {version}\n"
        return sha256(head.encode() + self.body).hexdigest()

    def _kept(self) -> KeptAnswer | None:
        if self.key is None:
            return None
        kept = kept_answer(self.store, self._actor, self.key)
        if kept is not None and kept.asked != self._asked:
            raise RefusedError(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                f"the key {self.key} was used for another request; give this one a key of its own",
            )
        return kept


async def _once(
    request: Request,
    store: StoreHere,
    now: Now,
    idempotency_key: Annotated[
        str | None,
        Header(
            max_length=200,
            min_length=1,
            description="A name for this change, such as a UUID. Asked again with the same name,"
            " the change is not made again; the first answer is given.",
        ),
    ] = None,
    shown: Shown = shows(),
) -> Once:
    return Once(request, await request.body(), idempotency_key, store, now, shown)


OnceHere = Annotated[Once, Depends(_once)]
"""Makes the change of this request once."""
