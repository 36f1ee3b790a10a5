"""The endpoints of an application, and the roles that may use each."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from api.access.guard import RoleGuard
from matcher.domain.roles import Role


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method of one path.

    Parameters
    ----------
    method, path : str
        For example ``GET`` and ``/api/v1/households/{household}``.
    dependencies : tuple
        Its dependencies: those in its signature, and theirs in turn.
    """

    method: str
    path: str
    dependencies: tuple[Any, ...]

    @property
    def roles(self) -> frozenset[Role] | None:
        """The roles that may use it; None when it declares no roles."""
        role_sets = [call.roles for call in self.dependencies if isinstance(call, RoleGuard)]
        return frozenset.intersection(*role_sets) if role_sets else None


def list_endpoints(app: FastAPI) -> Iterator[Endpoint]:
    """Yield every endpoint of an application, in order."""
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, APIRoute):
            calls = tuple(_calls(context.dependant))
            for method in sorted(context.methods or ()):
                yield Endpoint(method, str(context.path_format), calls)


def include_router(app: FastAPI, router: APIRouter) -> None:
    """Add the endpoints of a subject to an application; roles are checked before anything else.

    In OpenAPI an operation is called as its function, so that a generated client has methods such
    as ``create_proposal``. The roles come first because the dependencies of an endpoint are
    resolved in the order of its signature: otherwise the header or body of a caller without the
    role could be read before.
    """
    for route in router.routes:
        if isinstance(route, APIRoute):
            route.operation_id = route.name
            route.dependant.dependencies.sort(key=lambda dependency: not _checks_roles(dependency))
    # `include_router` of the framework would build the endpoints again, in the order of their
    # signatures.
    app.router.routes.extend(router.routes)


def _checks_roles(dependency: Dependant) -> bool:
    return any(isinstance(call, RoleGuard) for call in (dependency.call, *_calls(dependency)))


def _calls(dependant: Dependant) -> Iterator[Any]:
    for dependency in dependant.dependencies:
        yield dependency.call
        yield from _calls(dependency)
