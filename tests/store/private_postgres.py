"""A PostgreSQL of the tests' own: made anew, reached by a socket in its folder, thrown away."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
USER = "treffsikker"


def program(name: str) -> str | None:
    """Where a program of PostgreSQL lies, preferring those of the server's own folder."""
    for folder in PLACES:
        if (folder / name).is_file():
            return str(folder / name)
    return shutil.which(name)


def missing() -> str | None:
    """What is not to be had, in words; None when all is there."""
    gone = [name for name in ("initdb", "postgres") if program(name) is None]
    return f"no PostgreSQL on this machine: {' and '.join(gone)} not found" if gone else None


@contextmanager
def private_postgres() -> Iterator[str]:
    """Start a server and give the folder of its socket; stop it at the end."""
    folder = Path(tempfile.mkdtemp(prefix="treffsikker-pg-"))
    # The server refuses to run as root.
    rights: dict[str, Any] = {}
    if os.geteuid() == 0:
        rights = {"user": "nobody", "group": _group("nobody"), "extra_groups": []}
        shutil.chown(folder, "nobody")
    try:
        _initialise(folder, rights)
        with _running(folder, rights):
            yield str(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _group(user: str) -> int:
    return pwd.getpwnam(user).pw_gid


def _initialise(folder: Path, rights: dict[str, Any]) -> None:
    command = [
        str(program("initdb")),
        "-D",
        str(folder / "data"),
        "-U",
        USER,
        "-A",
        "trust",
        "-N",
        "-E",
        "UTF8",
        "--locale=C",
    ]
    subprocess.run(command, check=True, capture_output=True, cwd=folder, **rights)


@contextmanager
def _running(folder: Path, rights: dict[str, Any]) -> Iterator[None]:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        # Nothing of it outlives the tests, so nothing is written for its sake after a crash.
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "autovacuum": "off",
        "max_connections": "120",
        "shared_buffers": "32MB",
    }
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    command = [str(program("postgres")), "-D", str(folder / "data"), *options]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **rights)
    try:
        _wait(folder, server)
        yield
    finally:
        # An immediate stop: neither connections nor a last checkpoint are waited for.
        server.send_signal(signal.SIGQUIT)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait(folder: Path, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        if server.poll() is not None:
            break
        try:
            psycopg.connect(host=str(folder), user=USER, dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError((folder / "log").read_text(encoding="utf-8"))


def url(folder: str, name: str) -> str:
    """The address of a database."""
    return f"postgresql://{USER}@/{name}?host={folder}"
