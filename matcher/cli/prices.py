"""``treffsikker prices``: show where one more place would be worth most."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from matcher.cli.sentences import points, texts
from matcher.cli.shared import (
    AsJson,
    Data,
    LanguageOption,
    PlanFolder,
    PlanPolicy,
    UsageError,
    print_json,
    print_table,
    say,
    step,
)
from matcher.cli.standing import standing
from matcher.report import draw_prices
from matcher.scarce import Scarce, scarce
from matcher.texts import Language, title

COLUMNS = ("municipality", "rule", "price", "limit", "used")


def run(
    data: Data,
    plan: PlanFolder = None,
    policy: PlanPolicy = None,
    top: Annotated[int, typer.Option("--top", min=1, help="How many to show.")] = 20,
    out: Annotated[
        Path | None, typer.Option("--out", help="Also draw them: .svg, .png or .html.")
    ] = None,
    as_json: AsJson = False,
    language: LanguageOption = "nb",
) -> None:
    """Show the scarce places: what one more is worth to the rest, by municipality and rule."""
    stand = standing(data, plan, policy, language)
    if stand.choice is None or stand.prices is None:
        raise UsageError(" ".join(stand.said(language)))
    rows = scarce(stand.problem, stand.prices, stand.choice)
    if out is not None:
        with step(texts(language)["step.drawing"].format(path=out)):
            draw_prices(stand.problem, rows, out, language)
    if as_json:
        print_json({**stand.facts, "places": [asdict(row) for row in rows[:top]]})
        return
    for note in stand.said(language):
        say(note)
    _print(rows, top, language)
    if out is not None:
        say()
        say(texts(language)["prices.picture"].format(path=out))


def _print(rows: tuple[Scarce, ...], top: int, language: Language) -> None:
    words = texts(language)
    if not rows:
        say(words["prices.none"])
        return
    top_rows = rows[:top]
    say(words["prices.heading"].format(shown=len(top_rows), all=len(rows)))
    say()
    columns = [words[f"prices.column.{name}"] for name in COLUMNS]
    print_table(columns, [_row(row, language) for row in top_rows], right=frozenset({2, 3, 4}))


def _row(row: Scarce, language: Language) -> list[str]:
    numbers = (row.price, float(row.limit), float(row.used))
    return [
        ", ".join(row.names),
        title(row.rule, language),
        *(points(number, language) for number in numbers),
    ]
