"""Health and readiness, for load balancers and orchestrators."""

from fastapi import APIRouter
from pydantic import BaseModel

from api.context import StoreHere

router = APIRouter(prefix="/health", tags=["health"])


class Health(BaseModel):
    """That a part of the service works."""

    status: str


@router.get("/live")
def live() -> Health:
    """Say that the process answers."""
    return Health(status="alive")


@router.get("/ready")
def ready(store: StoreHere) -> Health:
    """Say that the store can be read."""
    with store.reading():
        return Health(status="ready")
