"""``treffsikker audit``: verify and export the audit log."""

import typer

from matcher.cli.audit import export, verify

group = typer.Typer(
    name="audit",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="The audit log: who read or changed what. Verified, and taken out.",
)
for command in (verify, export):
    group.command(name=command.__name__.rpartition(".")[2])(command.run)
