"""``treffsikker what-if``: solve tonight's queue again with changes."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated, Any

import typer

from matcher.cli.limits import refuse
from matcher.cli.sentences import texts
from matcher.cli.shared import (
    AsJson,
    Data,
    LanguageOption,
    PlanFolder,
    UsageError,
    following,
    print_json,
    say,
    step,
)
from matcher.solve import Stop
from matcher.store import read
from matcher.store.results import read_result
from matcher.what_if import Changes, WhatIf, parameter, what_if
from matcher.what_if.sentences import sentences

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
    data: Data,
    changed: Set = [],  # noqa: B006  # typer copies it.
    off: Off = [],  # noqa: B006
    pin: Pin = [],  # noqa: B006
    ban: Ban = [],  # noqa: B006
    policy: OtherPolicy = None,
    plan: PlanFolder = None,
    seconds: Seconds = 60.0,
    as_json: AsJson = False,
    language: LanguageOption = "nb",
) -> None:
    """Say what would be different tonight: who is placed elsewhere, what it brings and costs."""
    refuse(seconds, 0.0, 0, None, language)
    different = _changes(changed, off, pin, ban, policy)
    saved = read_result(plan or data / "plan")
    words = texts(language)
    with step(words["step.reading"].format(path=data)):
        instance = read(data)
    with following(words["step.placing"]) as follow:
        answer = what_if(
            instance,
            saved.policy,
            saved.plan,
            different,
            seed=int(saved.facts["seed"]),
            stop=Stop(seconds, GAP),
            progress=follow,
        )
    if as_json:
        print_json(_facts(answer))
        return
    for line in sentences(answer, language):
        say(line)


def _changes(
    changed: Iterable[str],
    off: Iterable[str],
    pin: Iterable[str],
    ban: Iterable[str],
    policy: str | None,
) -> Changes:
    ledgers: dict[str, dict[str, int | None]] = {}
    parameters = {}
    for place, value in map(parameter, changed):
        number, _, name = place.partition(".")
        if number.isdigit():
            ledgers.setdefault(number, {})[name] = value
        else:
            parameters[place] = value
    pairs = tuple(_pair("--ban", text) for text in ban)
    return Changes(
        ledgers, policy, parameters, tuple(off), dict(_pair("--pin", text) for text in pin), pairs
    )


def _pair(option: str, text: str) -> tuple[str, str]:
    household, equals, number = text.rpartition("=")
    if not equals:
        raise UsageError(f"{option} {text} cannot be read; write HOUSEHOLD=NUMBER")
    return household, number


def _facts(answer: WhatIf) -> dict[str, Any]:
    comparison = answer.comparison
    return {
        "outcome": answer.result.outcome,
        "tonight": asdict(comparison.first),
        "other": asdict(comparison.second),
        "changes": [{**asdict(change), "kind": change.kind} for change in comparison.changes],
        "municipalities": [asdict(shift) for shift in answer.shifts],
    }
