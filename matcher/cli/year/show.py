"""``treffsikker year show``: what stands in the ledgers of every open year."""

from collections.abc import Iterable

from matcher.cli.sentences import texts
from matcher.cli.shared import JsonOption, LanguageOption, print_json, print_line
from matcher.cli.store_access import DatabaseOption, open_store, read_store_settings
from matcher.cli.year.shared import DayOption, moment_of
from matcher.domain.ledger import Ledger
from matcher.store.current import list_ledgers

SUMS = ("decided", "settled", "promised")


def run(
    day: DayOption = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
    language: LanguageOption = "nb",
) -> None:
    """Show decided, settled and promised persons by year; what is not known counts as not known."""
    settings = read_store_settings(database=database)
    today = moment_of(day, settings.present_moment()).date()
    with open_store(settings) as store:
        rows = [summarize_year(year, books) for year, books in list_ledgers(store, today).items()]
    if as_json:
        print_json({"day": today.isoformat(), "years": rows})
        return
    for row in rows:
        print_line(texts(language)["year.row"].format(**row))


def summarize_year(year: int, ledgers: Iterable[Ledger]) -> dict[str, int]:
    """Sum the known numbers of a year, and count the municipalities with one that is not known."""
    known = list(ledgers)
    return {
        "year": year,
        "municipalities": len(known),
        **{name: sum(getattr(ledger, name) or 0 for ledger in known) for name in SUMS},
        "undecided": sum(ledger.decided is None for ledger in known),
        "unreported": sum(ledger.decided is not None and ledger.open is None for ledger in known),
    }
