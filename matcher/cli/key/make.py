"""``treffsikker key make``: make a key for a system, and show it once."""

from datetime import timedelta
from typing import Annotated

import typer

from matcher.cli.key.shared import command_actor, current_time, record_command
from matcher.cli.sentences import texts
from matcher.cli.shared import JsonOption, LanguageOption, print_json, print_line
from matcher.cli.store_access import DatabaseOption, open_store, read_store_settings
from matcher.store.service.api_keys import create_key

Name = Annotated[str, typer.Argument(metavar="NAME", help="Of the system that it is for.")]
Roles = Annotated[
    str,
    typer.Option(
        "--roles",
        help="What it may, with commas: caseworker, policy owner, municipality, operator, auditor.",
    ),
]
Of = Annotated[
    str | None,
    typer.Option("--municipality", help="Four-digit number; with the role municipality."),
]
Days = Annotated[int, typer.Option("--days", min=1, max=730, help="How long it holds.")]


def run(
    name: Name,
    roles: Roles,
    municipality: Of = None,
    days: Days = 365,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
    language: LanguageOption = "nb",
) -> None:
    """Make a key for a system, and show it; it cannot be shown again."""
    settings = read_store_settings(database=database)
    role_names, at = [role.strip() for role in roles.split(",")], current_time(settings)
    with open_store(settings) as store:
        record_command(
            store, settings, "key make", name=name, roles=role_names, municipality=municipality
        )
        key, key_record = create_key(
            store,
            name,
            role_names,
            municipality=municipality,
            at=at,
            expires_at=at + timedelta(days=days),
            made_by=command_actor(),
        )
    if as_json:
        print_json({"key": key, "id": key_record.id, "expires_at": key_record.expires_at})
        return
    facts = {"id": key_record.id, "day": f"{key_record.expires_at:%Y-%m-%d}", "key": key}
    print_line(texts(language)["key_made"].format(**facts))
