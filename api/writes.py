"""How every change is made: by whom, on which version of what was read, and at most once.

Versions are for optimistic locking: an answer has one as its ETag, and a change sends it back in
``If-Match``. A key in ``Idempotency-Key`` makes a repeated request get the same answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel

from api.access.disclosure import Disclosure, discloses, shown_households
from api.access.guard import allow
from api.access.principal import Principal
from api.dependencies import NowDep, StoreDep
from api.problems import RefusedError
from matcher.domain.roles import Role
from matcher.store.service.idempotency import StoredResponse, find_response, store_response
from matcher.store.stamp import Stamp
from matcher.store.store import Store

REPLAYED_HEADER = "Idempotent-Replayed"
"""Header of a response that repeats an earlier one."""
JSON_MEDIA_TYPE = "application/json"
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
    disclosure : Disclosure
        Records in the audit log which households the response shows.
    """

    def __init__(
        self,
        request: Request,
        body: bytes,
        key: str | None,
        store: Store,
        at: datetime,
        disclosure: Disclosure,
    ) -> None:
        self.request, self.body, self.key = request, body, key
        self.store, self.at, self.disclosure = store, at, disclosure

    def __call__(
        self, change: Callable[[], BaseModel], status: HTTPStatus = HTTPStatus.OK
    ) -> Response:
        """Make the change and return its response, or return the stored response of this key.

        The households that the response shows are recorded in the audit log either way.

        Raises
        ------
        RefusedError
            422 when the key was used for another request.
        """
        with self.store.unit_of_work():
            stored = self._stored_answer()
            if stored is not None:
                self.disclosure.record_identifiers(stored.shows)
                return Response(
                    stored.body, stored.status, {**stored.headers, REPLAYED_HEADER: "true"}
                )
            result = change()
            headers = {
                "Content-Type": JSON_MEDIA_TYPE,
                **etag_header(getattr(result, "version", None)),
            }
            households = shown_households(result)
            body = result.model_dump_json().encode()
            answer = StoredResponse(
                self._request_hash, self.at, int(status), body, headers, households
            )
            if self.key is not None:
                store_response(self.store, self._actor, self.key, answer)
        self.disclosure.record_identifiers(households)
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
    disclosure: Disclosure = discloses(),
) -> IdempotentWriter:
    return IdempotentWriter(request, await request.body(), idempotency_key, store, at, disclosure)


IdempotentWriterDep = Annotated[IdempotentWriter, Depends(_idempotent_writer)]
"""Makes the change of this request, at most once for each key."""


@dataclass(frozen=True, slots=True)
class WriteContext:
    """The context of a change that a caller has asked for and is allowed to make.

    Parameters
    ----------
    principal : Principal
    store : Store
    at : datetime
        The present moment, in the time zone of the settings.
    apply_once : IdempotentWriter
        Makes the change, at most once for each idempotency key.
    version : int or None
        The version that the caller has read; None accepts any version.
    """

    principal: Principal
    store: Store
    at: datetime
    apply_once: IdempotentWriter
    version: int | None

    @property
    def today(self) -> date:
        """The present day."""
        return self.at.date()

    def stamp(self, reason: str) -> Stamp:
        """Return the stamp of the change."""
        return Stamp(self.at, self.principal.id, reason, self.version)


def allow_write(*roles: Role) -> WriteContext:
    """Declare in an endpoint's signature who may change something.

    For example ``context: WriteContext = allow_write(Role.CASEWORKER)``.
    """

    # The role is checked first, before anything else of the request is read.
    def build_context(
        *,
        who: Principal = allow(*roles),
        store: StoreDep,
        at: NowDep,
        once: IdempotentWriterDep,
        version: ExpectedVersion,
    ) -> WriteContext:
        return WriteContext(who, store, at, once, version)

    dependency: WriteContext = Depends(build_context)
    return dependency
