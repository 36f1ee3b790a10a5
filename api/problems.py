"""The one format of every error response: problem+json, RFC 9457."""

from collections.abc import Mapping
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match

from matcher.domain.contradictions import Contradiction
from matcher.domain.errors import TreffsikkerError, UnknownHouseholdError, UnknownMunicipalityError
from matcher.store.errors import (
    ChangeError,
    ContradictionError,
    DatabaseBusyError,
    DatabaseVersionError,
    ErasedError,
    NoCapacityError,
    ProtectedError,
    ReasonRequiredError,
    TakenDwellingError,
    UnknownRunError,
    VersionConflictError,
    WrongStatusError,
)
from matcher.store.import_losses import LargeLossError
from matcher.store.pins_and_bans import PinOrBanError
from matcher.store.service.audit_log import AuditClosedError
from matcher.store.traces import NotAProposalError
from matcher.texts import LANGUAGES

PROBLEM_MEDIA_TYPE = "application/problem+json"


class ProblemDetails(BaseModel):
    """What went wrong, for people and machines."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="What kind of problem: a path within this service.")
    title: str = Field(description="The kind in a few words, always the same.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What went wrong this time, and what to do.")
    instance: str = Field(description="Number of the request; give it when asking for help.")


class RefusedError(TreffsikkerError):
    """A request that is refused.

    Parameters
    ----------
    status : HTTPStatus
    detail : str
        What went wrong and what to do.
    headers : mapping of str to str
        Sent with the response.
    extra : mapping
        Facts for machines, in addition to the detail.
    """

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        headers: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(detail)
        self.status, self.headers, self.extra = status, dict(headers or {}), extra


STATUS_BY_ERROR: Mapping[type[Exception], HTTPStatus] = {
    UnknownHouseholdError: HTTPStatus.NOT_FOUND,
    UnknownMunicipalityError: HTTPStatus.NOT_FOUND,
    NoCapacityError: HTTPStatus.CONFLICT,
    TakenDwellingError: HTTPStatus.CONFLICT,
    WrongStatusError: HTTPStatus.CONFLICT,
    ProtectedError: HTTPStatus.CONFLICT,
    ReasonRequiredError: HTTPStatus.CONFLICT,
    PinOrBanError: HTTPStatus.CONFLICT,
    LargeLossError: HTTPStatus.CONFLICT,
    ContradictionError: HTTPStatus.CONFLICT,
    NotAProposalError: HTTPStatus.NOT_FOUND,
    UnknownRunError: HTTPStatus.NOT_FOUND,
    VersionConflictError: HTTPStatus.PRECONDITION_FAILED,
    ErasedError: HTTPStatus.GONE,
    ChangeError: HTTPStatus.UNPROCESSABLE_ENTITY,
    AuditClosedError: HTTPStatus.SERVICE_UNAVAILABLE,
    TreffsikkerError: HTTPStatus.UNPROCESSABLE_ENTITY,
}
"""The HTTP status of each error of the library; a subclass that is not listed has its parent's."""

PROBLEM_NAME_BY_ERROR: Mapping[type[Exception], str] = {
    NoCapacityError: "no-room",
    ReasonRequiredError: "reason-needed",
    VersionConflictError: "changed-since",
    PinOrBanError: "mark",
    NotAProposalError: "no-decision",
    DatabaseBusyError: "busy",
    DatabaseVersionError: "out-of-date",
}
"""The problem type of errors whose class has another name; clients rely on these texts."""


def problem_response(
    request: Request,
    status: HTTPStatus,
    detail: str,
    kind: str | None = None,
    headers: Mapping[str, str] | None = None,
    **extra: Any,
) -> Response:
    """Build the response to a request that went wrong.

    Parameters
    ----------
    kind : str or None
        Last part of the type's path; the status in words if None.
    extra
        Facts for machines.
    """
    name = kind or status.phrase.lower().replace(" ", "-")
    body = {
        "type": f"/problems/{name}",
        "title": status.phrase if kind is None else kind.replace("-", " ").capitalize(),
        "status": int(status),
        "detail": detail,
        "instance": getattr(request.state, "request_id", ""),
        **extra,
    }
    return Response(
        orjson.dumps(body, default=str), status, dict(headers or {}), PROBLEM_MEDIA_TYPE
    )


def problem_responses(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """Build the OpenAPI description of the problems that an endpoint can answer with."""
    return {
        int(status): {
            "model": ProblemDetails,
            "description": status.phrase,
            "content": {
                PROBLEM_MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}
            },
        }
        for status in statuses
    }


LIST_ERRORS = problem_responses(
    HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY
)
"""Problem responses of an endpoint that lists things."""
ITEM_ERRORS = LIST_ERRORS | problem_responses(HTTPStatus.NOT_FOUND)
"""Problem responses of an endpoint for one thing, which may not exist."""
GONE_ERRORS = problem_responses(HTTPStatus.GONE)
"""Problem response for something that may have been erased."""
CHANGE_ERRORS = ITEM_ERRORS | problem_responses(
    HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED, HTTPStatus.GONE
)
"""Problem responses of an endpoint that changes something."""
REPLACE_ERRORS = CHANGE_ERRORS | problem_responses(HTTPStatus.PRECONDITION_REQUIRED)
"""Problem responses of a change that replaces stored values, and therefore needs a version."""


def add_error_handlers(app: FastAPI) -> None:
    """Answer every error of an application in the format of this module."""
    app.add_exception_handler(TreffsikkerError, _library)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, unexpected_error_response)


def status_of(error: Exception) -> HTTPStatus:
    """Return the HTTP status of an error of the library."""
    return next(STATUS_BY_ERROR[kind] for kind in type(error).__mro__ if kind in STATUS_BY_ERROR)


def problem_name(kind: type[Exception]) -> str:
    """Return the last part of the problem type of a class of errors, such as ``wrong-status``."""
    if kind in PROBLEM_NAME_BY_ERROR:
        return PROBLEM_NAME_BY_ERROR[kind]
    words = "".join(f"-{c.lower()}" if c.isupper() else c for c in kind.__name__)
    return words.removeprefix("-").removesuffix("-error")


def _library(request: Request, error: Exception) -> Response:
    if isinstance(error, RefusedError):
        return problem_response(
            request, error.status, str(error), headers=error.headers, **error.extra
        )
    name = problem_name(type(error))
    return problem_response(request, status_of(error), str(error), name, **_facts(error))


def _facts(error: Exception) -> dict[str, Any]:
    """Return the facts of an error that machines can read."""
    if isinstance(error, NoCapacityError):
        return {
            "municipality": error.municipality,
            "what": error.resource,
            "needed": error.needed,
            "open": error.open,
            "year": error.year,
            "changed": [str(event) for event in error.latest_changes],
        }
    if isinstance(error, ProtectedError):
        return {"rules": error.rules}
    if isinstance(error, ContradictionError):
        return {"contradictions": [contradiction_facts(c) for c in error.contradictions]}
    if isinstance(error, LargeLossError):
        return {"losses": [asdict(loss) for loss in error.losses]}
    if isinstance(error, ReasonRequiredError):
        return {"overridden": error.overridden}
    return {}


def contradiction_facts(contradiction: Contradiction) -> dict[str, Any]:
    """Return what does not go together: the field, the member, and a sentence in each language."""
    return {
        "code": contradiction.code,
        "household": contradiction.household,
        "member": contradiction.member,
        "field": contradiction.column,
        **{language: contradiction.sentence(language) for language in LANGUAGES},
    }


def _invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = [
        {"where": "/".join(str(part) for part in fault["loc"]), "what": fault["msg"]}
        for fault in error.errors()
    ]
    detail = "; ".join(f"{fault['where']}: {fault['what']}" for fault in faults)
    return problem_response(
        request, HTTPStatus.UNPROCESSABLE_ENTITY, detail, "unusable-request", faults=faults
    )


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status, headers = HTTPStatus(error.status_code), dict(error.headers or {})
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_methods(request))
    return problem_response(request, status, str(error.detail), headers=headers)


def _methods(request: Request) -> list[str]:
    """List the methods of all endpoints at a path; the framework lists the first one's only."""
    methods: set[str] = set()
    for route in request.app.routes:
        match, _ = route.matches(request.scope)
        if match is not Match.NONE:
            methods |= getattr(route, "methods", None) or set()
    return sorted(methods)


def unexpected_error_response(request: Request, error: Exception) -> Response:
    """Build the response to a request that failed through a fault of this service; no details."""
    return problem_response(
        request,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "something went wrong here; it is in the log under the number of this request",
    )
