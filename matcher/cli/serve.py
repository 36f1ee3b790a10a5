"""``treffsikker serve``: run the service in one process or several."""

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Annotated

import typer
import uvicorn
from uvicorn.supervisors import Multiprocess

from matcher.cli.sentences import texts
from matcher.cli.shared import LanguageOption, print_line
from matcher.cli.store_access import (
    DatabaseOption,
    open_store,
    read_command_settings,
    redacted_address,
)
from matcher.logs import build_logging_config
from matcher.settings import Settings, SettingsError, environment_variable
from matcher.texts import Language

APPLICATION = "api:create_app"
"""Loaded by name: the library must not import the packages that are built on it."""
METRICS_FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""Environment variable: the folder in which prometheus-client adds up several processes."""
GRACEFUL_SHUTDOWN_SECONDS = 20
"""Seconds that running requests may still take when the service is asked to stop."""

Host = Annotated[
    str | None, typer.Option("--host", help="Address to listen on; the setting unless given.")
]
Port = Annotated[
    int | None, typer.Option("--port", help="Port to listen on; the setting unless given.")
]
Workers = Annotated[
    int | None,
    typer.Option("--workers", help="Processes that answer requests; the setting unless given."),
]


def run(
    host: Host = None,
    port: Port = None,
    workers: Workers = None,
    database: DatabaseOption = None,
    language: LanguageOption = "nb",
) -> None:
    """Answer requests until stopped; an embedded store is created or upgraded first."""
    settings = read_command_settings(host=host, port=port, workers=workers, database=database)
    # This only checks that the store can be opened: each server process opens it for itself.
    open_store(settings).close()
    # The server processes read their settings from the environment.
    os.environ[environment_variable("database")] = settings.database
    with _listening(settings) as listener, _shared_metrics(settings.workers):
        _announce(settings, listener.getsockname()[1], language)
        _serve(settings, listener)


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    where = (settings.host, settings.port)
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server(where, family=family, backlog=2048)
    except OSError as error:
        raise SettingsError(
            f"cannot listen on {settings.host}, port {settings.port}: {error.strerror or error};"
            " choose others with --host and --port"
        ) from error
    listener.set_inheritable(True)
    with listener:
        yield listener


@contextmanager
def _shared_metrics(workers: int) -> Iterator[None]:
    """Give several processes a shared folder for metrics; a single process needs none."""
    os.environ.pop(METRICS_FOLDER_VARIABLE, None)
    several = tempfile.TemporaryDirectory(prefix="treffsikker-") if workers > 1 else nullcontext()
    with several as folder:
        if folder is not None:
            os.environ[METRICS_FOLDER_VARIABLE] = folder
        yield


def _announce(settings: Settings, port: int, language: Language) -> None:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    # The interactive page loads files from another host, so only development offers it.
    page = "/docs        " if settings.development else "/openapi.json"
    url, words = f"http://{host}:{port}", texts(language)
    login = "\n" + words["serving.development"].format(url=url) if settings.development else ""
    if settings.today is not None:
        login += "\n" + words["serving.today"].format(today=settings.today)
    facts = {"url": url, "database": redacted_address(settings), "page": page, "login": login}
    print_line(words["serving"].format(**facts))


def _serve(settings: Settings, listener: socket.socket) -> None:
    config = uvicorn.Config(
        APPLICATION,
        factory=True,
        workers=settings.workers,
        log_config=build_logging_config(settings.log_level),
        # uvicorn's access log would contain paths, and with them the identifiers of households.
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACEFUL_SHUTDOWN_SECONDS,
    )
    if settings.workers > 1:
        Multiprocess(config, sockets=[listener]).run()
        return
    server = uvicorn.Server(config)
    server.run(sockets=[listener])
    if not server.started:
        raise typer.Exit(1)
