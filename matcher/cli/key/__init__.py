"""``treffsikker key``: API keys with which other systems call the service."""

import typer

from matcher.cli.key import listing, make, revoke

group = typer.Typer(
    name="key",
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Keys with which other systems ask the service: made, listed, revoked.",
)
group.command(name="make")(make.run)
group.command(name="list")(listing.run)
group.command(name="revoke")(revoke.run)
