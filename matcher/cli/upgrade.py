"""``treffsikker upgrade``: bring the store to the version of this program."""

from matcher.cli.sentences import texts
from matcher.cli.shared import LanguageOption, print_line
from matcher.cli.store_access import (
    DatabaseOption,
    open_store,
    read_store_settings,
    redacted_address,
    upgrade_store,
)
from matcher.store.store import check_version


def run(database: DatabaseOption = None, language: LanguageOption = "nb") -> None:
    """Create or upgrade the store for this version; stop all other programs that use it first."""
    settings = read_store_settings(database=database)
    upgrade_store(settings)
    with open_store(settings) as store:
        facts = {"database": redacted_address(settings), "version": check_version(store.engine)}
    print_line(texts(language)["upgraded"].format(**facts))
