"""``treffsikker what-if``: solve tonight's queue again with changes."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated, Any

import typer

from matcher.analysis.what_if import WhatIfChanges, WhatIfResult, parse_parameter, solve_what_if
from matcher.analysis.what_if.sentences import what_if_sentences
from matcher.cli.sentences import texts
from matcher.cli.shared import (
    DataArgument,
    JsonOption,
    LanguageOption,
    PlanOption,
    UsageError,
    check_solve_options,
    print_json,
    print_line,
    show_progress,
    show_step,
)
from matcher.files import read
from matcher.report.results import read_result
from matcher.solve.stopping import StopCriteria

Set = Annotated[
    list[str],
    typer.Option(
        "--set",
        metavar="WHAT=VALUE",
        help="A ledger's number, 0301.decided=60, or a parameter, terms.speed.child=2.",
    ),
]
Off = Annotated[list[str], typer.Option("--off", metavar="ID", help="Switch a rule or term off.")]
Pin = Annotated[
    list[str],
    typer.Option("--pin", metavar="HOUSEHOLD=NUMBER", help="Where a household must come."),
]
Ban = Annotated[
    list[str],
    typer.Option("--ban", metavar="HOUSEHOLD=NUMBER", help="Where a household must not come."),
]
OtherPolicy = Annotated[str | None, typer.Option("--policy", help="Another policy, by name.")]
Seconds = Annotated[float, typer.Option("--seconds", help="Time limit.")]
GAP = 0.0001


def run(
    data: DataArgument,
    assignments: Set = [],  # noqa: B006  # typer copies it.
    off: Off = [],  # noqa: B006
    pins: Pin = [],  # noqa: B006
    bans: Ban = [],  # noqa: B006
    policy: OtherPolicy = None,
    plan: PlanOption = None,
    seconds: Seconds = 60.0,
    as_json: JsonOption = False,
    language: LanguageOption = "nb",
) -> None:
    """Say what would be different tonight: who is placed elsewhere, what it brings and costs."""
    check_solve_options(seconds, 0.0, 0, None, language)
    different = _changes(assignments, off, pins, bans, policy)
    saved = read_result(plan or data / "plan")
    words = texts(language)
    with show_step(words["step.reading"].format(path=data)):
        instance = read(data)
    with show_progress(words["step.placing"]) as show:
        result = solve_what_if(
            instance,
            saved.policy,
            saved.plan,
            different,
            seed=int(saved.facts["seed"]),
            stop=StopCriteria(seconds, GAP),
            progress=show,
        )
    if as_json:
        print_json(_facts(result))
        return
    for line in what_if_sentences(result, language):
        print_line(line)


def _changes(
    changed: Iterable[str],
    off: Iterable[str],
    pin: Iterable[str],
    ban: Iterable[str],
    policy: str | None,
) -> WhatIfChanges:
    ledgers: dict[str, dict[str, int | None]] = {}
    parameters = {}
    for place, value in map(parse_parameter, changed):
        number, _, name = place.partition(".")
        if number.isdigit():
            ledgers.setdefault(number, {})[name] = value
        else:
            parameters[place] = value
    pairs = tuple(_pair("--ban", text) for text in ban)
    return WhatIfChanges(
        ledgers, policy, parameters, tuple(off), dict(_pair("--pin", text) for text in pin), pairs
    )


def _pair(option: str, text: str) -> tuple[str, str]:
    household, equals, number = text.rpartition("=")
    if not equals:
        raise UsageError(f"{option} {text} cannot be read; write HOUSEHOLD=NUMBER")
    return household, number


def _facts(result: WhatIfResult) -> dict[str, Any]:
    comparison = result.comparison
    return {
        "outcome": result.result.outcome,
        "tonight": asdict(comparison.first),
        "other": asdict(comparison.second),
        "changes": [{**asdict(change), "kind": change.kind} for change in comparison.changes],
        "municipalities": [asdict(shift) for shift in result.shifts],
    }
