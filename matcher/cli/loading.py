"""Load subcommands; stand-ins for those of which an extra is not installed."""

from importlib import import_module
from typing import Any, NoReturn

import typer

from matcher.cli.sentences import texts
from matcher.domain.errors import MissingExtraError, find_missing_extra

ANY_ARGUMENTS = {
    "ignore_unknown_options": True,
    "allow_extra_args": True,
    "allow_interspersed_args": True,
    # Whoever asks a stand-in for help is told what to install.
    "help_option_names": [],
}
"""Settings of a command that accepts whatever the missing one would have accepted."""


def add_command(app: typer.Typer, name: str, module: str) -> None:
    """Add the command of a module, or a stand-in that names the extra to install."""
    loaded = _load(module)
    if isinstance(loaded, MissingExtraError):
        _add_stand_in(app, name, loaded)
    else:
        app.command(name=name)(loaded.run)


def add_group(app: typer.Typer, name: str, module: str) -> None:
    """Add the group of a module, or a stand-in that names the extra to install."""
    loaded = _load(module)
    if isinstance(loaded, MissingExtraError):
        _add_stand_in(app, name, loaded)
    else:
        app.add_typer(loaded.group)


def _load(module: str) -> Any:
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        missing = find_missing_extra(error)
        if missing is None:
            raise
        return missing


def _add_stand_in(app: typer.Typer, name: str, missing: MissingExtraError) -> None:
    def run(context: typer.Context) -> NoReturn:
        raise missing

    help_text = texts("en")["needs_extra"].format(extra=missing.extra)
    app.command(name=name, context_settings=ANY_ARGUMENTS, help=help_text)(run)
