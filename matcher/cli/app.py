"""The command: one file a subcommand, errors as one clear sentence, documented exit codes."""

import sys

import typer

from matcher.cli import (
    check,
    compare,
    explain,
    generate,
    plan,
    prices,
    rank,
    rules,
    verify,
)
from matcher.cli.shared import ExitCode, console_error
from matcher.errors import TreffsikkerError
from matcher.store import FaultsError

app = typer.Typer(
    name="treffsikker",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Places refugee households in municipalities, with proof and reasons.",
    epilog="Exit codes: 0 fine, 1 faults in data or plan, 2 wrong usage, 3 no plan in time.",
)
for command in (generate, check, plan, rank, explain, compare, verify, prices, rules):
    app.command(name=command.__name__.rpartition(".")[2])(command.run)


def main() -> None:
    """Run the command; errors that a user can mend end in one sentence, not a traceback."""
    try:
        app()
    except FaultsError as error:
        console_error(str(error))
        sys.exit(ExitCode.FAULTS)
    except (TreffsikkerError, FileNotFoundError, ValueError) as error:
        console_error(str(error))
        sys.exit(ExitCode.USAGE)
