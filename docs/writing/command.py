"""The page of the command, from its definition."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from typer.models import ArgumentInfo, OptionInfo

from docs.writing.markdown import format_table
from matcher.cli.app import app
from matcher.cli.shared import ExitCode

HEAD = """# The command

<!-- Written by `python -m docs.generate`; change matcher/cli, not this page. -->

`treffsikker` has one subcommand for each thing to do. `treffsikker COMMAND --help` says the same as
this page. On a terminal it writes tables and shows progress; piped it writes plain lines with tabs
between cells, and progress goes to the error stream. What works on files uses no network, no clock
and no settings from the environment; what runs the service has its own [settings](settings.md).
[Files](files.md) describes what it reads and writes.
"""
EXIT_CODE_MEANINGS = {
    ExitCode.OK: "Fine.",
    ExitCode.FAULTS: "Faults in the data, or in what is stated of a plan; each is listed.",
    ExitCode.USAGE: "Wrong usage: an option, a household or a policy that does not exist.",
    ExitCode.NO_PLAN: "No plan in time; give more with `--seconds`.",
    ExitCode.NIGHT_RUNNING: "Another night is going on.",
    ExitCode.NEEDS_ATTENTION: "The night is complete, but someone must look.",
    ExitCode.NIGHT_FAILED: "The night failed; the last complete one is in force.",
}
VALUE_TYPES = {str: "TEXT", Path: "PATH", int: "NUMBER", float: "NUMBER", datetime: "DATE"}


@dataclass(frozen=True, slots=True)
class CommandParameter:
    """An argument or option of a subcommand: its name, type of value and default."""

    name: str
    value_type: str
    default: str
    help: str

    @property
    def is_positional(self) -> bool:
        """Whether it is a positional argument."""
        return not self.name.startswith("-")


def command_page() -> str:
    """Return the text of the page."""
    commands = list_subcommands()
    rows = [(f"[`{name}`](#{_anchor(name)})", _what(run)) for name, run in commands.items()]
    lines = [HEAD, *format_table(("command", "what it does"), rows)]
    for name, run in commands.items():
        lines += _command(name, run)
    codes = [(f"`{code.value}`", EXIT_CODE_MEANINGS[code]) for code in ExitCode]
    lines += ["## Exit codes", "", *format_table(("code", "meaning"), codes)]
    return "\n".join(lines)


def list_subcommands() -> Mapping[str, Callable[..., Any]]:
    """List the functions of the subcommands, by name; a group's name precedes its members'."""
    named = [(c.name, c.callback) for c in app.registered_commands]
    for group in app.registered_groups:
        inner = group.typer_instance
        if inner is None:
            continue
        callback = inner.registered_callback
        if callback is not None and callback.invoke_without_command is True:
            named.append((inner.info.name, callback.callback))
        named += [(f"{inner.info.name} {c.name}", c.callback) for c in inner.registered_commands]
    return {name: run for name, run in named if name and run}


def _anchor(name: str) -> str:
    """Anchor of a subcommand's heading."""
    return name.replace(" ", "-")


def list_parameters(callback: Callable[..., Any]) -> list[CommandParameter]:
    """List the arguments and options of a subcommand, in their order."""
    hints = get_type_hints(callback, include_extras=True)
    parameters = inspect.signature(callback).parameters.values()
    # Parameters without ``Annotated`` are filled in by Typer, such as a context.
    documented = (p for p in parameters if get_origin(hints[p.name]) is Annotated)
    return [_describe(p, *get_args(hints[p.name])[:2]) for p in documented]


def _describe(
    parameter: inspect.Parameter, kind: Any, info: ArgumentInfo | OptionInfo
) -> CommandParameter:
    name = info.metavar or parameter.name.upper()
    if isinstance(info, OptionInfo):
        # With an annotated type, Typer has the first of the names in the field for the default.
        names = (info.default, *(info.param_decls or ()))
        name = next(str(n) for n in names if str(n).startswith("--"))
    return CommandParameter(
        name, _takes(kind, info), _default(parameter), " ".join((info.help or "").split())
    )


def _takes(kind: Any, info: ArgumentInfo | OptionInfo) -> str:
    if isinstance(info, ArgumentInfo) or kind is bool:
        return ""
    if get_origin(kind) in (Union, UnionType):
        kind = next(k for k in get_args(kind) if k is not NoneType)
    words = "|".join(map(str, get_args(kind))) if get_origin(kind) is Literal else None
    return info.metavar or words or VALUE_TYPES[kind]


def _default(parameter: inspect.Parameter) -> str:
    if parameter.default is parameter.empty:
        return "required"
    return "" if parameter.default in (None, False, [], "") else f"`{parameter.default}`"


def _command(name: str, run: Callable[..., Any]) -> Iterator[str]:
    parameters = list_parameters(run)
    arguments = " ".join(p.name for p in parameters if p.is_positional)
    yield from (f"## {name}", "", _what(run), "")
    yield from ("```", f"treffsikker {name} {arguments} [OPTIONS]".replace("  ", " "), "```", "")
    rows = [(f"`{p.name} {p.value_type}".rstrip() + "`", p.default, p.help) for p in parameters]
    yield from format_table(("argument or option", "unless given", "what it is"), rows)


def _what(run: Callable[..., Any]) -> str:
    return " ".join(inspect.cleandoc(run.__doc__ or "").split())
