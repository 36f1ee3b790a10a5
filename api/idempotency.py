"""Idempotency: a change is made once for each key, and repeated requests get the same response."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel

from api.access import DisclosureRecorder, discloses
from api.dependencies import NowDep, StoreDep
from api.disclosing_response import DisclosingResponse
from api.etags import etag_header
from api.problems import RefusedError
from matcher.store import Store
from matcher.store.service.idempotency import StoredResponse, find_response, store_response

REPLAYED_HEADER = "Idempotent-Replayed"
"""Header of a response that repeats an earlier one."""
JSON_MEDIA_TYPE = "application/json"


class IdempotentWriter:
    """Make a change once for each key that a caller sends; without a key, every time.

    The change and its response are one transaction, and the store has one writer: of two requests
    with the same key at the same moment, the first makes the change and the second gets the same
    response. A refused change has changed nothing, so its response is not stored and the caller
    can ask again with the same key.

    Parameters
    ----------
    request : Request
        Its caller has been identified before the change is made.
    body : bytes
        Body of the request.
    key : str or None
        The caller's name for this change.
    store : Store
    at : datetime
        The present moment.
    disclosures : DisclosureRecorder
        Records in the audit log which households the response shows.
    """

    def __init__(
        self,
        request: Request,
        body: bytes,
        key: str | None,
        store: Store,
        at: datetime,
        disclosures: DisclosureRecorder,
    ) -> None:
        self.request, self.body, self.key = request, body, key
        self.store, self.at, self.disclosures = store, at, disclosures

    def __call__(
        self, change: Callable[[], BaseModel], status: HTTPStatus = HTTPStatus.OK
    ) -> Response:
        """Make the change and return its response, or return the stored response of this key.

        The households that the response shows (:class:`DisclosingResponse`) are recorded in the
        audit log either way.

        Raises
        ------
        RefusedError
            422 when the key was used for another request.
        """
        with self.store.unit_of_work():
            stored = self._stored_answer()
            if stored is not None:
                self.disclosures(stored.shows)
                return Response(
                    stored.body, stored.status, {**stored.headers, REPLAYED_HEADER: "true"}
                )
            result = change()
            headers = {
                "Content-Type": JSON_MEDIA_TYPE,
                **etag_header(getattr(result, "version", None)),
            }
            households = (
                tuple(result.disclosed_households())
                if isinstance(result, DisclosingResponse)
                else ()
            )
            body = result.model_dump_json().encode()
            answer = StoredResponse(
                self._request_hash, self.at, int(status), body, headers, households
            )
            if self.key is not None:
                store_response(self.store, self._actor, self.key, answer)
        self.disclosures(households)
        return Response(answer.body, answer.status, headers)

    @property
    def _actor(self) -> str:
        return str(self.request.state.principal.id)

    @property
    def _request_hash(self) -> str:
        url, version = self.request.url, self.request.headers.get("if-match", "")
        head = f"{self.request.method} {url.path}?{url.query} {version}\n"
        return sha256(head.encode() + self.body).hexdigest()

    def _stored_answer(self) -> StoredResponse | None:
        if self.key is None:
            return None
        stored = find_response(self.store, self._actor, self.key)
        if stored is not None and stored.asked != self._request_hash:
            raise RefusedError(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                f"the key {self.key} was used for another request; give this one a key of its own",
            )
        return stored


async def _idempotent_writer(
    request: Request,
    store: StoreDep,
    at: NowDep,
    idempotency_key: Annotated[
        str | None,
        Header(
            max_length=200,
            min_length=1,
            description="A name for this change, such as a UUID. Asked again with the same name,"
            " the change is not made again; the first answer is given.",
        ),
    ] = None,
    disclosures: DisclosureRecorder = discloses(),
) -> IdempotentWriter:
    return IdempotentWriter(request, await request.body(), idempotency_key, store, at, disclosures)


IdempotentWriterDep = Annotated[IdempotentWriter, Depends(_idempotent_writer)]
"""Makes the change of this request, at most once for each key."""
