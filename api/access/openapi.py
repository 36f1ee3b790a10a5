"""Access in the OpenAPI schema: authentication, roles of each endpoint, possible problems."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.access.routes import Endpoint, list_endpoints
from api.problems import PROBLEM_MEDIA_TYPE, ProblemDetails, problem_responses

SECURITY_SCHEMES = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "description": "A system's key, which an operator makes.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "treffsikker",
        "description": "The session of a person who has logged in. What changes something must be"
        " asked for by a page of the service, as browsers state in Sec-Fetch-Site or Origin. Over"
        " HTTPS the cookie is called __Host-treffsikker.",
    },
}
GUARDED_STATUSES = (
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
"""Problems of any endpoint that needs a role; the last one when the audit log cannot be written."""
BODY_STATUSES = (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
"""Problems of any endpoint that takes a body."""


def openapi_schema(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI schema of an application; it is built once.

    Each operation has ``x-roles``: the roles that may use it, empty where anyone may.
    """
    if app.openapi_schema is None:
        schema = get_openapi(title=app.title, version=app.version, routes=app.routes)
        components = schema.setdefault("components", {})
        components["securitySchemes"] = SECURITY_SCHEMES
        problem = ProblemDetails.model_json_schema(mode="serialization")
        components.setdefault("schemas", {})["ProblemDetails"] = problem
        for endpoint in list_endpoints(app):
            operation = schema["paths"].get(endpoint.path, {}).get(endpoint.method.lower())
            if operation is not None:
                _complete(operation, endpoint)
        _drop_unreferenced(schema)
        app.openapi_schema = schema
    return app.openapi_schema


def _drop_unreferenced(schema: dict[str, Any]) -> None:
    """Drop the schemas that no operation uses: the framework's own problems, and unused types."""
    schemas = schema["components"]["schemas"]
    while unreferenced := [name for name in schemas if f"schemas/{name}'" not in str(schema)]:
        for name in unreferenced:
            del schemas[name]


def _complete(operation: dict[str, Any], endpoint: Endpoint) -> None:
    roles = sorted(str(role) for role in endpoint.roles or ())
    operation["x-roles"] = roles
    operation["security"] = [{name: []} for name in SECURITY_SCHEMES] if roles else []
    answers = operation["responses"]
    expected = [
        *(GUARDED_STATUSES if roles else ()),
        *(BODY_STATUSES if "requestBody" in operation else ()),
    ]
    # The framework has documented its own format of this problem, which is never sent.
    expected += [HTTPStatus.UNPROCESSABLE_ENTITY] if "422" in answers else []
    for answer in answers.values():
        if PROBLEM_MEDIA_TYPE in answer.get("content", {}):
            answer["content"] = {PROBLEM_MEDIA_TYPE: answer["content"][PROBLEM_MEDIA_TYPE]}
    for status, answer in problem_responses(*expected).items():
        if status == HTTPStatus.UNPROCESSABLE_ENTITY or str(status) not in answers:
            answers[str(status)] = {key: answer[key] for key in ("description", "content")}
