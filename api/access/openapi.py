"""What OpenAPI says of access: how to be known, who may use each endpoint, what may go wrong."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.access.routes import Endpoint, endpoints
from api.problems import MEDIA_TYPE, ProblemDetails, responses

SCHEMES = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "description": "A system's key, which an operator makes.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "treffsikker",
        "description": "The session of a person who has logged in. What changes something needs"
        " the session's token in the header X-CSRF-Token as well. Over HTTPS the cookie is called"
        " __Host-treffsikker.",
    },
}
GUARDED = (
    HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
)  # fmt: skip
"""What can come of any endpoint that takes a role; the last without an audit log to write to."""
WITH_BODY = (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
"""What can come of any endpoint that takes a body."""


def describe(app: FastAPI) -> dict[str, Any]:
    """Give the description of an application; made once.

    Each operation has ``x-roles``: who may use it, none where anyone may.
    """
    if app.openapi_schema is None:
        told = get_openapi(title=app.title, version=app.version, routes=app.routes)
        components = told.setdefault("components", {})
        components["securitySchemes"] = SCHEMES
        problem = ProblemDetails.model_json_schema(mode="serialization")
        components.setdefault("schemas", {})["ProblemDetails"] = problem
        for name in ("HTTPValidationError", "ValidationError"):
            components["schemas"].pop(name, None)
        for endpoint in endpoints(app):
            operation = told["paths"].get(endpoint.path, {}).get(endpoint.method.lower())
            if operation is not None:
                _complete(operation, endpoint)
        app.openapi_schema = told
    return app.openapi_schema


def _complete(operation: dict[str, Any], endpoint: Endpoint) -> None:
    roles = sorted(str(role) for role in endpoint.roles or ())
    operation["x-roles"] = roles
    operation["security"] = [{name: []} for name in SCHEMES] if roles else []
    answers = operation["responses"]
    expected = [*(GUARDED if roles else ()), *(WITH_BODY if "requestBody" in operation else ())]
    # The framework has documented its own shape of this one, which is never sent.
    expected += [HTTPStatus.UNPROCESSABLE_ENTITY] if "422" in answers else []
    for told in answers.values():
        if MEDIA_TYPE in told.get("content", {}):
            told["content"] = {MEDIA_TYPE: told["content"][MEDIA_TYPE]}
    for status, told in responses(*expected).items():
        if status == HTTPStatus.UNPROCESSABLE_ENTITY or str(status) not in answers:
            answers[str(status)] = {key: told[key] for key in ("description", "content")}
