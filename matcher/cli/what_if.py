"""``treffsikker what-if``: solve tonight's queue again with changes."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated, Any, Literal

import typer

from matcher.analysis.what_if import (
    QUESTIONS,
    WhatIf,
    WhatIfAnswer,
    WhatIfChanges,
    WhatIfQuestion,
    parse_parameter,
)
from matcher.analysis.what_if.description import describe_answer
from matcher.analysis.what_if.sentences import plan_sentences, shift_sentences
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
from matcher.report.results import SavedResult, read_result
from matcher.solve.backends.registry import BACKENDS, DEFAULT_BACKEND
from matcher.solve.params.solver_params import SolverParams
from matcher.solve.stopping import StopCriteria
from matcher.texts import Language

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
Only = Annotated[
    Literal["steady", "afresh"] | None,
    typer.Option(
        "--only",
        help="steady: tonight's plan, changed as little as it must, as the next night would; "
        "afresh: planned without tonight's suggestions. Both unless given.",
    ),
]
Seconds = Annotated[float, typer.Option("--seconds", help="Time limit of each of the two plans.")]


def run(
    data: DataArgument,
    assignments: Set = [],  # noqa: B006  # typer copies it.
    off: Off = [],  # noqa: B006
    pins: Pin = [],  # noqa: B006
    bans: Ban = [],  # noqa: B006
    policy: OtherPolicy = None,
    only: Only = None,
    plan: PlanOption = None,
    seconds: Seconds = 60.0,
    as_json: JsonOption = False,
    language: LanguageOption = "nb",
) -> None:
    """Say what would be different tonight: who is placed elsewhere, what it brings and costs."""
    check_solve_options(seconds, 0.0, 0, None, language)
    different = _changes(assignments, off, pins, bans, policy)
    saved = read_result(plan or data / "plan")
    with show_step(texts(language)["step.reading"].format(path=data)):
        instance = read(data)
    what_if = WhatIf(instance, saved.policy, saved.plan, different)
    answer = _answer(
        what_if, QUESTIONS if only is None else (WhatIfQuestion(only),), saved, seconds, language
    )
    if as_json:
        print_json(_facts(answer))
    else:
        _print_answer(answer, language)


def _answer(
    what_if: WhatIf,
    questions: Iterable[WhatIfQuestion],
    saved: SavedResult,
    seconds: float,
    language: Language,
) -> WhatIfAnswer:
    """Answer each question with the options of tonight's plan, and show the progress."""
    options = _solve_options(saved, seconds)
    plans = []
    for question in questions:
        with show_progress(texts(language)[f"what_if.step.{question}"]) as show:
            plans.append(what_if.solve(question, progress=show, **options))
    return what_if.answer(plans)


def _solve_options(saved: SavedResult, seconds: float) -> dict[str, Any]:
    """Return the options with which tonight's plan was solved, with another time limit."""
    facts = saved.facts
    return {
        "backend": facts["backend"] if facts["backend"] in BACKENDS else DEFAULT_BACKEND,
        "seed": int(facts["seed"]),
        "stop": StopCriteria(seconds, float(facts["asked_gap"])),
        "params": SolverParams.from_mapping(facts.get("solver_params", {})),
    }


def _print_answer(answer: WhatIfAnswer, language: Language) -> None:
    for plan in answer.plans:
        heading, *sentences = plan_sentences(answer, plan, language)
        print_line(heading)
        for sentence in sentences:
            print_line(f"  {sentence}")
        print_line()
    for sentence in shift_sentences(answer, language):
        print_line(sentence)


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


def _facts(answer: WhatIfAnswer) -> dict[str, Any]:
    """Describe the answer, with the households that each plan places elsewhere."""
    described = describe_answer(answer)
    for plan in answer.plans:
        described["plans"][plan.question]["changes"] = [
            {**asdict(change), "kind": change.kind} for change in plan.changes
        ]
    return described
