"""Shared by the stay commands: options, horizons, and names of variables and levels."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from matcher.cli.sentences import texts
from matcher.stay.coefficients import Horizon
from matcher.texts import Language, format_number

YearsOption = Annotated[
    Literal["5", "7", "6-7"],
    typer.Option("--years", help="Moved within 5 years, within 7, or in year 6-7."),
]
ModelArgument = Annotated[
    Path, typer.Argument(metavar="MODEL", help="A model that treffsikker stay fit wrote.")
]
RegisterArgument = Annotated[
    Path, typer.Argument(metavar="REGISTER", help="Person-years: a .parquet or .csv file.")
]
GainsOption = Annotated[
    bool, typer.Option("--gains", help="Estimate what matching would have gained (slower).")
]
HORIZONS = {
    "5": Horizon.FIVE_YEARS,
    "7": Horizon.SEVEN_YEARS,
    "6-7": Horizon.YEAR_SIX_TO_SEVEN,
}


def describe_part(part: str, language: Language) -> str:
    """Write a variable or a level in words; one without a text, such as a country, as it is."""
    return texts(language).get(f"of.{part}", part.replace("_", " ").replace("*", " × "))


def describe_group(variable: str, level: str, language: Language) -> str:
    """Write a variable and its level in words; "everyone" if there is no variable."""
    if not variable:
        return texts(language)["stay.everyone"]
    parts = (variable, level) if level else (variable,)
    return ": ".join(describe_part(part, language) for part in parts)


def format_percentage(share: float, language: Language, sign: bool = False) -> str:
    """Write a share as a percentage with one decimal, without the sign that the texts have."""
    return format_number(100 * share, language, 1, sign)


def format_years(years: tuple[int, int]) -> str:
    """Write the first and last year, or the only year."""
    first, last = years
    return str(first) if first == last else f"{first}-{last}"
