"""The endpoints of an application, and what each says of who may use it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from api.access.guard import Allow
from api.access.principal import Role


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method of one path.

    Parameters
    ----------
    method, path : str
        As ``GET`` and ``/api/v1/households/{household}``.
    calls : tuple
        What is called before it, in its signature and further down.
    """

    method: str
    path: str
    calls: tuple[Any, ...]

    @property
    def roles(self) -> frozenset[Role] | None:
        """Who may use it; None when it does not say."""
        named = [call.roles for call in self.calls if isinstance(call, Allow)]
        return frozenset.intersection(*named) if named else None


def endpoints(app: FastAPI) -> Iterator[Endpoint]:
    """Give every endpoint of an application, in order."""
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, APIRoute):
            calls = tuple(_calls(context.dependant))
            for method in sorted(context.methods or ()):
                yield Endpoint(method, str(context.path_format), calls)


def include(app: FastAPI, router: APIRouter) -> None:
    """Take in the endpoints of a subject; whether someone may is decided before all else.

    What an endpoint needs is otherwise looked at in the order of its signature: a body or a header
    of someone who may not ask at all.
    """
    for route in router.routes:
        if isinstance(route, APIRoute):
            route.dependant.dependencies.sort(key=lambda needed: not _allows(needed))
    # The framework's own way would make the endpoints anew, in the order of their signatures.
    app.router.routes.extend(router.routes)


def _allows(needed: Dependant) -> bool:
    return any(isinstance(call, Allow) for call in (needed.call, *_calls(needed)))


def _calls(dependant: Dependant) -> Iterator[Any]:
    for needed in dependant.dependencies:
        yield needed.call
        yield from _calls(needed)
