"""``treffsikker upgrade``: bring the store to the version of this program."""

from matcher.cli.sentences import texts
from matcher.cli.service import (
    DatabaseOption,
    address,
    open_store,
    settings_of_store,
    upgrade_store,
)
from matcher.cli.shared import LanguageOption, say
from matcher.store.database.version import check_version


def run(database: DatabaseOption = None, language: LanguageOption = "nb") -> None:
    """Create or upgrade the store for this version; stop all other programs that use it first."""
    settings = settings_of_store(database=database)
    upgrade_store(settings)
    with open_store(settings) as store:
        facts = {"database": address(settings), "version": check_version(store.engine)}
    say(texts(language)["upgraded"].format(**facts))
