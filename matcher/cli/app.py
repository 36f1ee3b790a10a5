"""The command: one file for each subcommand, one-sentence errors, documented exit codes."""

import json
import sys
from collections.abc import Iterable
from importlib import import_module

import typer

from matcher.cli.sentences import count, texts
from matcher.cli.shared import (
    ExitCode,
    NightFailedError,
    NoPlanError,
    error_console,
    print_error,
)
from matcher.errors import TreffsikkerError
from matcher.files import FaultsError
from matcher.jobs.night.errors import NoNightPlanError
from matcher.texts import Language

MAX_FAULTS_SHOWN = 20
"""Most faults listed when files cannot be read; ``check`` lists all of them."""
EXIT_CODES = {
    FaultsError: ExitCode.FAULTS,
    NoPlanError: ExitCode.NO_PLAN,
    NoNightPlanError: ExitCode.NO_PLAN,
    NightFailedError: ExitCode.NIGHT_FAILED,
}
"""Exit code by error class; all other errors count as wrong usage."""

COMMANDS = (
    "generate",
    "check",
    "plan",
    "rank",
    "explain",
    "compare",
    "what-if",
    "verify",
    "prices",
    "fairness",
    "rules",
    "nightly",
    "replay",
    "serve",
    "worker",
    "upgrade",
    "purge",
)
"""Subcommands with one file each."""
GROUPS = ("stay", "key", "audit", "bench")
"""Subcommands that have subcommands: one folder each; ``bench`` comes from another package."""


def build_app(subcommands: Iterable[str] = (*COMMANDS, *GROUPS)) -> typer.Typer:
    """Build the command with the named subcommands, all by default; load no others."""
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
    # Without a callback, Typer would not require the name of a single subcommand.
    app.callback()(_no_callback)
    for name in subcommands:
        module = import_module(f"matcher.cli.{name.replace('-', '_')}")
        if name in GROUPS:
            app.add_typer(module.group)
        else:
            app.command(name=name)(module.run)
    return app


def _no_callback() -> None:
    pass


def __getattr__(name: str) -> typer.Typer:
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return build_app()


def main() -> None:
    """Run the command; report an error that a user can fix in one sentence, without a traceback."""
    as_json = "--json" in sys.argv[1:]
    # With --json, programs also read the error stream: it holds one JSON object or nothing.
    error_console.quiet = as_json
    names = [word for word in sys.argv[1:2] if word in (*COMMANDS, *GROUPS)]
    try:
        build_app(names or (*COMMANDS, *GROUPS))()
    except (TreffsikkerError, OSError, ValueError) as error:
        message = _message(error, _language(sys.argv[1:]))
        if as_json:
            sys.stderr.write(json.dumps({"error": message}, ensure_ascii=False) + "\n")
        else:
            print_error(message)
        sys.exit(_exit_code(error))


def _language(words: list[str]) -> Language:
    """Read the language from the arguments: an error can occur before they are parsed."""
    return "en" if "--language en" in " ".join(words).replace("=", " ") else "nb"


def _exit_code(error: Exception) -> ExitCode:
    return next(
        (code for kind, code in EXIT_CODES.items() if isinstance(error, kind)), ExitCode.USAGE
    )


def _message(error: Exception, language: Language) -> str:
    if isinstance(error, FaultsError):
        return _faults_message(error, language)
    if isinstance(error, OSError) and error.filename is not None:
        words = texts(language)
        text = words.get(f"failed.{type(error).__name__}", words["failed.OSError"])
        return text.format(path=error.filename, reason=error.strerror)
    return str(error)


def _faults_message(error: FaultsError, language: Language) -> str:
    """Write where each fault is, what it is and how to fix it."""
    words, faults = texts(language), [f for f in error.faults if f.severity == "error"]
    lines = [words["faults"].format(errors=count(len(faults), "error", language))]
    lines += [
        f"{f.where(language)}: {f.message(language)} {f.advice(language)}"
        for f in faults[:MAX_FAULTS_SHOWN]
    ]
    if len(faults) > MAX_FAULTS_SHOWN:
        lines.append(words["more_faults"].format(count=len(faults) - MAX_FAULTS_SHOWN))
    return "\n".join(lines)
