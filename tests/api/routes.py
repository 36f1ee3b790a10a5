"""What the routes of an application leave out: roles, and whom their answers show."""

import re
from collections.abc import Iterator
from typing import Any, get_args

from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel

from api.access.disclosure import DisclosesHouseholds, DisclosesNone
from api.access.routes import Endpoint, list_endpoints

OPEN = {
    ("GET", "/"),
    ("GET", "/health/live"),
    ("GET", "/health/ready"),
    ("GET", "/login"),
    ("GET", "/login/done"),
    ("GET", "/login/development"),
    ("POST", "/login/development"),
    ("POST", "/logout"),
}
"""Endpoints that anyone may use."""
NUMBERS = {"integer", "number", "boolean", "null"}


def guarded(app: FastAPI) -> list[Endpoint]:
    """The endpoints that not everyone may use."""
    return [e for e in list_endpoints(app) if (e.method, e.path) not in OPEN]


def filled(path: str) -> str:
    """A path with something in the place of every parameter; a number is text as well."""
    return re.sub(r"\{[^}]*\}", "1", path)


def status(client: TestClient, endpoint: Endpoint) -> int:
    """What an endpoint answers to a request with an empty body."""
    answer = client.request(endpoint.method, filled(endpoint.path), follow_redirects=False)
    return answer.status_code


def roleless(app: FastAPI) -> list[str]:
    """Endpoints that name no role."""
    return [f"{e.method} {e.path}" for e in guarded(app) if not e.roles]


def forgetful(app: FastAPI) -> list[str]:
    """Endpoints whose answers could show households of which nothing comes into the audit log."""
    told = app.openapi()
    return [
        f"{e.method} {e.path}"
        for e in guarded(app)
        if not any(isinstance(call, DisclosesHouseholds | DisclosesNone) for call in e.dependencies)
        and "{household}" not in e.path
        and _could_show(told, e)
    ]


def misnamed(app: FastAPI) -> list[str]:
    """Paths where the parameter of a household or municipality has another name."""
    beside = re.compile(r"/households/\{(?!household\})|/municipalities/\{(?!municipality\})")
    return [e.path for e in list_endpoints(app) if beside.search(e.path)]


def _could_show(told: dict[str, Any], endpoint: Endpoint) -> bool:
    operation = told["paths"].get(endpoint.path, {}).get(endpoint.method.lower())
    if operation is None:
        return True
    answers = {k: v for k, v in operation["responses"].items() if k.startswith("2")}
    return any(k != "204" and _shows(told, v) for k, v in answers.items())


def _shows(told: dict[str, Any], answer: dict[str, Any]) -> bool:
    """Whether an answer names households, or is of a kind that does not tell."""
    content = answer.get("content", {})
    if set(content) != {"application/json"}:
        return True
    return any(_suspect(found) for found in _nodes(told, content["application/json"], set()))


def _suspect(node: tuple[str, Any]) -> bool:
    name, schema = node
    kinds = {schema.get("type")} | {s.get("type") for s in schema.get("anyOf", ())}
    named = "household" in name.lower() and not kinds <= NUMBERS
    anything = not schema.keys() - {"title", "description", "default"}
    freely = schema.get("type") == "object" and schema.get("additionalProperties") is True
    return named or anything or freely


def _nodes(told: dict[str, Any], schema: Any, seen: set[str]) -> Iterator[tuple[str, Any]]:
    """Every property of a schema with its name, and every item without."""
    if isinstance(schema, list):
        for one in schema:
            yield from _nodes(told, one, seen)
    if not isinstance(schema, dict):
        return
    place = schema.get("$ref")
    if place is not None and place not in seen:
        seen.add(place)
        yield place, told["components"]["schemas"][place.rpartition("/")[2]]
        yield from _nodes(told, told["components"]["schemas"][place.rpartition("/")[2]], seen)
    for name, one in schema.get("properties", {}).items():
        yield name, one
        yield from _nodes(told, one, seen)
    for key in ("schema", "items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield "", schema[key]
    for key in ("schema", "items", "additionalProperties", "anyOf", "oneOf", "allOf"):
        yield from _nodes(told, schema.get(key), seen)


def response_models(routers) -> set[type[BaseModel]]:
    """All schemas of the answers of some routers, those of their parts included."""
    models: set[type[BaseModel]] = set()

    def visit(annotation: object) -> None:
        if not isinstance(annotation, type) or annotation in models:
            pass
        elif issubclass(annotation, BaseModel):
            models.add(annotation)
            for field in annotation.model_fields.values():
                visit(field.annotation)
        for part in get_args(annotation):
            visit(part)

    for router in routers:
        for route in router.routes:
            visit(route.response_model)
    return models
