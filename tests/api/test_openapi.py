"""The description says who may use what, how they are known, and what may go wrong."""

import pytest

from api import create_app
from api.access.routes import list_endpoints
from matcher.settings import Settings
from tests.api.conftest import SECRET
from tests.api.routes import OPEN

APP = create_app(Settings(secret=SECRET))
TOLD = APP.openapi()
OPERATIONS = [
    (e, TOLD["paths"][e.path][e.method.lower()])
    for e in list_endpoints(APP)
    if e.method.lower() in TOLD["paths"].get(e.path, {})
]


def test_each_operation_names_its_roles_and_schemes():
    """As the endpoint does; anyone's has none."""
    for endpoint, operation in OPERATIONS:
        anyone = (endpoint.method, endpoint.path) in OPEN
        assert operation["x-roles"] == sorted(str(role) for role in endpoint.roles or ())
        assert bool(operation["x-roles"]) != anyone
        assert operation["security"] == ([] if anyone else [{"key": []}, {"session": []}])
    schemes = TOLD["components"]["securitySchemes"]
    assert schemes["key"]["scheme"] == "bearer"
    assert schemes["session"]["in"] == "cookie"


def test_every_problem_has_the_one_shape():
    """422 as well, and nothing refers to what is not there."""
    seen = set()
    for _, operation in OPERATIONS:
        for status, answer in operation["responses"].items():
            if status.startswith(("4", "5")):
                seen.add(status)
                assert list(answer["content"]) == ["application/problem+json"], operation
    assert {"401", "403", "413", "422", "429", "503"} <= seen
    text = str(TOLD)
    assert "HTTPValidationError" not in text
    for name in set(text.split("#/components/schemas/")[1:]):
        assert name.split("'")[0] in TOLD["components"]["schemas"]


@pytest.mark.parametrize("status", ["401", "403", "429", "503"])
def test_what_can_come_of_any_guarded_endpoint_is_told(status):
    """Of all of them."""
    assert [o for e, o in OPERATIONS if e.roles and status not in o["responses"]] == []
