"""Logs tell what the service does, and nothing about a person."""

import json
import logging
from datetime import UTC, datetime, timedelta
from io import StringIO
from logging.config import dictConfig

import httpx
import pytest

from matcher.domain import Instance
from matcher.domain.roles import Role
from matcher.jobs.night import NightParameters, enqueue_night
from matcher.logs import LOG_FIELDS, build_logging_config, get_logger
from matcher.policy.policy import Policy
from matcher.store import Stamp, Store, import_instance, upgrade
from matcher.store.runs import enqueue_run, get_run
from matcher.store.service.api_keys import create_key
from tests.service.people import found_in, personal, small_queue
from tests.service.running import PATIENCE, ended, running

pytestmark = pytest.mark.slow
PERSON = "household-of-Zora-Quist"
ACTOR = "Caseworker Zora Quist"
SECURE = {"public_url": "https://placing.example"}


@pytest.fixture
def lines():
    """Log as the service does; give what was written."""
    written = StringIO()
    configuration = build_logging_config("info")
    configuration["handlers"]["stderr"]["stream"] = written
    saved = logging.root.handlers[:], logging.root.level
    dictConfig(configuration)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logging.root.handlers[:], logging.root.level = saved[0], saved[1]
    for name in ("matcher", "api", "uvicorn"):
        logging.getLogger(name).setLevel(logging.NOTSET)


def test_a_line_has_its_text_its_fields_and_when(lines):
    """One JSON object, with the time in UTC."""
    get_logger("matcher.test").info("run ended", run="night-1", seconds=2.5)
    (line,) = lines()
    assert line.pop("time").endswith("Z")
    assert line == {
        "event": "run ended",
        "run": "night-1",
        "seconds": 2.5,
        "level": "info",
        "logger": "matcher.test",
    }


def test_fields_of_unknown_names_are_left_out(lines):
    """Whoever logs a household by mistake logs only that something was left out."""
    get_logger("matcher.test").warning("moved", household=PERSON, count=3)
    (line,) = lines()
    assert (line["count"], line["left_out"]) == (3, 1)
    assert PERSON not in str(line)


def test_of_an_error_the_kind_and_the_place_are_kept(lines):
    """Its message may name a household."""
    try:
        raise ValueError(PERSON)
    except ValueError:
        get_logger("matcher.test").exception("run failed")
        logging.getLogger("some.library").exception("failed")
    for line in lines():
        assert line["error"] == "ValueError"
        assert line["where"][-1].startswith("test_logs.py:")
        assert PERSON not in str(line)


def test_values_that_libraries_log_are_left_out(lines):
    """Their text says what happened, without about whom."""
    library = logging.getLogger("some.library")
    library.warning("could not read %s: %-5.2f of 100%%", PERSON, 2.5)
    library.warning("%(who)r is gone", {"who": PERSON})
    library.warning("50%")
    told = [line["event"] for line in lines()]
    assert told == ["could not read …: … of 100%", "… is gone", "50%"]


def test_libraries_are_heard_only_when_something_is_wrong(lines):
    """And this program from the level that is set."""
    logging.getLogger("some.library").info("all is well")
    get_logger("matcher.test").debug("detail")
    get_logger("matcher.test").info("step")
    assert [line["event"] for line in lines()] == ["step"]


def test_no_field_is_about_a_person():
    """The names are few, and none is of the domain's people."""
    assert not LOG_FIELDS & {"household", "person", "actor", "name", "path", "url", "detail"}


@pytest.fixture(scope="module")
def queue():
    return small_queue()


@pytest.fixture(scope="module")
def logged(tmp_path_factory, queue) -> str:
    """Everything that a service and a worker write when there is much to say about people."""
    folder = tmp_path_factory.mktemp("logs")
    url = f"sqlite:///{folder}/treffsikker.db"
    upgrade(url)
    at = datetime(queue.today.year, queue.today.month, queue.today.day, 12, tzinfo=UTC)
    with Store.open(url) as store:
        import_instance(store, queue, Stamp(at, ACTOR, "import"))
        question = NightParameters(Policy.default(), seconds=5)
        night = enqueue_night(store, question, day=queue.today, at=at, asked_by=ACTOR)
        pin = {"pins": {h.id: h.members[0].id for h in queue.households}}
        failing = enqueue_run(store, "what-if", pin, day=queue.today, at=at, asked_by=ACTOR)
        key, _ = create_key(
            store,
            ACTOR,
            [str(role) for role in Role if role is not Role.MUNICIPALITY],
            at=datetime.now(UTC),
            expires_at=datetime.now(UTC) + timedelta(days=1),
            made_by=ACTOR,
        )
    done = ended(folder, "worker", "--once", log_level="debug")
    with running(folder, "serve", "--port", "0", log_level="debug", **SECURE) as service:
        _ask_about_people(service.url, queue, key)
        service.stop()
    with Store.open(url) as store:
        assert get_run(store, night.id).status == "complete"
        assert get_run(store, failing.id).status == "failed"
    return service.log.read_text() + done.stderr + done.stdout


def _ask_about_people(url: str, queue: Instance, key: str) -> None:
    """Requests with what is known of people in each part that a request has."""
    known = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=url, timeout=PATIENCE, headers=known) as client:
        for household in queue.households[:8]:
            path = f"/api/v1/households/{household.id}"
            client.get(path, params={"person": household.members[0].id})
            client.post(f"{path}/ban", json={"municipality": "0301", "reason": ACTOR})
            client.post(f"{path}/pin", json={"household": household.id, "reason": ACTOR})
            client.post("/api/v1/proposals", json={"household": household.id, "reason": ACTOR})
            client.post("/api/v1/what-if", json={"pins": {household.id: "0301"}})
            client.get(f"/api/v1/nothing/{household.id}")
            client.request("PURGE", path)
            client.get("/metrics", headers={"Authorization": f"Bearer {household.id}"})
        client.get("/api/v1/households", params={"search": queue.households[0].id})


def test_no_log_has_anything_of_a_person(logged, queue):
    """Requests, a worker's failure: nothing known of anyone stands in any line."""
    sought = personal(queue)
    assert len(sought) > 100
    assert found_in(logged, sought | {ACTOR}) == set()


def test_every_line_of_a_log_is_json(logged):
    """What the service says to people goes elsewhere."""
    events = [json.loads(line)["event"] for line in logged.splitlines() if line.startswith("{")]
    assert events.count("request") >= 50
    assert events.count("run ended") == 2
    assert events.count("run failed") == 1
