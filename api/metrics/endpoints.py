"""The endpoint with metrics in the format that Prometheus reads."""

import os
from http import HTTPStatus

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from api.access.disclosure import discloses_none
from api.access.guard import RoleGuard
from api.access.principal import Principal
from api.dependencies import NowDep, StoreDep
from api.metrics.store_metrics import StoreMetrics
from api.problems import problem_responses
from matcher.domain.roles import Role

router = APIRouter(tags=["metrics"])
SHARED_FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""Environment variable with the folder that prometheus-client shares between processes."""


class MetricsGuard(RoleGuard):
    """Let operators through, or anyone if the settings allow it."""

    def __call__(self, request: Request) -> Principal:
        """Return the caller."""
        if request.app.state.settings.metrics_open:
            return Principal("anyone", "anyone", frozenset())
        return super().__call__(request)


@router.get(
    "/metrics",
    response_class=Response,
    dependencies=[
        Depends(MetricsGuard(Role.OPERATOR)),
        discloses_none("figures of the whole only"),
    ],
    responses={
        200: {"content": {"text/plain": {"schema": {"type": "string"}}}},
        **problem_responses(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN),
    },
)
def get_metrics(store: StoreDep, at: NowDep) -> Response:
    """Return all metrics: requests by route, runs, workers, alarms, the age of the last night."""
    store_registry = CollectorRegistry()
    store_registry.register(StoreMetrics(store, at))
    body = generate_latest(_process_registry()) + generate_latest(store_registry)
    return Response(body, headers={"Content-Type": CONTENT_TYPE_LATEST})


def _process_registry() -> CollectorRegistry:
    """Return the registry of this process, or of all processes where they share a folder."""
    if SHARED_FOLDER_VARIABLE not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry
