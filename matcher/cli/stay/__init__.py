"""``treffsikker stay``: show, compare, fit and evaluate the migration model."""

import typer

from matcher.cli.stay import card, evaluate, figures, fit, predict, show, simulate

group = typer.Typer(
    name="stay",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="The migration model: what it rests on, how good it is, and one of your own.",
)
for command in (show, figures, simulate, fit, evaluate, card, predict):
    group.command(name=command.__name__.rpartition(".")[2])(command.run)
