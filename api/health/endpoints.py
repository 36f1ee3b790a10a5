"""Health and readiness, for load balancers and orchestrators."""

from datetime import date, datetime
from http import HTTPStatus

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from sqlalchemy.exc import SQLAlchemyError

from api.context import Now, SettingsHere, StoreHere
from api.problems import RefusedError, responses
from matcher.store.database import OutOfDateError, Store
from matcher.store.database.runs import latest_complete
from matcher.store.database.version import check_version

router = APIRouter(prefix="/health", tags=["health"])


class Health(BaseModel):
    """The process is running."""

    status: str = Field(description="Always `alive`.")


class Night(BaseModel):
    """The last complete night, on which placements are based."""

    run: str = Field(description="Its run.", examples=["night-2026-11-22-1"])
    day: date = Field(description="The day that it planned for.")
    ended_at: datetime = Field(description="When it was complete.")
    age_hours: float = Field(description="Hours since then.", examples=[7.5])
    late: bool = Field(description="Whether a newer one should have been there by now.")


class Readiness(BaseModel):
    """The service can do its work, and the night on which its answers are based."""

    status: str = Field(description="Always `ready`; otherwise the answer is a problem.")
    database: str = Field(description="Version of the database.", examples=["0003"])
    night: Night | None = Field(description="Null before the first complete night.")


@router.get("/live")
def live() -> Health:
    """Report that the process is running."""
    return Health(status="alive")


@router.get("/ready", responses=responses(HTTPStatus.SERVICE_UNAVAILABLE))
def ready(request: Request, store: StoreHere, now: Now, settings: SettingsHere) -> Readiness:
    """Report that the store can be used and has been read, and how old the last complete night is.

    An old night does not make the service unready: yesterday's plan is better than none. Monitor
    `late`, or the metric with the age of the last night.
    """
    if request.app.state.follower.starting:
        raise RefusedError(
            HTTPStatus.SERVICE_UNAVAILABLE, "the queue is being read; try again in a few seconds"
        )
    try:
        version = check_version(store.engine)
        night = _night(store, now, settings.night_late_hours)
    except OutOfDateError as error:
        raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, str(error)) from error
    except SQLAlchemyError as error:
        raise RefusedError(
            HTTPStatus.SERVICE_UNAVAILABLE, "the store cannot be read; try again in a while"
        ) from error
    return Readiness(status="ready", database=version, night=night)


def _night(store: Store, at: datetime, late_hours: float) -> Night | None:
    run = latest_complete(store)
    if run is None or run.ended_at is None:
        return None
    hours = (at - run.ended_at).total_seconds() / 3600
    return Night(
        run=run.id,
        day=run.day,
        ended_at=run.ended_at,
        age_hours=round(hours, 2),
        late=hours >= late_hours,
    )
