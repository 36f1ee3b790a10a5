"""``treffsikker key list``: list all keys, without their secrets."""

from dataclasses import asdict

from matcher.cli.key.shared import current_time
from matcher.cli.sentences import texts
from matcher.cli.shared import JsonOption, LanguageOption, print_json, print_table
from matcher.cli.store_access import DatabaseOption, open_store, read_store_settings
from matcher.store.service.api_keys import ApiKey, list_keys
from matcher.texts import Language


def run(
    database: DatabaseOption = None, as_json: JsonOption = False, language: LanguageOption = "nb"
) -> None:
    """List all keys, the newest first, and show which of them are valid."""
    settings = read_store_settings(database=database)
    with open_store(settings) as store:
        keys = list_keys(store)
    if as_json:
        print_json({"keys": [asdict(key) for key in keys]})
        return
    at, columns = current_time(settings), texts(language)["key_columns"].split(", ")
    holding = [key.revoked_at is None and at < key.expires_at for key in keys]
    rows = [_row(key, holds, language) for key, holds in zip(keys, holding, strict=True)]
    print_table(columns, rows)


def _row(key: ApiKey, holds: bool, language: Language) -> list[str]:
    cells = (key.id, key.name, ", ".join(key.roles), key.municipality or "", key.made_by)
    return [*cells, f"{key.expires_at:%Y-%m-%d}", texts(language)["yes" if holds else "no"]]
