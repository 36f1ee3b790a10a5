"""Problems that endpoints can answer with, as OpenAPI tells them."""

from http import HTTPStatus

from api.problems import responses

LISTED = responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY)
"""Of a list."""
FOUND = LISTED | responses(HTTPStatus.NOT_FOUND)
"""Of one thing that may not be there."""
GONE = responses(HTTPStatus.GONE)
"""Of what may have been erased."""
CHANGED = FOUND | responses(HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED, HTTPStatus.GONE)
"""Of a change."""
REPLACED = CHANGED | responses(HTTPStatus.PRECONDITION_REQUIRED)
"""Of a change that replaces what is there, and so asks for a version."""
