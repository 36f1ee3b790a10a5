"""``treffsikker prices``: show where one more place would be worth most."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from matcher.analysis.bottlenecks import Bottleneck, find_bottlenecks
from matcher.cli.loaded_plan import load_plan
from matcher.cli.sentences import texts
from matcher.cli.shared import (
    DataArgument,
    JsonOption,
    LanguageOption,
    PlanOption,
    PlanPolicyOption,
    UsageError,
    print_json,
    print_line,
    print_table,
    show_step,
)
from matcher.policy.reason_texts import rule_title
from matcher.texts import Language, format_number

COLUMNS = ("municipality", "rule", "price", "limit", "used")


def run(
    data: DataArgument,
    plan: PlanOption = None,
    policy: PlanPolicyOption = None,
    top: Annotated[int, typer.Option("--top", min=1, help="How many to show.")] = 20,
    out: Annotated[
        Path | None, typer.Option("--out", help="Also draw them: .svg, .png or .html.")
    ] = None,
    as_json: JsonOption = False,
    language: LanguageOption = "nb",
) -> None:
    """Show the scarce places: what one more is worth to the rest, by municipality and rule."""
    loaded = load_plan(data, plan, policy, language)
    if loaded.choice is None or loaded.prices is None:
        raise UsageError(" ".join(loaded.note_sentences(language)))
    rows = find_bottlenecks(loaded.problem, loaded.prices, loaded.choice)
    if out is not None:
        from matcher.report import draw_prices  # noqa: PLC0415  # Needs the extra plots.

        with show_step(texts(language)["step.drawing"].format(path=out)):
            draw_prices(loaded.problem, rows, out, language)
    if as_json:
        print_json({**loaded.note_facts, "places": [asdict(row) for row in rows[:top]]})
        return
    for note in loaded.note_sentences(language):
        print_line(note)
    _print(rows, top, language)
    if out is not None:
        print_line()
        print_line(texts(language)["prices.picture"].format(path=out))


def _print(rows: tuple[Bottleneck, ...], top: int, language: Language) -> None:
    words = texts(language)
    if not rows:
        print_line(words["prices.none"])
        return
    top_rows = rows[:top]
    print_line(words["prices.heading"].format(shown=len(top_rows), all=len(rows)))
    print_line()
    columns = [words[f"prices.column.{name}"] for name in COLUMNS]
    print_table(columns, [_row(row, language) for row in top_rows], right=frozenset({2, 3, 4}))


def _row(row: Bottleneck, language: Language) -> list[str]:
    numbers = (row.price, float(row.limit), float(row.used))
    return [
        ", ".join(row.names),
        rule_title(row.rule, language),
        *(format_number(number, language) for number in numbers),
    ]
