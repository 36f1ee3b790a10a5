"""The service says that it is up, and on which night it rests."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from matcher.store.runs import claim_run, complete_run, enqueue_run
from matcher.store.store import REQUIRED_VERSION
from tests.api.conftest import NOON


def a_night(store, ended_at, day=None):
    """A complete night that ended then, for a day, else the same one."""
    planned = day or ended_at.date()
    one = enqueue_run(store, "night", {}, day=planned, at=ended_at, asked_by="test")
    claim_run(store, ("night",), worker="w", at=ended_at, stalled_before=ended_at)
    complete_run(store, one.id, worker="w", at=ended_at)
    return one


def test_it_says_that_it_is_alive_and_ready(anonymous):
    """Anyone may ask; before the first night there is none to tell of."""
    assert anonymous.get("/health/live").json() == {"status": "alive"}
    ready = anonymous.get("/health/ready").json()
    today = NOON.date().isoformat()
    assert ready == {
        "status": "ready",
        "database": REQUIRED_VERSION,
        "today": today,
        "night": None,
    }


def test_it_tells_the_age_of_the_last_complete_night(anonymous, app):
    """One that is still going on does not count."""
    last = a_night(app.state.store, NOON - timedelta(hours=9))
    enqueue_run(app.state.store, "night", {}, day=NOON.date(), at=NOON, asked_by="test")
    night = anonymous.get("/health/ready").json()["night"]
    assert (night["run"], night["age_hours"], night["late"]) == (last.id, 9.0, False)


def test_an_old_night_is_called_late_but_the_service_stays_ready(anonymous, app):
    """Yesterday's plan is better than none."""
    a_night(app.state.store, NOON - timedelta(hours=app.state.settings.night_late_hours))
    answer = anonymous.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json()["night"]["late"] is True


@pytest.mark.parametrize(("days", "late"), [(0, False), (1, False), (3, True), (901, True)])
def test_a_night_for_a_day_long_ago_is_late_however_new_it_is(anonymous, app, days, late):
    """The day it planned for ended more than the hours of the settings ago."""
    a_night(app.state.store, NOON, NOON.date() - timedelta(days=days))
    assert anonymous.get("/health/ready").json()["night"]["late"] is late


def test_it_is_not_ready_on_a_database_of_another_version(anonymous, app):
    """Orchestrators send no requests to it; the problem says what to run."""
    with app.state.store.unit_of_work() as work:
        work.connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    answer = anonymous.get("/health/ready")
    assert answer.status_code == 503
    assert "treffsikker upgrade" in answer.json()["detail"]
    with app.state.store.unit_of_work() as work:
        work.connection.execute(
            text(f"UPDATE alembic_version SET version_num = '{REQUIRED_VERSION}'")
        )


def test_it_is_not_ready_when_the_store_cannot_be_read(anonymous, app):
    """And does not say more of it than that."""
    with app.state.store.unit_of_work() as work:
        work.connection.execute(text("ALTER TABLE run RENAME TO walked"))
    answer = anonymous.get("/health/ready")
    assert (answer.status_code, answer.json()["title"]) == (503, "Service Unavailable")
    assert "walked" not in answer.text and "SELECT" not in answer.text


def test_an_unknown_path_is_a_problem(anonymous):
    """Even the framework's own errors have the one shape."""
    answer = anonymous.get("/nowhere")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/not-found"
