"""The application: settings, store, clock and the endpoints of all subjects together."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import date, datetime
from functools import partial

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from api.access.audit import AuditGate
from api.access.authentication import authenticate_api_key, authenticate_session
from api.access.guard import RateLimits
from api.access.openapi import openapi_schema
from api.access.routes import include_router
from api.audit.endpoints import router as audit
from api.health.endpoints import router as health
from api.households.change_endpoints import router as changing
from api.households.endpoints import router as households
from api.imports.endpoints import router as imports
from api.keys.endpoints import router as keys
from api.live.lifespan import run_snapshot_cache
from api.login.endpoints import router as login
from api.login.provider import IdentityProvider
from api.metrics.endpoints import router as metrics
from api.middleware import BodyLimit, RequestMetrics, ResponseHeaders
from api.municipalities.endpoints import router as municipalities
from api.placements.endpoints import router as placements
from api.policy.endpoints import router as policy
from api.problems import add_error_handlers
from api.proposals.decision_endpoints import router as decisions
from api.proposals.endpoints import router as proposals
from api.runs.endpoints import router as runs
from api.runs.progress_stream import router as progress
from api.runs.what_if_endpoints import router as what_if
from matcher.settings import Settings, read_settings
from matcher.store.service.audit_log import AuditWriter
from matcher.store.store import Store

ROUTERS = (
    health,
    metrics,
    login,
    keys,
    audit,
    imports,
    households,
    changing,
    placements,
    municipalities,
    proposals,
    decisions,
    runs,
    progress,
    what_if,
    policy,
)
"""The router of each subject."""
MIN_COMPRESSED_BYTES = 8 * 1024
"""Bytes from which a response is compressed: a smaller response fits in a few packets anyway."""
COMPRESSION_LEVEL = 4
"""Level of gzip: for responses with all municipalities, a higher level saves almost nothing."""
AUTHENTICATORS = (authenticate_api_key, authenticate_session)
"""Ways to identify the caller, tried in this order."""


def create_app(
    settings: Settings | None = None, clock: Callable[[], datetime] | None = None
) -> FastAPI:
    """Build the application.

    Parameters
    ----------
    settings : Settings or None
        Read from the environment if None.
    clock : callable or None
        Returns the present moment with a time zone; the machine's clock if None.
    """
    chosen = settings or read_settings()
    app = FastAPI(
        title="Treffsikker",
        version="1",
        lifespan=_lifespan,
        redoc_url=None,
        # The page loads scripts from another site, which must not run where real sessions are.
        docs_url="/docs" if chosen.development else None,
    )
    app.state.settings = chosen
    app.state.clock = clock or chosen.present_moment
    app.state.authenticators = AUTHENTICATORS
    app.state.tracer = None
    app.state.provider = IdentityProvider(chosen) if chosen.oidc_issuer else None
    app.state.rates = RateLimits(chosen)
    add_error_handlers(app)
    # The middleware added last is the outermost.
    app.add_middleware(AuditGate)
    app.add_middleware(
        GZipMiddleware, minimum_size=MIN_COMPRESSED_BYTES, compresslevel=COMPRESSION_LEVEL
    )
    app.add_middleware(BodyLimit, max_bytes=chosen.largest_body)
    app.add_middleware(RequestMetrics)
    app.add_middleware(ResponseHeaders, settings=chosen)
    for router in ROUTERS:
        include_router(app, router)
    app.openapi = partial(openapi_schema, app)  # type: ignore[method-assign]
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    def present_day() -> date:
        moment: datetime = app.state.clock()
        return moment.date()

    with Store.open(app.state.settings.database, present_day) as store:
        app.state.store = store
        with closing(AuditWriter(store)) as app.state.audit_writer, run_snapshot_cache(app, store):
            yield
