"""``treffsikker stay``: the migration model, shown, held against its report, fitted, judged."""

import typer

from matcher.cli.stay import figures, show

group = typer.Typer(
    name="stay",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="The migration model: what it rests on, how good it is, and one of your own.",
)
for command in (show, figures):
    group.command(name=command.__name__.rpartition(".")[2])(command.run)
