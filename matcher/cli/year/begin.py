"""``treffsikker year begin``: open the ledger of a year in every municipality."""

from getpass import getuser
from typing import Annotated

import typer

from matcher.cli.sentences import count, texts
from matcher.cli.shared import JsonOption, LanguageOption, print_json, print_line
from matcher.cli.store_access import DatabaseOption, open_store, read_store_settings
from matcher.cli.year.shared import DayOption, moment_of
from matcher.store.ledger import begin_ledger_year
from matcher.store.stamp import Stamp

Year = Annotated[int, typer.Argument(metavar="YEAR", help="The coming year; this one in January.")]
Reason = Annotated[str, typer.Option("--reason", help="Why, as the events will say.")]


def run(
    year: Year,
    reason: Reason = "a new year",
    day: DayOption = None,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
    language: LanguageOption = "nb",
) -> None:
    """Open a year's ledgers: nobody is settled, no decision is recorded; this year's stay open."""
    settings, words = read_store_settings(database=database), texts(language)
    moment = moment_of(day, settings.present_moment())
    with open_store(settings) as store:
        begun = begin_ledger_year(store, year, Stamp(moment, f"command:{getuser()}", reason))
    if as_json:
        print_json({"year": year, "begun": len(begun)})
    else:
        places = count(len(begun), "municipality", language)
        print_line(words["year.begun" if begun else "year.already"].format(year=year, count=places))
