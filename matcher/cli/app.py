"""The command: one file for each subcommand, one-sentence errors, documented exit codes."""

import json
import sys
from collections.abc import Iterable
from importlib.metadata import version
from typing import Annotated

import typer

from matcher.cli.loading import add_command, add_group
from matcher.cli.sentences import count, texts
from matcher.cli.shared import (
    ExitCode,
    NightFailedError,
    RefusedImportError,
    error_console,
    print_error,
    print_line,
)
from matcher.domain.errors import (
    MissingExtraError,
    NoPlanError,
    TreffsikkerError,
    explain_missing_extra,
)
from matcher.files import FaultsError
from matcher.texts import Language

MAX_FAULTS_SHOWN = 20
"""Most faults listed when files cannot be read; ``check`` lists all of them."""
EXIT_CODES = {
    FaultsError: ExitCode.FAULTS,
    NoPlanError: ExitCode.NO_PLAN,
    NightFailedError: ExitCode.NIGHT_FAILED,
    RefusedImportError: ExitCode.FAULTS,
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
GROUPS = ("stay", "key", "audit", "year", "bench")
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
    app.callback()(_root)
    for name in subcommands:
        add = add_group if name in GROUPS else add_command
        add(app, name, f"matcher.cli.{name.replace('-', '_')}")
    return app


def _print_version(wanted: bool) -> None:
    if wanted:
        print_line(f"treffsikker {version('treffsikker')}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_print_version,
            is_eager=True,
            help="Print the version of the program.",
        ),
    ] = False,
) -> None:
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
    try:
        with explain_missing_extra():
            build_app(_needed_subcommands(sys.argv[1:2]))()
    except (TreffsikkerError, OSError, ValueError) as error:
        message = _message(error, _language(sys.argv[1:]))
        if as_json:
            sys.stderr.write(json.dumps({"error": message}, ensure_ascii=False) + "\n")
        else:
            print_error(message)
        sys.exit(_exit_code(error))


def _needed_subcommands(words: list[str]) -> tuple[str, ...]:
    """Return the subcommands that the first argument needs: loading all takes seconds."""
    if words == ["--version"]:
        return ()
    named = tuple(word for word in words if word in (*COMMANDS, *GROUPS))
    return named or (*COMMANDS, *GROUPS)


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
    if isinstance(error, MissingExtraError):
        return texts(language)["missing_extra"].format(extra=error.extra, package=error.package)
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
