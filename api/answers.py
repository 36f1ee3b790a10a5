"""Groups of problem responses, as OpenAPI describes them for an endpoint."""

from http import HTTPStatus

from api.problems import responses

LISTED = responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY)
"""Problem responses of an endpoint that lists things."""
FOUND = LISTED | responses(HTTPStatus.NOT_FOUND)
"""Problem responses of an endpoint for one thing, which may not exist."""
GONE = responses(HTTPStatus.GONE)
"""Problem response for something that may have been erased."""
CHANGED = FOUND | responses(HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED, HTTPStatus.GONE)
"""Problem responses of an endpoint that changes something."""
REPLACED = CHANGED | responses(HTTPStatus.PRECONDITION_REQUIRED)
"""Problem responses of a change that replaces stored values, and therefore needs a version."""
