"""The page of the endpoints, from the application's own description."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from api.access.guard import RoleGuard
from api.app import ROUTERS
from docs.writing.markdown import format_table

HEAD = """# The endpoints

<!-- Written by `python -m docs.generate`; change the endpoints in api/, not this page. -->

What the service answers to. A running service has the same at `/openapi.json`, for machines, and in
development at `/docs`, to try: there stand the fields of every body. Who asks sends a key in
`Authorization: Bearer`, or has [logged in](../how-to/log-in.md). Everything that goes wrong is
answered in one shape, `application/problem+json`, with what to do in `detail`.
[Run the service](../how-to/run-the-service.md) tells how to start it.
"""
ANYONE = "anyone"


def endpoints_page() -> str:
    """Return the text of the page."""
    routes = sorted(list_routes(), key=lambda r: (str((r.tags or [""])[0]), r.path, _method(r)))
    rows = [(f"[`{_name(r)}`](#{_anchor(_name(r))})", _what(r)[0], format_roles(r)) for r in routes]
    lines = [HEAD, *format_table(("endpoint", "what it does", "who may"), rows)]
    for route in routes:
        lines += _endpoint(route)
    return "\n".join(lines)


def list_routes() -> list[APIRoute]:
    """List the endpoints of all routers that are in the OpenAPI schema."""
    return [r for router in ROUTERS for r in router.routes if _described(r)]


def _described(route: BaseRoute) -> TypeGuard[APIRoute]:
    """Whether a route is described here; pages for a browser, such as the login, are not."""
    return isinstance(route, APIRoute) and route.include_in_schema


def format_roles(route: APIRoute) -> str:
    """Write the roles of which one is needed to use an endpoint."""
    needed = sorted({str(r) for allow in _guards(route.dependant) for r in allow.roles})
    return ", ".join(needed) or ANYONE


def _guards(dependant: Dependant) -> Iterator[RoleGuard]:
    if isinstance(dependant.call, RoleGuard):
        yield dependant.call
    for inner in dependant.dependencies:
        yield from _guards(inner)


def _method(route: APIRoute) -> str:
    return sorted(route.methods or ())[0]


def _name(route: APIRoute) -> str:
    return f"{_method(route)} {route.path}"


def _anchor(name: str) -> str:
    plain = "".join(c for c in name.lower() if c.isalnum() or c in "-_ ")
    return plain.replace(" ", "-")


def _what(route: APIRoute) -> tuple[str, str]:
    """Return the first paragraph of an endpoint's description, and the following ones."""
    first, _, details = route.description.partition("\n\n")
    return " ".join(first.split()), details.strip()


def _endpoint(route: APIRoute) -> Iterator[str]:
    first, details = _what(route)
    yield from (f"## {_name(route)}", "", first, "")
    if details:
        yield from (details, "")
    yield from (f"Who may: {format_roles(route)}.", "")
    yield from _parameters(route)
    if route.body_field is not None:
        yield from (f"Body: `{_type(route.body_field.field_info.annotation)}`.", "")
    yield from _statuses(route)


def _parameters(route: APIRoute) -> list[str]:
    rows = [
        (f"`{p.alias}`", kind, "yes" if p.field_info.is_required() else "", _about(p))
        for kind, name in (("path", "path"), ("query", "query"), ("header", "header"))
        for p in _all_of(route.dependant, f"{name}_params")
    ]
    return format_table(("parameter", "where", "needed", "what it is"), rows) if rows else []


def _all_of(dependant: Dependant, name: str) -> Iterator[Any]:
    yield from getattr(dependant, name)
    for inner in dependant.dependencies:
        yield from _all_of(inner, name)


def _about(parameter: Any) -> str:
    return str(parameter.field_info.description or "")


def _type(annotation: Any) -> str:
    return str(getattr(annotation, "__name__", annotation))


def _statuses(route: APIRoute) -> list[str]:
    success = str(route.status_code or 200)
    model = "" if route.response_model is None else f"`{_type(route.response_model)}`"
    responses: Mapping[str, Any] = {str(k): v for k, v in route.responses.items()}
    errors = sorted(status for status in responses if status != success)
    rows = [(success, model), *((k, responses[k].get("description", "")) for k in errors)]
    return format_table(("status", "answer"), rows)
