"""``treffsikker stay show``: list the published coefficients with their uncertainty."""

from collections.abc import Mapping
from typing import Any

from matcher.cli.sentences import texts
from matcher.cli.shared import JsonOption, LanguageOption, print_json, print_line, print_table
from matcher.cli.stay.shared import HORIZONS, YearsOption, describe_group
from matcher.stay.coefficients import Coefficients
from matcher.stay.model import NORMAL_95
from matcher.texts import Language, format_number


def run(
    years: YearsOption = "7", as_json: JsonOption = False, language: LanguageOption = "nb"
) -> None:
    """List the effects on the probability of moving, with 95 % intervals, rounding included."""
    words, rows = texts(language), _facts(Coefficients.read(HORIZONS[years]))
    if as_json:
        print_json({"years": years, "source": "Fafo 2025:14, table 4", "effects": rows})
        return
    print_line(words["stay.shown"].format(years=years))
    columns = words["stay.show_columns"].split(", ")
    print_table(columns, [_row(r, language) for r in rows], frozenset((1, 2, 3)))
    print_line(words["stay.limits"])


def _facts(coefficients: Coefficients) -> list[Mapping[str, Any]]:
    return [
        {
            "variable": variable,
            "level": level,
            "effect": effect.value,
            "low": effect.value - NORMAL_95 * effect.variance**0.5,
            "high": effect.value + NORMAL_95 * effect.variance**0.5,
            "reference": effect.variance == 0,
        }
        for (variable, level), effect in coefficients.by_level.items()
    ]


def _row(facts: Mapping[str, Any], language: Language) -> list[str]:
    name = describe_group(facts["variable"], facts["level"], language)
    if facts["reference"]:
        return [name, texts(language)["stay.reference"], "", ""]
    return [name, *(format_number(facts[key], language, 3) for key in ("effect", "low", "high"))]
