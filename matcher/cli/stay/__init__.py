"""``treffsikker stay``: show, compare, fit and evaluate the migration model."""

import typer

from matcher.cli.loading import add_command

COMMANDS = ("show", "figures", "simulate", "fit", "evaluate", "card", "predict")
"""Subcommands with one file each; some need the extra ``fitting``."""

group = typer.Typer(
    name="stay",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="The migration model: what it rests on, how good it is, and one of your own.",
)
for name in COMMANDS:
    add_command(group, name, f"matcher.cli.stay.{name}")
