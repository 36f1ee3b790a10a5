"""What-ifs over HTTP: tonight's plan under other circumstances."""

import shutil

import pytest
from fastapi.testclient import TestClient

from api import create_app
from matcher.domain.roles import Role
from matcher.settings import Settings
from tests.api.conftest import NOON, SECRET, clients_of
from tests.api.working import RUNS, WHAT_IF, first_night, left, work

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def night_file(sqlite_template, tmp_path_factory) -> str:
    """A store with a complete night."""
    file = tmp_path_factory.mktemp("night") / "night.db"
    shutil.copy(sqlite_template, file)
    app = create_app(Settings(database=f"sqlite:///{file}", secret=SECRET), lambda: NOON)
    with TestClient(app):
        first_night(app, clients_of(app))
    return str(file)


@pytest.fixture
def store_url(night_file, tmp_path) -> str:
    """The address of a copy of it; that runs do as well on PostgreSQL is held elsewhere."""
    shutil.copy(night_file, tmp_path / "store.db")
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture
def night(owner) -> str:
    """The night in force."""
    return owner.get("/api/v1/policy").json()["source"]


@pytest.fixture
def owner(client_as):
    return client_as(Role.POLICY_OWNER)


@pytest.fixture
def caseworker(client_as):
    return client_as(Role.CASEWORKER)


def answered(app, client, **different) -> str:
    """Ask, and have it answered; the run."""
    asked = client.post(WHAT_IF, json={**different, "seconds": 5})
    assert asked.status_code == 202, asked.text
    work(app)
    run = asked.json()["id"]
    assert client.get(f"{RUNS}/{run}").json()["status"] == "complete"
    return run


def test_fewer_places_leave_someone_out(app, night, owner, caseworker):
    """Counts for the policy owner, households for the caseworker, a text for both."""
    run = answered(app, owner, ledgers={"0301": {"decided": 2}})
    told = left(owner, run, "difference")
    assert told["night"] == night
    assert list(told["plans"]) == ["steady", "afresh"]
    for plan in told["plans"].values():
        assert (told["tonight"]["placed"], plan["measures"]["placed"]) == (4, 2)
        assert plan["households"]["left out"] == 1
        (shift,) = plan["municipalities"]
        assert (shift["number"], shift["first"], shift["second"]) == ("0301", 4, 2)
        assert any(line.startswith("Personer med plass: 2") for line in plan["sentences"]["nb"])
        assert any(line.startswith("Persons placed: 2") for line in plan["sentences"]["en"])
    assert owner.get(f"{RUNS}/{run}/outputs/moves").status_code == 403
    moves = left(caseworker, run, "moves")
    for question in ("steady", "afresh"):
        assert sum(move["second"] is None for move in moves[question]) == 1
    compared = owner.get(f"{RUNS}/{night}/compare/{run}").json()
    assert (compared["left_out"], compared["same_instance"]) == (1, False)
    shift = told["target_shift"]["terms"]
    assert compared["target_shift"] == {t: shift[t] for t in compared["target_shift"]}
    assert "plan_adherence" in compared["target_shift"]


def test_nothing_different_changes_nothing(app, night, owner):
    """The night itself stays in force."""
    told = left(owner, answered(app, owner), "difference")
    for plan in told["plans"].values():
        assert plan["households"] == {"moved": 0, "placed": 0, "left out": 0}
        assert plan["measures"] == told["tonight"] == told["tonight_after_change"]
    assert owner.get("/api/v1/policy").json()["source"] == night


def test_one_question_can_be_asked_alone(app, owner):
    """Its plan is then the plan of the run; with both, the second has a name of its own."""
    run = answered(app, owner, questions=["afresh"])
    assert list(left(owner, run, "difference")["plans"]) == ["afresh"]
    assert left(owner, run, "result")["question"] == "afresh"
    assert owner.get(f"{RUNS}/{run}/outputs/result.afresh").status_code == 404
    both = answered(app, owner)
    assert left(owner, both, "result")["question"] == "steady"
    assert left(owner, both, "result.afresh")["question"] == "afresh"
    assert owner.get(f"{RUNS}/{both}/outputs/plan.afresh").status_code == 403
    assert owner.post(WHAT_IF, json={"questions": []}).status_code == 422
    assert owner.post(WHAT_IF, json={"questions": ["neither"]}).status_code == 422


def test_a_pin_is_for_those_who_see_households(app, client_as, owner, caseworker):
    """And holds."""
    different = {"pins": {"H0": "0301"}, "bans": [{"household": "H1", "municipality": "0301"}]}
    assert owner.post(WHAT_IF, json=different).status_code == 403
    run = answered(app, caseworker, **different)
    plan = caseworker.get(f"{RUNS}/{run}/outputs/plan").text.splitlines()
    assert any(line.startswith("H0,0301") for line in plan)
    assert not any(line.startswith("H1,0301") for line in plan)
    assert client_as(Role.AUDITOR).get(f"{RUNS}/{run}").json()["asked"]["changes"]["pins"]
    assert owner.get(f"{RUNS}/{run}").json()["asked"] is None


@pytest.mark.parametrize(
    "different",
    [
        {"parameters": {"terms.sped.child": 2}},
        {"parameters": {"terms.speed.child": "much"}},
        {"parameters": {"speed": 2}},
        {"policy": "nobody's"},
        {"off": ["interpreter"]},
        {"ledgers": {"301": {"decided": 1}}},
        {"ledgers": {"0301": {"decided": -1}}},
        {"wishes": {}},
    ],
)
def test_a_policy_that_cannot_be_is_refused_at_once(owner, different):
    """No worker is needed to see it."""
    answer = owner.post(WHAT_IF, json=different)
    assert answer.status_code == 422
    assert owner.get(RUNS, params={"kind": "what-if"}).json()["items"] == []


def test_what_only_the_queue_can_tell_fails_the_run(app, owner):
    """With the reason, for who asked."""
    run = owner.post(WHAT_IF, json={"ledgers": {"9999": {"decided": 1}}}).json()["id"]
    work(app)
    told = owner.get(f"{RUNS}/{run}").json()
    assert told["status"] == "failed"
    assert "9999" in told["error"]
