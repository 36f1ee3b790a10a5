"""``treffsikker bench``: measure backends on queues of every size."""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from matcher.cli.sentences import texts
from matcher.cli.shared import LanguageOption
from matcher.domain.errors import TreffsikkerError

BENCHMARKS_MODULE = "benchmarks.command"
"""Loaded by name: the library must not import the packages that are built on it."""


class NotInstalledError(TreffsikkerError):
    """An optional part of the program is not installed."""


class _Missing(TyperGroup):
    """Accept any arguments, and report that the benchmarks are not installed."""

    def invoke(self, ctx: Any) -> None:
        raise NotInstalledError(texts(ctx.params["language"])["no_benchmarks"])


def load_benchmarks(module: str = BENCHMARKS_MODULE) -> typer.Typer:
    """Load the subcommands of the benchmarks, or a stand-in if they are not installed."""
    try:
        commands: typer.Typer = import_module(module).group
    except ModuleNotFoundError as error:
        if error.name not in (module, module.partition(".")[0]):
            raise
        return _missing()
    return commands


def _missing() -> typer.Typer:
    anything = {
        "ignore_unknown_options": True,
        "allow_extra_args": True,
        "allow_interspersed_args": True,
    }
    stand_in = typer.Typer(
        name="bench",
        cls=_Missing,
        invoke_without_command=True,
        context_settings=anything,
        rich_markup_mode=None,
        help=texts("en")["no_benchmarks"],
    )
    stand_in.callback()(_language)
    return stand_in


def _language(language: LanguageOption = "nb") -> None:
    pass


group = load_benchmarks()
