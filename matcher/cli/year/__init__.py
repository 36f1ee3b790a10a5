"""``treffsikker year``: begin the ledgers of a year, and show those of every open year."""

import typer

from matcher.cli.year import begin, show

group = typer.Typer(
    name="year",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="The years of the ledgers: begin one, and show what stands in them.",
)
for command in (begin, show):
    group.command(name=command.__name__.rpartition(".")[2])(command.run)
