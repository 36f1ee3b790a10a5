"""Figures in the form that Prometheus reads."""

import os
from http import HTTPStatus

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from api.access import Allow, Principal, Role, shows_none
from api.context import Now, StoreHere
from api.metrics.collector import StoreFigures
from api.problems import responses

router = APIRouter(tags=["metrics"])
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Variable in which prometheus-client looks for the folder that several processes share."""


class MayWatch(Allow):
    """Let operators through, or anyone where the settings say so."""

    def __call__(self, request: Request) -> Principal:
        """Give who asks."""
        if request.app.state.settings.metrics_open:
            return Principal("anyone", "anyone", frozenset())
        return super().__call__(request)


@router.get(
    "/metrics",
    response_class=Response,
    dependencies=[Depends(MayWatch(Role.OPERATOR)), shows_none("figures of the whole only")],
    responses={
        200: {"content": {"text/plain": {"schema": {"type": "string"}}}},
        **responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN),
    },
)
def metrics(store: StoreHere, now: Now) -> Response:
    """Give all figures: requests by route, runs, workers, alarms, the age of the last night."""
    figures = CollectorRegistry()
    figures.register(StoreFigures(store, now))
    body = generate_latest(_of_processes()) + generate_latest(figures)
    return Response(body, headers={"Content-Type": CONTENT_TYPE_LATEST})


def _of_processes() -> CollectorRegistry:
    """Give what the processes of the service have counted: this one, or all of them."""
    if SHARED_FOLDER not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry
