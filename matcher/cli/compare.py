"""``treffsikker compare``: show two plans side by side."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from matcher.analysis.compare import Comparison, Gain, PlacementChange, compare, list_changes
from matcher.analysis.summary import gain_sentences
from matcher.cli.sentences import count, texts
from matcher.cli.shared import (
    JsonOption,
    LanguageOption,
    PolicyOption,
    load_problem,
    print_json,
    print_line,
    print_table,
)
from matcher.domain.placement import Plan
from matcher.policy.reason_texts import rule_title
from matcher.problem.problem import Problem
from matcher.report.plans import read_plan
from matcher.report.results import read_result
from matcher.texts import Language, format_number

MAX_ROWS = 20
DECIMAL_MEASURES = ("stayers", "days")
"""Measures written with one decimal."""


def run(
    first: Annotated[Path, typer.Argument(help="A plan: its folder or its file.")],
    second: Annotated[Path, typer.Argument(help="Another plan.")],
    data: Annotated[
        Path | None,
        typer.Option("--data", help="Tonight's files, to measure both plans."),
    ] = None,
    policy: PolicyOption = "default",
    as_json: JsonOption = False,
    language: LanguageOption = "nb",
) -> None:
    """Compare two plans: who is placed elsewhere, and what each brings."""
    first_plan, second_plan = _plan(first), _plan(second)
    differing = list_changes(first_plan, second_plan)
    comparison, points_when_made = None, {}
    if data is not None:
        problem = load_problem(data, policy, language)
        comparison = compare(problem, first_plan, second_plan)
        points_when_made = _points_when_made(problem, {"first": first, "second": second})
    if as_json:
        measured = {"measures": None, "gain": None} if comparison is None else _measured(comparison)
        print_json(
            {
                "changes": [_facts(c) for c in differing],
                **measured,
                "points_when_made": points_when_made,
            }
        )
        return
    if comparison is not None:
        _print_measures(comparison.to_frame(), language)
        _print_target_shifts(comparison, points_when_made, language)
        _print_gain(comparison.gain, language)
    _print_changes(differing, language)


def _measured(comparison: Comparison) -> dict[str, object]:
    return {
        "measures": comparison.to_frame().to_dict(orient="records"),
        "gain": comparison.gain and comparison.gain.to_dict(),
    }


def _points_when_made(problem: Problem, sources: Mapping[str, Path]) -> dict[str, float]:
    """Return the points of plans of this policy on the files they were made from, if others."""
    points = {}
    for name, source in sources.items():
        saved = read_result(source) if source.is_dir() else None
        if saved is None or saved.hashes["policy"] != problem.policy.hash:
            continue
        if saved.hashes["instance"] != problem.tables.hash and "measures" in saved.facts:
            points[name] = float(saved.facts["measures"]["points"])
    return points


def _print_target_shifts(
    comparison: Comparison, points_when_made: Mapping[str, float], language: Language
) -> None:
    """Say how much of a plan's points is a matter of the files and not of the plan."""
    for name, points in points_when_made.items():
        now = getattr(comparison, name).points
        facts = {
            "made": format_number(points, language),
            "now": format_number(now, language),
            "shift": format_number(now - points, language, sign=True),
        }
        print_line(texts(language)[f"compare_shift.{name}"].format(**facts))
    if points_when_made:
        print_line()


def _print_gain(gain: Gain | None, language: Language) -> None:
    if gain is not None:
        for line in [texts(language)["compare_gain"], *gain_sentences(gain, language), ""]:
            print_line(line)


def _print_measures(frame: pd.DataFrame, language: Language) -> None:
    cells = [
        [
            _measure(name, language),
            *(format_number(v, language, int(name in DECIMAL_MEASURES)) for v in values),
        ]
        for name, *values in frame.itertuples(index=False)
    ]
    columns = texts(language)["compare_columns"].split(", ")
    print_table(columns, cells, right=frozenset({1, 2, 3}))
    print_line()


def _measure(name: str, language: Language) -> str:
    """Return the name of a measure in words; a term is named by its title."""
    kind, _, term = name.partition(".")
    return rule_title(term, language) if term else texts(language)[f"measure.{kind}"]


def _print_changes(differing: tuple[PlacementChange, ...], language: Language) -> None:
    words = texts(language)
    kinds = {k: sum(c.kind == k for c in differing) for k in ("moved", "placed", "left out")}
    facts = {k.replace(" ", "_"): format_number(count, language) for k, count in kinds.items()}
    households = count(len(differing), "household", language)
    print_line(words["compare_changes"].format(households=households, **facts))
    table = [[c.household, c.first or "-", c.second or "-"] for c in differing[:MAX_ROWS]]
    if table:
        print_table(words["changes_columns"].split(", "), table)
    if len(differing) > MAX_ROWS:
        print_line(words["more_rows"].format(count=len(differing) - MAX_ROWS))


def _plan(path: Path) -> Plan:
    return read_result(path).plan if path.is_dir() else read_plan(path)


def _facts(change: PlacementChange) -> dict[str, str | None]:
    return {
        "household": change.household,
        "kind": change.kind,
        "first": change.first,
        "second": change.second,
    }
