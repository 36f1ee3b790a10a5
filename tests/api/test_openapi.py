"""The description says who may use what, how they are known, and what may go wrong."""

import re

import pytest

from api import create_app
from api.access.routes import list_endpoints
from api.app import ROUTERS
from matcher.settings import Settings
from tests.api.conftest import SECRET
from tests.api.routes import OPEN

APP = create_app(Settings(secret=SECRET))
TOLD = APP.openapi()
RIDDLES = r"(Told|Tell|Shown|Asked|Whole|Found|Made|Given|Taken|Kept|Left|Said|Of|Now)$"
"""Endings of names that do not say what a thing is."""
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


def test_a_generated_client_has_plain_names():
    """Each operation has the name of its function, three words at most, and each schema a noun."""
    names = [operation["operationId"] for _, operation in OPERATIONS]
    assert len(names) == len(set(names)) > 40
    assert [name for name in names if not re.fullmatch(r"[a-z]+(_[a-z]+){0,2}", name)] == []
    functions = {getattr(route, "name", "") for router in ROUTERS for route in router.routes}
    assert set(names) <= functions
    schemas = TOLD["components"]["schemas"]
    assert len({name.lower() for name in schemas}) == len(schemas)
    assert [name for name in schemas if not re.fullmatch(r"([A-Z][a-z]+){1,4}", name)] == []
    assert [name for name in schemas if re.search(RIDDLES, name)] == []
    used = set(re.findall(r"schemas/(\w+)", str(TOLD)))
    assert used == set(schemas)
