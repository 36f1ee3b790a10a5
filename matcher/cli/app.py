"""The command: one file a subcommand, errors as one clear sentence, documented exit codes."""

import json
import sys
from collections.abc import Iterable
from importlib import import_module

import typer

from matcher.batch.errors import NoNightPlanError
from matcher.cli.sentences import counted, texts
from matcher.cli.shared import (
    ExitCode,
    NightFailedError,
    NoPlanError,
    console_error,
    errors,
)
from matcher.errors import TreffsikkerError
from matcher.store import FaultsError
from matcher.texts import Language

SHOWN = 20
"""Faults that are told where files cannot be read; ``check`` lists all."""
CODES = {
    FaultsError: ExitCode.FAULTS,
    NoPlanError: ExitCode.NO_PLAN,
    NoNightPlanError: ExitCode.NO_PLAN,
    NightFailedError: ExitCode.FAILED,
}
"""Exit code by error; wrong usage for all others."""

COMMANDS = (
    "generate", "check", "plan", "rank", "explain", "compare", "what-if", "verify", "prices",
    "fairness",
    "rules", "nightly", "replay", "serve", "worker", "upgrade", "purge",
)  # fmt: skip
"""Subcommands, a file each."""
GROUPS = ("stay", "key", "audit", "bench")
"""Subcommands with subcommands of their own: a folder each, and what measures, from outside."""


def made(names: Iterable[str] = (*COMMANDS, *GROUPS)) -> typer.Typer:
    """Make the command with some of its subcommands, or all; only those are loaded."""
    app = typer.Typer(
        name="treffsikker",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        help="Places refugee households in municipalities, with proof and reasons.",
        epilog="Exit codes: 0 fine, 1 faults in data or plan, 2 wrong usage, 3 no plan in time, "
        "4 another night is going on, 5 the night is complete but someone must look, "
        "6 the night failed and the last complete one is in force.",
    )
    # With a single subcommand its name would not be asked for.
    app.callback()(_nothing)
    for name in names:
        module = import_module(f"matcher.cli.{name.replace('-', '_')}")
        if name in GROUPS:
            app.add_typer(module.group)
        else:
            app.command(name=name)(module.run)
    return app


def _nothing() -> None:
    pass


def __getattr__(name: str) -> typer.Typer:
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return made()


def main() -> None:
    """Run the command; errors that a user can mend end in one sentence, not a traceback."""
    as_json = "--json" in sys.argv[1:]
    # Machines read the error stream too: it holds one object, or nothing.
    errors.quiet = as_json
    asked = [word for word in sys.argv[1:2] if word in (*COMMANDS, *GROUPS)]
    try:
        made(asked or (*COMMANDS, *GROUPS))()
    except (TreffsikkerError, OSError, ValueError) as error:
        told = _told(error, _language(sys.argv[1:]))
        if as_json:
            sys.stderr.write(json.dumps({"error": told}, ensure_ascii=False) + "\n")
        else:
            console_error(told)
        sys.exit(_code(error))


def _language(words: list[str]) -> Language:
    """The language asked for, for errors that come before it is known or from deep within."""
    return "en" if "--language en" in " ".join(words).replace("=", " ") else "nb"


def _code(error: Exception) -> ExitCode:
    return next((code for kind, code in CODES.items() if isinstance(error, kind)), ExitCode.USAGE)


def _told(error: Exception, language: Language) -> str:
    if isinstance(error, FaultsError):
        return _faults(error, language)
    if isinstance(error, OSError) and error.filename is not None:
        words = texts(language)
        text = words.get(f"failed.{type(error).__name__}", words["failed.OSError"])
        return text.format(path=error.filename, reason=error.strerror)
    return str(error)


def _faults(error: FaultsError, language: Language) -> str:
    """Where each fault is, what it is and what to do about it."""
    words, wrong = texts(language), [f for f in error.faults if f.severity == "error"]
    lines = [words["faults"].format(errors=counted(len(wrong), "error", language))]
    lines += [
        f"{f.where(language)}: {f.message(language)} {f.advice(language)}" for f in wrong[:SHOWN]
    ]
    if len(wrong) > SHOWN:
        lines.append(words["more_faults"].format(count=len(wrong) - SHOWN))
    return "\n".join(lines)
