"""``treffsikker key revoke``: make a key invalid."""

from typing import Annotated

import typer

from matcher.cli.key.shared import note, now
from matcher.cli.sentences import texts
from matcher.cli.service import DatabaseOption, open_store, settings_of_store
from matcher.cli.shared import LanguageOption, UsageError, say
from matcher.store.database.api_keys import revoke_key

Key = Annotated[str, typer.Argument(metavar="ID", help="First part of the key, as listed.")]


def run(key: Key, database: DatabaseOption = None, language: LanguageOption = "nb") -> None:
    """Revoke a key: it is refused from the next request on."""
    settings, words = settings_of_store(database=database), texts(language)
    with open_store(settings) as store:
        note(store, settings, "key revoke", key=key)
        if not revoke_key(store, key, now(settings)):
            raise UsageError(words["no_key"].format(id=key))
    say(words["key_revoked"].format(id=key))
