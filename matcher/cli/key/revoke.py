"""``treffsikker key revoke``: make a key invalid."""

from typing import Annotated

import typer

from matcher.cli.key.shared import current_time, record_command
from matcher.cli.sentences import texts
from matcher.cli.shared import LanguageOption, UsageError, print_line
from matcher.cli.store_access import DatabaseOption, open_store, read_store_settings
from matcher.store.service.api_keys import revoke_key

Key = Annotated[str, typer.Argument(metavar="ID", help="First part of the key, as listed.")]


def run(key: Key, database: DatabaseOption = None, language: LanguageOption = "nb") -> None:
    """Revoke a key: it is refused from the next request on."""
    settings, words = read_store_settings(database=database), texts(language)
    with open_store(settings) as store:
        record_command(store, settings, "key revoke", key=key)
        if not revoke_key(store, key, current_time(settings)):
            raise UsageError(words["no_key"].format(id=key))
    print_line(words["key_revoked"].format(id=key))
