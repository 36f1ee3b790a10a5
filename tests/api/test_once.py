"""What is asked for twice with one key happens once, also when it is asked at the same moment."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from matcher.domain.roles import Role
from matcher.store import read_household_events, tables
from tests.api.queue import CASE, PROPOSALS, fill, new, queue
from tests.store.conftest import BOTH_DATABASES

pytestmark = BOTH_DATABASES
KEY = {"Idempotency-Key": "a4e1"}


def kinds(app, household: str = "H0") -> list[str]:
    """What has happened to a household."""
    return [str(event.kind) for event in read_household_events(app.state.store, household)]


def test_the_first_answer_is_given_again(app, client_as):
    """Body, status and ETag, marked as given before; nothing happens again."""
    client = client_as(Role.CASEWORKER)
    fill(app)
    first = client.post(PROPOSALS, json=new(), headers=KEY)
    second = client.post(PROPOSALS, json=new(), headers=KEY)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert first.headers["etag"] == second.headers["etag"]
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert kinds(app) == ["listed", "proposed"]


def test_without_a_key_it_is_another_request(app, client_as):
    """Which the household's state refuses."""
    client = client_as(Role.CASEWORKER)
    fill(app)
    assert client.post(PROPOSALS, json=new()).status_code == 201
    assert client.post(PROPOSALS, json=new()).status_code == 409


def test_a_key_is_for_one_request(app, client_as):
    """Another body, path or version with the same key is refused."""
    client = client_as(Role.CASEWORKER)
    fill(app)
    client.post(PROPOSALS, json=new(), headers=KEY)
    for answer in (
        client.post(PROPOSALS, json=new("H1"), headers=KEY),
        client.post(f"{CASE}/withdraw", json={"reason": "x"}, headers=KEY),
        client.post(PROPOSALS, json=new(), headers={**KEY, "If-Match": '"1"'}),
    ):
        assert answer.status_code == 422
        assert "was used for another request" in answer.json()["detail"]
    assert kinds(app) == ["listed", "proposed"]


def test_a_key_is_its_callers_own(app, client_as):
    """Two callers can choose the same."""
    one = client_as(Role.CASEWORKER)
    other = client_as(Role.CASEWORKER, Role.OPERATOR)
    fill(app)
    assert one.post(PROPOSALS, json=new("H0"), headers=KEY).status_code == 201
    assert other.post(PROPOSALS, json=new("H1"), headers=KEY).status_code == 201


def test_what_was_refused_can_be_asked_for_again(app, client_as):
    """Nothing has happened, so nothing is kept of it."""
    client = client_as(Role.CASEWORKER)
    fill(app)
    client.post(f"{CASE}/ban", json={"reason": "x", "municipality": "0301"})
    assert client.post(PROPOSALS, json=new(), headers=KEY).status_code == 409
    client.post(f"{CASE}/unban", json={"reason": "x", "municipality": "0301", "why": "caseworker"})
    assert client.post(PROPOSALS, json=new(), headers=KEY).status_code == 201


def test_ten_at_the_same_moment_make_one_change(app, client_as):
    """All get its answer."""
    client = client_as(Role.CASEWORKER)
    fill(app)
    with ThreadPoolExecutor(10) as pool:
        asked = [pool.submit(client.post, PROPOSALS, json=new(), headers=KEY) for _ in range(10)]
        answers = [one.result() for one in asked]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert kinds(app) == ["listed", "proposed"]


def test_the_audit_log_has_whom_an_answer_shows_each_time(app, client_as):
    """Also of an answer that is given again."""
    client = client_as(Role.CASEWORKER)
    fill(app, queue(3).replace(links=(("H0", "H1"),)))
    for _ in range(2):
        client.post(PROPOSALS, json=new(), headers=KEY)
    with app.state.store.read_transaction() as connection:
        rows = connection.execute(
            select(tables.audit_rows.c.facts).order_by(tables.audit_rows.c.id)
        ).all()
    shown = [row.facts["households"] for row in rows if "households" in row.facts]
    assert shown == [["H0", "H1"], ["H0", "H1"]]
