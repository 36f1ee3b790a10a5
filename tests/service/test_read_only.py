"""The service and its workers write to their data and to the temporary folder, nowhere else."""

from datetime import UTC, datetime

import httpx
import pytest

from matcher.jobs.night import NightParameters, enqueue_night
from matcher.policy.policy import Policy
from matcher.store import Stamp, Store, import_instance, upgrade
from matcher.store.runs import get_run
from tests.service.people import small_queue
from tests.service.running import PATIENCE, PROGRAM, ended, running

GUARD = """
import errno, os, sys
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
MADE = {"os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.link", "os.symlink", "os.truncate"}
def refuse(path):
    if not isinstance(path, (str, bytes, os.PathLike)):
        return
    full = os.path.realpath(os.fsdecode(path))
    if not full.startswith((%r, "/dev/", "/proc/")):
        raise OSError(errno.EROFS, "read-only file system", full)
def guard(event, args):
    if event == "open" and isinstance(args[2], int) and args[2] & WRITING:
        refuse(args[0])
    elif event in MADE:
        refuse(args[0])
    elif event == "sqlite3.connect":
        refuse(str(args[0]).removeprefix("file:"))
sys.addaudithook(guard)
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder for data and one for what is temporary; a program that can write to no other."""
    data = tmp_path / "data"
    temporary = tmp_path / "tmp"
    for folder in (data, temporary):
        folder.mkdir()
    for name in ("TMPDIR", "MPLCONFIGDIR"):
        monkeypatch.setenv(name, str(temporary))
    monkeypatch.setenv("HOME", "/nowhere")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    return data, GUARD % str(tmp_path) + PROGRAM


@pytest.mark.slow
def test_a_night_needs_no_other_folder(place):
    """A worker plans the queue, reports and all."""
    data, program = place
    url, queue = f"sqlite:///{data}/treffsikker.db", small_queue()
    at = datetime(queue.today.year, queue.today.month, queue.today.day, 12, tzinfo=UTC)
    upgrade(url)
    with Store.open(url) as store:
        import_instance(store, queue, Stamp(at, "test", "import"))
        question = NightParameters(Policy.default(), seconds=5)
        night = enqueue_night(store, question, day=queue.today, at=at, asked_by="test")
        done = ended(data, "worker", "--once", program=program, secret="")
        assert done.returncode == 0, done.stderr
        assert "venter på arbeid i sqlite:///treffsikker.db" in done.stdout
        assert get_run(store, night.id).status == "complete", get_run(store, night.id).error


@pytest.mark.slow
def test_the_service_needs_no_other_folder(place):
    """It makes its store where it is started."""
    data, program = place
    with running(data, "serve", "--port", "0", program=program, metrics_open=1) as service:
        for path in ("/health/live", "/openapi.json", "/metrics"):
            assert httpx.get(f"{service.url}{path}", timeout=PATIENCE).status_code == 200
        service.stop()
    assert (data / "treffsikker.db").is_file()


@pytest.mark.slow
def test_the_guard_guards(place, tmp_path_factory):
    """A store elsewhere cannot be made."""
    data, program = place
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    done = ended(data, "upgrade", "--database", f"sqlite:///{elsewhere}/x.db", program=program)
    assert done.returncode == 2
    assert "read-only file system" in done.stderr
