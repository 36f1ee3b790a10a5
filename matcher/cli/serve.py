"""``treffsikker serve``: the service, in one process or several."""

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
from matcher.cli.service import DatabaseOption, address, open_store, settings_given
from matcher.cli.shared import LanguageOption, say
from matcher.logs import logs_configuration
from matcher.settings import Settings, SettingsError, variable
from matcher.texts import Language

APPLICATION = "api:create_app"
"""Named, not imported: the library knows nothing of what is built on it."""
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Variable that tells prometheus-client where several processes count together."""
PARTING_SECONDS = 20
"""How long requests that are being answered may take when the service is asked to stop."""

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
    """Answer requests until told to stop; an embedded store is made or upgraded first."""
    settings = settings_given(host=host, port=port, workers=workers, database=database)
    # Only to see that it can be opened: each process that answers opens its own.
    open_store(settings).close()
    # The processes that answer read their settings from the environment.
    os.environ[variable("database")] = settings.database
    with _listening(settings) as listener, _counting_together(settings.workers):
        _announce(settings, listener.getsockname()[1], language)
        _answer(settings, listener)


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
def _counting_together(workers: int) -> Iterator[None]:
    """Have several processes count requests together; one alone needs no folder for that."""
    os.environ.pop(SHARED_FOLDER, None)
    several = tempfile.TemporaryDirectory(prefix="treffsikker-") if workers > 1 else nullcontext()
    with several as folder:
        if folder is not None:
            os.environ[SHARED_FOLDER] = folder
        yield


def _announce(settings: Settings, port: int, language: Language) -> None:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    # The page to try them on is for development; it would need to load from elsewhere.
    page = "/docs        " if settings.development else "/openapi.json"
    url, words = f"http://{host}:{port}", texts(language)
    login = "\n" + words["serving.development"].format(url=url) if settings.development else ""
    facts = {"url": url, "database": address(settings), "page": page, "login": login}
    say(words["serving"].format(**facts))


def _answer(settings: Settings, listener: socket.socket) -> None:
    config = uvicorn.Config(
        APPLICATION,
        factory=True,
        workers=settings.workers,
        log_config=logs_configuration(settings.log_level),
        # A line of uvicorn's own has the path in it, and so who was asked about.
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=PARTING_SECONDS,
    )
    if settings.workers > 1:
        Multiprocess(config, sockets=[listener]).run()
        return
    server = uvicorn.Server(config)
    server.run(sockets=[listener])
    if not server.started:
        raise typer.Exit(1)
