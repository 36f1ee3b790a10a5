"""``nightly`` and ``replay`` as a scheduler calls them: exit codes, files, and trouble."""

import json
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from matcher.cli.app import main
from matcher.cli.shared import ExitCode
from matcher.domain import Plan
from matcher.files.writing import write
from matcher.jobs.night.night import STEPS
from matcher.jobs.worker import new_worker_name
from matcher.store import Store, find_differences
from matcher.store.runs import (
    NIGHT_KIND,
    RunStatus,
    claim_run,
    enqueue_run,
    find_run_in_force,
    list_runs,
)
from matcher.store.runs import get_run as run_of
from tests.jobs.night.conftest import now
from tests.store.private_postgres import USER


@pytest.fixture
def files(queue, tmp_path) -> Path:
    """The queue as files."""
    write(queue, tmp_path / "files")
    return tmp_path / "files"


@pytest.fixture
def called(monkeypatch, capsys):
    """Call the command: its exit code, what it wrote, and what it told."""

    def call(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["treffsikker", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            main()
        out, told = capsys.readouterr()
        return int(end.value.code or 0), out, told

    return call


@pytest.fixture
def nightly(called, store_url):
    """Call ``nightly`` on the test's database."""

    def call(*words: object) -> tuple[int, str, str]:
        return called(
            "nightly", "--database", store_url, "--seconds", 20, "--language", "en", *words
        )

    return call


@pytest.mark.slow
def test_the_night_is_done_once_and_written_out(nightly, called, files, tmp_path, store_url):
    """The second start says that nothing has changed; the replay is equal to the bit."""
    code, out, _ = nightly("--import", files, "--out", tmp_path / "out")
    assert code == ExitCode.OK
    assert "households placed" in out
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert report["run"]["id"].startswith("night-")
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"report.html", "report.en.html", "plan.html", "plan.csv", "suggestions.json"} <= names
    code, out, _ = nightly("--import", files, "--json")
    assert code == ExitCode.OK
    assert json.loads(out)["run"]["id"] == report["run"]["id"]
    with Store.open(store_url) as store:
        assert len(list_runs(store)) == 1
    run = report["run"]["id"]
    code, out, _ = called("replay", run, "--database", store_url, "--json")
    assert (code, json.loads(out)["equal"]) == (ExitCode.OK, True)


@pytest.mark.slow
def test_an_export_with_nobody_in_it_is_refused_until_it_is_meant(nightly, queue, files, tmp_path):
    """Nothing is taken in and no night is begun; the numbers are told."""
    assert nightly("--import", files)[0] == ExitCode.OK
    waiting = len(queue.households)
    write(queue.replace(households=(), links=(), earlier_plan=Plan()), tmp_path / "empty")
    code, _, told = nightly("--import", tmp_path / "empty")
    assert code == ExitCode.FAULTS
    assert f"{waiting} of {waiting} households that wait" in told and "--withdraw-many" in told
    report = json.loads(nightly("--import", files, "--json")[1])
    assert report["counts"]["households"] == waiting
    code, out, _ = nightly("--import", tmp_path / "empty", "--withdraw-many", "--json")
    assert json.loads(out)["counts"]["households"] == 0


def test_a_night_is_not_planned_ahead(nightly, queue, files, store_url):
    """Neither for a given day nor for that of the files; nothing is recorded."""
    code, _, told = nightly("--day", "9000-01-01")
    assert (code, "9000-01-01 cannot be planned yet" in told) == (ExitCode.USAGE, True)
    facts = (files / "instance.toml").read_text(encoding="utf-8")
    ahead = facts.replace(str(queue.today), "2100-01-01")
    (files / "instance.toml").write_text(ahead, encoding="utf-8")
    code, _, told = nightly("--import", files)
    assert (code, "The files are dated 2100-01-01" in told) == (ExitCode.FAULTS, True)
    with Store.open(store_url) as store:
        assert list_runs(store) == []


@pytest.mark.slow
def test_the_first_night_makes_an_embedded_store(called, files, tmp_path):
    """No other command is needed before it."""
    url = f"sqlite:///{tmp_path}/new.db"
    assert called("nightly", "--database", url, "--import", files)[0] == ExitCode.OK
    with Store.open(url) as store:
        assert find_differences(store) == []


@pytest.mark.slow
def test_a_start_while_another_is_at_it_ends_at_once(nightly, files, store_url):
    """It says who is at it and since when."""
    nightly("--import", files)
    with Store.open(store_url) as store:
        before = find_run_in_force(store)
        asked = runs_asked(store, before)
        alive = new_worker_name()
        taken = claim_run(store, (NIGHT_KIND,), worker=alive, at=now(), stalled_before=now())
        assert taken.id == asked.id
        code, _, _ = nightly("--import", files)
        assert code == ExitCode.NIGHT_RUNNING
        code, _, told = nightly("--day", "2020-01-01")
        assert (code, asked.id in told, alive in told) == (ExitCode.NIGHT_RUNNING, True, True)
        assert json.loads(nightly("--json")[1])["busy"]["run"] == asked.id
        assert find_run_in_force(store) == before


def runs_asked(store, like):
    """Ask for one more night like one that was."""
    return enqueue_run(
        store, NIGHT_KIND, like.question, day=like.day, at=now(), asked_by="person:1"
    )


@pytest.mark.slow
def test_someone_must_look_is_an_exit_code_of_its_own(nightly, queue, tmp_path):
    """The night is complete all the same."""
    first, *others = queue.municipalities
    over = replace(first, ledger=replace(first.ledger, settled=first.ledger.decided + 2))
    write(replace(queue, municipalities=(over, *others)), tmp_path / "over")
    code, out, _ = nightly("--import", tmp_path / "over", "--json")
    report = json.loads(out)
    assert (code, report["must_look"]) == (ExitCode.NEEDS_ATTENTION, True)
    assert [a["municipality"] for a in report["needs"]["alarms"]] == [first.number]


def test_wrong_use_and_faulty_files_start_no_night(nightly, files, store_url):
    """Each has the exit code that it has in other commands."""
    assert nightly("--policy", "no such")[0] == ExitCode.USAGE
    assert nightly("--seconds", "0")[0] == ExitCode.USAGE
    (files / "households.csv").write_text("id\nH1\n")
    assert nightly("--import", files)[0] == ExitCode.FAULTS
    with Store.open(store_url) as store:
        assert list_runs(store) == []


@pytest.mark.slow
def test_a_night_without_a_plan_fails_and_the_last_one_is_in_force(
    nightly, files, store_url, monkeypatch
):
    """With the exit code of no plan, and advice."""
    nightly("--import", files)
    place = import_module("matcher.jobs.night.solve_and_price")
    real = place.solve
    monkeypatch.setattr(
        place, "solve", lambda *a, **k: replace(real(*a, **k), plan=None, choice=None)
    )
    code, _, told = nightly("--import", files, "--seed", 5)
    assert (code, "give it more" in told) == (ExitCode.NO_PLAN, True)
    with Store.open(store_url) as store:
        assert list_runs(store)[0].status is RunStatus.FAILED
        assert find_run_in_force(store) == list_runs(store)[1]


class TestTrouble:
    """A night in whose middle the database fails."""

    @staticmethod
    def check(nightly, files, store_url, before, outcome) -> None:
        """It was told, the night before is in force, and the next start finishes the work."""
        code, _, told = outcome
        assert code == ExitCode.NIGHT_FAILED, told
        assert "last complete night is in force" in told
        with Store.open(store_url) as store:
            assert find_run_in_force(store) == before
            (unfinished, _) = list_runs(store)
        assert nightly("--import", files, "--seed", 5)[0] == ExitCode.OK
        with Store.open(store_url) as store:
            after = find_run_in_force(store)
            assert find_differences(store) == []
            assert after.day == before.day and after != before
            if unfinished.status is RunStatus.RUNNING:
                assert after == run_of(store, unfinished.id)

    @staticmethod
    def ended(monkeypatch) -> None:
        """The process that was at it is there no longer; here it is the test's own."""
        monkeypatch.setattr("matcher.cli.nightly.worker_has_ended", lambda _: True)

    @pytest.fixture
    def before(self, nightly, files, store_url):
        """A complete night."""
        nightly("--import", files)
        with Store.open(store_url) as store:
            return find_run_in_force(store)

    @pytest.mark.slow
    @pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
    def test_disk_full(self, nightly, files, store_url, before, monkeypatch):
        """No page more can be written than there are, and a few."""
        engine = import_module("matcher.store.store")
        real = engine._prepare_sqlite

        def full(connection, record):
            real(connection, record)
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages + 8}")

        with monkeypatch.context() as small:
            small.setattr(engine, "_prepare_sqlite", full)
            outcome = nightly("--import", files, "--seed", 5)
        assert "full" in outcome[2]
        self.ended(monkeypatch)
        self.check(nightly, files, store_url, before, outcome)

    @pytest.mark.slow
    @pytest.mark.parametrize("store_url", ["postgresql"], indirect=True)
    def test_database_gone(self, nightly, files, store_url, before, monkeypatch):
        """Its server lets no one in any more, when the plan is there and is to be ranked."""
        name = make_url(store_url).database
        server: dict[str, Any] = {
            "host": make_url(store_url).query["host"],
            "user": USER,
            "dbname": "postgres",
        }

        def say(*statements: str) -> None:
            with psycopg.connect(**server, autocommit=True) as connection:
                for statement in statements:
                    connection.execute(statement)

        def gone(step):
            def do(night, context):
                say(
                    f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false',
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    f" WHERE datname = '{name}'",
                )
                return step.execute(night, context)

            return replace(step, execute=do) if step.name == "rank" else step

        with monkeypatch.context() as broken:
            broken.setattr("matcher.jobs.night.night.STEPS", tuple(map(gone, STEPS)))
            outcome = nightly("--import", files, "--seed", 5)
        self.ended(monkeypatch)
        say(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
        self.check(nightly, files, store_url, before, outcome)
