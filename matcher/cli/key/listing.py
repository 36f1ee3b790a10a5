"""``treffsikker key list``: list all keys, without their secrets."""

from dataclasses import asdict

from matcher.cli.key.shared import now
from matcher.cli.sentences import texts
from matcher.cli.service import DatabaseOption, open_store, settings_of_store
from matcher.cli.shared import AsJson, LanguageOption, print_json, print_table
from matcher.store.database.api_keys import ApiKey, list_keys
from matcher.texts import Language


def run(
    database: DatabaseOption = None, as_json: AsJson = False, language: LanguageOption = "nb"
) -> None:
    """List all keys, the newest first, and show which of them are valid."""
    settings = settings_of_store(database=database)
    with open_store(settings) as store:
        keys = list_keys(store)
    if as_json:
        print_json({"keys": [asdict(key) for key in keys]})
        return
    at, columns = now(settings), texts(language)["key_columns"].split(", ")
    holding = [key.revoked_at is None and at < key.expires_at for key in keys]
    rows = [_row(key, holds, language) for key, holds in zip(keys, holding, strict=True)]
    print_table(columns, rows)


def _row(key: ApiKey, holds: bool, language: Language) -> list[str]:
    cells = (key.id, key.name, ", ".join(key.roles), key.municipality or "", key.made_by)
    return [*cells, f"{key.expires_at:%Y-%m-%d}", texts(language)["yes" if holds else "no"]]
