"""Shared by the commands that use the store: settings, and a store that is ready."""

from secrets import token_urlsafe
from typing import Annotated, Any

import typer
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from matcher.domain.errors import TreffsikkerError
from matcher.settings import MIN_SECRET_LENGTH, Settings, SettingsError, read_settings
from matcher.store.store import Store, upgrade

DatabaseOption = Annotated[
    str | None,
    typer.Option("--database", help="Address of the store; the setting unless given."),
]


class DatabaseUnreachableError(TreffsikkerError):
    """The database cannot be opened."""


def read_command_settings(**overrides: Any) -> Settings:
    """Read the settings; the options of the command line override the environment.

    Raises
    ------
    SettingsError
        When one cannot be used.
    """
    settings = read_settings(**overrides)
    redacted_address(settings)
    return settings


def read_store_settings(**overrides: Any) -> Settings:
    """Read the settings of a command that uses only the store and therefore needs no secret.

    Raises
    ------
    SettingsError
        When one cannot be used.
    """
    return read_command_settings(secret=token_urlsafe(MIN_SECRET_LENGTH), **overrides)


def redacted_address(settings: Settings) -> str:
    """Return the address of the store for display, without its password.

    Raises
    ------
    SettingsError
        When the setting is not a valid address.
    """
    try:
        return make_url(settings.database).render_as_string(hide_password=True)
    except (ArgumentError, ValueError) as error:
        raise SettingsError(
            "TREFFSIKKER_DATABASE is no address; write sqlite:///treffsikker.db or"
            " postgresql://user@host/name"
        ) from error


def upgrade_store(settings: Settings) -> None:
    """Create the store, or upgrade it to the version of this program.

    Raises
    ------
    DatabaseUnreachableError
        When the database cannot be opened.
    """
    try:
        upgrade(settings.database)
    except SQLAlchemyError as error:
        raise _unreachable(settings, error) from error


def open_store(settings: Settings) -> Store:
    """Open the store; an embedded store is created or upgraded first.

    Raises
    ------
    DatabaseUnreachableError
        When the database cannot be opened.
    DatabaseVersionError
        When the store's version differs from the program's.
    """
    if is_embedded(settings):
        upgrade_store(settings)
    try:
        return Store.open(settings.database, settings.present_day)
    except SQLAlchemyError as error:
        raise _unreachable(settings, error) from error


def is_embedded(settings: Settings) -> bool:
    """Whether the store is a file that only this program uses, not a database server."""
    return make_url(settings.database).get_backend_name() == "sqlite"


def _unreachable(settings: Settings, error: SQLAlchemyError) -> DatabaseUnreachableError:
    reason = str(getattr(error, "orig", None) or error).strip()
    return DatabaseUnreachableError(
        f"cannot open {redacted_address(settings)}: {reason}; see that its folder can be written "
        "or its"
        " server answers, or give another with --database"
    )
