"""``treffsikker serve`` as real processes: it starts from nothing, refuses bad settings, stops."""

import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from typer.testing import CliRunner

from matcher.cli import main
from matcher.cli.app import app
from matcher.store import Store
from matcher.store.store import REQUIRED_VERSION
from tests.service.running import PATIENCE, environment, running
from tests.store.conftest import empty_url, make_database, postgres
from tests.store.private_postgres import url


@pytest.mark.slow
def test_it_makes_its_store_answers_and_stops(tmp_path):
    """From an empty folder, with nothing set but the secret."""
    with running(tmp_path, "serve", "--port", "0", "--language", "en") as service:
        assert f"{service.url}/openapi.json" in service.said
        ready = httpx.get(f"{service.url}/health/ready", timeout=PATIENCE).json()
        assert ready["status"] == "ready"
        assert (tmp_path / "treffsikker.db").is_file()
        service.stop()
    Store.open(f"sqlite:///{tmp_path}/treffsikker.db").close()


@pytest.mark.slow
def test_in_development_it_says_where_to_log_in(tmp_path):
    """Whoever tries it needs no other page to find the way in, and ends at one that is there."""
    words = ("serve", "--port", "0", "--language", "en")
    with running(tmp_path, *words, development=1) as service:
        page = f"{service.url}/login/development"
        assert page in service.said
        with httpx.Client(timeout=PATIENCE, follow_redirects=True) as client:
            client.get(page).raise_for_status()
            done = client.post(page, data={"role": "caseworker"})
        assert (done.status_code, done.url.path) == (200, "/docs")


@pytest.mark.slow
def test_several_processes_answer_and_count_together(tmp_path):
    """Whichever is asked for the figures, it gives those of all."""
    words = ("serve", "--port", "0", "--workers", "2")
    with running(tmp_path, *words, metrics_open=1, log_level="error") as service:
        with httpx.Client(base_url=service.url, timeout=PATIENCE) as client:
            client.get("/health/ready")
        with ThreadPoolExecutor(4) as pool:
            answers = pool.map(
                lambda _: httpx.get(f"{service.url}/health/live", timeout=PATIENCE), range(40)
            )
            assert {answer.status_code for answer in answers} == {200}
        texts = [httpx.get(f"{service.url}/metrics").text for _ in range(6)]
        counted = [
            sample.value
            for text in texts
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name.endswith("seconds_count") and "/health/live" in sample.labels.values()
        ]
        assert counted == [40.0] * 6
        assert service.stop() == 0


__all__ = ["empty_url", "postgres"]


@pytest.fixture
def refused(tmp_path, monkeypatch, capsys) -> Callable[..., str]:
    """Serve with some settings, which must be refused: what it says."""

    def serve(*words: str, **settings: object) -> str:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr("sys.argv", ["treffsikker", "serve", "--port", "0", *words])
        for name, value in environment(**settings).items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit) as end:
            main()
        assert end.value.code == 2
        return capsys.readouterr().err.replace("\n", " ")

    return serve


@pytest.mark.parametrize(
    ("words", "settings", "told"),
    [
        ((), {"secret": "short"}, "TREFFSIKKER_SECRET must have 32 characters"),
        ((), {"databse": "x"}, "did you mean TREFFSIKKER_DATABASE?"),
        ((), {"port": "eighty"}, "TREFFSIKKER_PORT is 'eighty'"),
        (("--workers", "0"), {}, "TREFFSIKKER_WORKERS is 0"),
        (("--database", "mysql://x/y"), {}, "use sqlite or postgresql"),
        (("--database", "here"), {}, "TREFFSIKKER_DATABASE is no address"),
        (("--database", "sqlite:////nowhere/at/all.db"), {}, "cannot open sqlite:////nowhere"),
        (("--database", "postgresql://me:hush@127.0.0.1:1/x"), {}, "me:***@127.0.0.1:1"),
        ((), {"time_zone": "Norway/Oslo"}, "there is no such time zone"),
        ((), {"silent_seconds": 6}, "three times TREFFSIKKER_HEARTBEAT_SECONDS"),
    ],
)
def test_it_refuses_what_cannot_work_in_a_sentence(refused, words, settings, told):
    """Which setting it is and what to do, and no secret."""
    sentence = refused(*words, **settings)
    assert told in sentence
    assert "hush" not in sentence


def test_it_says_when_its_port_is_taken(refused):
    """And how to choose another."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        sentence = refused("--port", str(other.getsockname()[1]))
    assert "choose others with --host and --port" in sentence


@pytest.mark.slow
def test_the_store_is_upgraded_by_a_command(empty_url, monkeypatch):
    """On both databases, from nothing; twice is as good as once."""
    monkeypatch.setenv("TREFFSIKKER_DEVELOPMENT", "1")
    for _ in range(2):
        done = CliRunner().invoke(app, ["upgrade", "--database", empty_url, "--language", "en"])
        assert (done.exit_code, f"is at version {REQUIRED_VERSION}" in done.stdout) == (0, True)
    Store.open(empty_url).close()


@pytest.mark.slow
def test_a_store_on_a_server_is_not_upgraded_in_passing(postgres, monkeypatch, capsys):
    """Others may be using it: the service says what to run."""
    make_database(postgres, "untouched")
    monkeypatch.setenv("TREFFSIKKER_DEVELOPMENT", "1")
    monkeypatch.setattr(
        "sys.argv", ["treffsikker", "serve", "--database", url(postgres, "untouched")]
    )
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    assert "treffsikker upgrade" in capsys.readouterr().err
