"""``treffsikker key make``: make a key for a system, and show it once."""

from datetime import timedelta
from typing import Annotated

import typer

from matcher.cli.key.shared import actor, note, now
from matcher.cli.sentences import texts
from matcher.cli.service import DatabaseOption, open_store, settings_of_store
from matcher.cli.shared import AsJson, LanguageOption, print_json, say
from matcher.store.database.api_keys import make_key

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
    as_json: AsJson = False,
    language: LanguageOption = "nb",
) -> None:
    """Make a key for a system, and show it; it cannot be shown again."""
    settings = settings_of_store(database=database)
    role_names, at = [role.strip() for role in roles.split(",")], now(settings)
    with open_store(settings) as store:
        note(store, settings, "key make", name=name, roles=role_names, municipality=municipality)
        key, key_record = make_key(
            store,
            name,
            role_names,
            municipality=municipality,
            at=at,
            expires_at=at + timedelta(days=days),
            made_by=actor(),
        )
    if as_json:
        print_json({"key": key, "id": key_record.id, "expires_at": key_record.expires_at})
        return
    facts = {"id": key_record.id, "day": f"{key_record.expires_at:%Y-%m-%d}", "key": key}
    say(texts(language)["key_made"].format(**facts))
