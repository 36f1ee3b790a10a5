"""Groups of problem responses, as OpenAPI describes them for an endpoint."""

from http import HTTPStatus

from api.problems import problem_responses

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
