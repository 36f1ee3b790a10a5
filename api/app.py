"""The application: settings, store, clock, and the subjects' endpoints put together."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from fastapi import FastAPI

from api.access.api_keys import by_api_key
from api.health.endpoints import router as health
from api.metrics.endpoints import router as metrics
from api.metrics.requests import Requests
from api.problems import add_handlers
from matcher.settings import Settings, read_settings
from matcher.store.database import Store

ROUTERS = (health, metrics)
"""The endpoints of each subject."""
AUTHENTICATORS = (by_api_key,)
"""Ways to know who asks, tried in this order."""


def create_app(
    settings: Settings | None = None, clock: Callable[[], datetime] | None = None
) -> FastAPI:
    """Make the application.

    Parameters
    ----------
    settings : Settings or None
        From the environment unless given.
    clock : callable or None
        Gives this moment with a time zone; the machine's clock unless given.
    """
    chosen = settings or read_settings()
    app = FastAPI(title="Treffsikker", version="1", lifespan=_lifespan, redoc_url=None)
    app.state.settings = chosen
    app.state.clock = clock or (lambda: datetime.now(chosen.zone))
    app.state.authenticators = AUTHENTICATORS
    add_handlers(app)
    app.add_middleware(Requests)
    for router in ROUTERS:
        app.include_router(router)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    with Store.open(app.state.settings.database) as store:
        app.state.store = store
        yield
