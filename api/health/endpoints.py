"""Health and readiness, for load balancers and orchestrators."""

from datetime import date, datetime, time, timedelta
from http import HTTPStatus

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from sqlalchemy.exc import SQLAlchemyError

from api.dependencies import NowDep, SettingsDep, StoreDep
from api.live.snapshot_cache import SnapshotCache
from api.problems import RefusedError, problem_responses
from matcher.store.errors import DatabaseVersionError
from matcher.store.runs import find_run_in_force
from matcher.store.store import Store, check_version

router = APIRouter(prefix="/health", tags=["health"])


class Health(BaseModel):
    """The process is running."""

    status: str = Field(description="Always `alive`.")


class LastNight(BaseModel):
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
    today: date = Field(description="The day to which days are counted.")
    night: LastNight | None = Field(description="Null before the first complete night.")


@router.get("/live")
def get_liveness() -> Health:
    """Report that the process is running."""
    return Health(status="alive")


@router.get("/ready", responses=problem_responses(HTTPStatus.SERVICE_UNAVAILABLE))
def get_readiness(
    request: Request, store: StoreDep, at: NowDep, settings: SettingsDep
) -> Readiness:
    """Report that the store can be used and has been read, and how old the last complete night is.

    An old night does not make the service unready: yesterday's plan is better than none. Monitor
    `late`, or the metric with the age of the last night.
    """
    cache: SnapshotCache = request.app.state.snapshot_cache
    if cache.is_warming_up:
        raise RefusedError(
            HTTPStatus.SERVICE_UNAVAILABLE, "the queue is being read; try again in a few seconds"
        )
    try:
        version = check_version(store.engine)
        night = _night(store, at, settings.night_late_hours)
    except DatabaseVersionError as error:
        raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, str(error)) from error
    except SQLAlchemyError as error:
        raise RefusedError(
            HTTPStatus.SERVICE_UNAVAILABLE, "the store cannot be read; try again in a while"
        ) from error
    return Readiness(status="ready", database=version, today=at.date(), night=night)


def _night(store: Store, at: datetime, late_hours: float) -> LastNight | None:
    run = find_run_in_force(store)
    if run is None or run.ended_at is None:
        return None
    hours = (at - run.ended_at).total_seconds() / 3600
    day_ended_at = datetime.combine(run.day + timedelta(days=1), time(), at.tzinfo)
    hours_since_day = (at - day_ended_at).total_seconds() / 3600
    return LastNight(
        run=run.id,
        day=run.day,
        ended_at=run.ended_at,
        age_hours=round(hours, 2),
        # A plan made this morning for a day of last year is late as well.
        late=max(hours, hours_since_day) >= late_hours,
    )
