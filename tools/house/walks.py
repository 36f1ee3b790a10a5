"""Count the files that one request, one plan and one night enter, by running them.

A file is entered when a function of it is called; importing a file is not counted.
"""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from inspect import CO_OPTIMIZED
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api import create_app
from matcher.cli.app import app as command
from matcher.files import read
from matcher.problem.problem import Problem
from matcher.report.result_writing import write_result
from matcher.settings import Settings
from matcher.solve.solver import solve
from matcher.store import Stamp, Store, import_instance, upgrade
from matcher.store.service.api_keys import create_key
from tools.house.structure import PACKAGES

ROOT = Path(__file__).parents[2]
HOUSEHOLDS = 12
"""Size of the queue; the number of files does not depend on it."""


class CallRecorder:
    """Notes the project's files whose functions are called, in any thread, while it is active."""

    def __init__(self) -> None:
        self._names: set[str] = set()

    def __enter__(self) -> "CallRecorder":
        """Start; threads that are started from now on are recorded too."""
        threading.setprofile(self._note)
        sys.setprofile(self._note)
        return self

    def __exit__(self, *error: object) -> None:
        """Stop."""
        sys.setprofile(None)
        threading.setprofile(None)

    def files(self, walk: Callable[[], object]) -> set[Path]:
        """Run something and return the files that it entered."""
        self._names.clear()
        walk()
        return {path for path in map(Path, tuple(self._names)) if _of_project(path)}

    def _note(self, frame: FrameType, event: str, argument: Any) -> None:
        # Bodies of modules and classes run on import; only functions are optimised.
        if event == "call" and frame.f_code.co_flags & CO_OPTIMIZED:
            self._names.add(frame.f_code.co_filename)


def _of_project(path: Path) -> bool:
    # Templates of pages have functions too, but nobody reads them as code.
    inside = path.suffix == ".py" and path.is_relative_to(ROOT)
    return inside and path.relative_to(ROOT).parts[0] in PACKAGES


def count_files_entered() -> dict[str, int]:
    """Count the files that a night, writing a plan, and a request for placements enter."""
    return {name: len(paths) for name, paths in list_files_entered().items()}


def list_files_entered() -> dict[str, set[Path]]:
    """List the same files."""
    with TemporaryDirectory() as name, CallRecorder() as recorder:
        folder = Path(name)
        queue, database = folder / "queue", f"sqlite:///{folder / 'store.db'}"
        _run("generate", "small", "--households", str(HOUSEHOLDS), "--out", str(queue))
        _import(database, queue)
        night = ("nightly", "--database", database, "--day", str(read(queue).today))
        return {
            "night": recorder.files(lambda: _run(*night, "--seconds", "5")),
            "plan": recorder.files(_writing(queue, folder / "plan")),
            "placements": _placements(recorder, database, queue),
        }


def _run(*words: str) -> None:
    outcome = CliRunner().invoke(command, list(words))
    # A night ends with 5 where a person must look at something, which is no fault here.
    if outcome.exception is not None and not isinstance(outcome.exception, SystemExit):
        raise outcome.exception


def _import(database: str, queue: Path) -> None:
    instance = read(queue)
    upgrade(database)
    with Store.open(database) as store:
        at = datetime.combine(instance.today, time(1), tzinfo=UTC)
        import_instance(store, instance, Stamp(at, "walks", "import"))


def _writing(queue: Path, folder: Path) -> Callable[[], object]:
    problem = Problem.of(read(queue))
    result = solve(problem, backend="greedy")
    return lambda: write_result(folder, problem, result)


def _placements(recorder: CallRecorder, database: str, queue: Path) -> set[Path]:
    """Return the files entered by a request whose answer is computed from a warm snapshot."""
    instance = read(queue)
    at = datetime.combine(instance.today, time(12), tzinfo=UTC)
    with _client(database, at) as client:
        address = f"/api/v1/households/{instance.households[0].id}/placements"
        for _ in range(3):
            client.get(address).raise_for_status()
        return recorder.files(lambda: client.get(address))


@contextmanager
def _client(database: str, at: datetime) -> Iterator[TestClient]:
    with Store.open(database) as store:
        key, _ = create_key(
            store,
            "walks",
            ["caseworker"],
            at=at,
            expires_at=at + timedelta(days=1),
            made_by="walks",
        )
    app = create_app(Settings(database=database, secret="s" * 40), clock=lambda: at)
    with TestClient(app, headers={"Authorization": f"Bearer {key}"}) as client:
        yield client
