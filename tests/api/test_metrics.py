"""Operators see requests, runs, workers, alarms and the last night; others do not."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from api import create_app
from matcher.domain.roles import Role
from matcher.settings import Settings
from matcher.store import Stamp, promise, propose, revise_ledger
from matcher.store.runs import claim_run, enqueue_run
from tests.api.conftest import NOON, SECRET
from tests.api.queue import fill, queue
from tests.api.test_health import a_night


def figures(client) -> dict[tuple, float]:
    """Values by name and labels."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


@pytest.fixture
def operator(client_as):
    return client_as(Role.OPERATOR)


def test_only_operators_see_them(anonymous, client_as):
    """Others are told which role it takes."""
    assert anonymous.get("/metrics").status_code == 401
    answer = client_as(Role.CASEWORKER, Role.AUDITOR).get("/metrics")
    assert answer.status_code == 403
    assert "operator" in answer.json()["detail"]


def test_the_settings_can_give_them_to_anyone(store_url):
    """For a network that only the watching system reaches."""
    app = create_app(Settings(database=store_url, secret=SECRET, metrics_open=True))
    with TestClient(app) as client:
        assert client.get("/metrics").status_code == 200


def test_requests_are_counted_by_route_and_status(operator):
    """A path that no endpoint answers does not get a figure of its own."""
    before = figures(operator)
    for _ in range(3):
        operator.get("/health/live")
        operator.get("/somewhere/household-77")
    after = figures(operator)
    for labels in (("/health/live", "200", "GET"), ("none", "404", "GET")):
        key = ("treffsikker_request_seconds_count", *sorted(labels))
        assert after[key] - before.get(key, 0) == 3
    assert not [key for key in after if "77" in str(key)]


def test_runs_are_counted_by_state_and_the_longest_wait_is_told(operator, app):
    """So that someone notices when no worker takes them."""
    store, hour = app.state.store, timedelta(hours=1)
    enqueue_run(store, "what-if", {}, day=NOON.date(), at=NOON - 3 * hour, asked_by="test")
    claim_run(store, ("what-if",), worker="w", at=NOON - 2 * hour, stalled_before=NOON - 2 * hour)
    enqueue_run(store, "what-if", {}, day=NOON.date(), at=NOON - hour, asked_by="test")
    seen = figures(operator)
    assert seen["treffsikker_runs", "queued", "what-if"] == 1
    assert seen["treffsikker_runs", "running", "what-if"] == 1
    assert seen["treffsikker_runs", "complete", "what-if"] == 0
    assert seen[("treffsikker_run_waiting_seconds",)] == 3600
    assert seen[("treffsikker_worker_silent_seconds",)] == 7200


def test_the_age_of_the_last_night_is_missing_before_the_first(operator, app):
    """No figure is better than a wrong one."""
    age = ("treffsikker_last_night_age_seconds",)
    assert age not in figures(operator)
    a_night(app.state.store, NOON - timedelta(minutes=30))
    assert figures(operator)[age] == 1800


def test_alarms_of_the_ledger_are_counted(operator, app):
    """A municipality that has promised more than it decided."""
    store = app.state.store
    fill(app, queue(1, decided=5))
    noon = Stamp(NOON, "Caseworker 7", "as agreed")
    propose(store, "H0", "0301", noon, answer_by=NOON.date())
    promise(store, "H0", noon)
    assert ("treffsikker_ledger_alarms", "over-promised") not in figures(operator)
    revise_ledger(store, "0301", {"decided": 1}, Stamp(NOON, "Council", "new vote"))
    assert figures(operator)["treffsikker_ledger_alarms", "over-promised"] == 1
