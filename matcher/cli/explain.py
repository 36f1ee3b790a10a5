"""``treffsikker explain``: explain a household's place, and which requirement to relax."""

from typing import Annotated

import typer

from matcher.cli.sentences import displaced_lines, heading, option_lines, points, texts, verdict
from matcher.cli.shared import (
    AsJson,
    Data,
    Household,
    LanguageOption,
    PlanFolder,
    PlanPolicy,
    UsageError,
    household_of,
    print_json,
    say,
)
from matcher.cli.standing import standing
from matcher.explain import Explanation, NotThere, explain
from matcher.texts import Language, long_date, render, title

MAX_BETTER, MAX_REQUIREMENTS = 3, 8


def run(
    data: Data,
    household: Household = None,
    municipality: Annotated[
        str | None, typer.Option("--municipality", metavar="NO", help="Why not this one?")
    ] = None,
    plan: PlanFolder = None,
    policy: PlanPolicy = None,
    as_json: AsJson = False,
    language: LanguageOption = "nb",
) -> None:
    """Explain what the plan does with a household, and which requirement to relax."""
    stand = standing(data, plan, policy, language)
    if stand.choice is None:
        raise UsageError(f"there is no plan in {data / 'plan'}; run treffsikker plan {data} first")
    if municipality is not None:
        stand.problem.municipality(municipality)
    whom = household_of(stand.problem, household)
    explanation = explain(stand.problem, whom, stand.choice, stand.prices)
    not_there = None if municipality is None else explanation.not_there(municipality)
    if as_json:
        print_json({**_facts(explanation, not_there, language), **stand.facts})
        return
    lines = [
        heading(explanation.ranking, language),
        *stand.said(language),
        *_where(explanation, language),
    ]
    lines += _requirements(explanation, language)
    if not_there is not None:
        is_planned = not_there.option.municipality == explanation.ranking.planned
        lines += [
            "",
            *([texts(language)["is_there"]] if is_planned else _not_there(not_there, language)),
        ]
    for line in lines:
        say(line)


def _where(explanation: Explanation, language: Language) -> list[str]:
    words = texts(language)
    if explanation.here is None:
        key = "unplaced_taken" if explanation.open_to else "unplaced_none"
        facts = {"open_to": explanation.open_to, "taken": explanation.taken}
        return [words["unplaced"], words[key].format(**facts)]
    earliest = long_date(explanation.here.earliest, language)
    lines = [words["here"].format(name=explanation.here.name, earliest=earliest)]
    if not explanation.here.allowed:
        barring = explanation.ranking.broken(explanation.here)
        return [*lines, words["barred_now"], *(f"  {render(v.reason, language)}" for v in barring)]
    lines += option_lines(explanation.ranking, explanation.here, language)[1:]
    return lines + _better(explanation, language)


def _better(explanation: Explanation, language: Language) -> list[str]:
    words, planned = texts(language), explanation.here
    assert planned is not None
    if not explanation.better_alone:
        return [words["first_choice"]]
    rows = [
        words["better_row"].format(
            name=o.name,
            gain=points(o.points - planned.points, language),
            cost=points((planned.net - planned.points) - (o.net - o.points), language),
        )
        for o in explanation.better_alone[:MAX_BETTER]
    ]
    return [words["better"].format(count=len(explanation.better_alone)), *rows]


def _requirements(explanation: Explanation, language: Language) -> list[str]:
    words = texts(language)
    rows = [
        words["requirement"].format(
            title=title(r.rule, language), bars=r.bars, opens=r.opens, places=r.places
        )
        for r in explanation.requirements[:MAX_REQUIREMENTS]
    ]
    return ["", words["requirements"], *rows] if rows else []


def _not_there(not_there: NotThere, language: Language) -> list[str]:
    words = texts(language)
    lines = [words["not_there"].format(name=not_there.option.name)]
    if not_there.broken:
        return lines + [f"  {render(v.reason, language)}" for v in not_there.broken]
    lines.append(words["allowed_there"])
    lines += [
        words["difference"].format(points=_signed(v, language), title=title(k, language))
        for k, v in not_there.difference.items()
        if round(v)
    ]
    together = sum(not_there.difference.values())
    lines.append(words["net_difference"].format(points=_signed(together, language)))
    return lines + displaced_lines(not_there.displaced, language)


def _signed(value: float, language: Language) -> str:
    return f"{points(value, language, sign=True):>9}"


def _facts(
    explanation: Explanation, not_there: NotThere | None, language: Language
) -> dict[str, object]:
    facts: dict[str, object] = {
        "household": explanation.ranking.household,
        "placed_in": explanation.ranking.planned,
        "open_to": explanation.open_to,
        "taken": explanation.taken,
        "requirements": [
            {"rule": r.rule, "bars": r.bars, "opens": r.opens, "places": r.places}
            for r in explanation.requirements
        ],
        "better_alone": [o.municipality for o in explanation.better_alone],
    }
    if not_there is not None:
        facts["not_there"] = {
            "municipality": not_there.option.municipality,
            "broken": [verdict(v, language) for v in not_there.broken],
            "displaced": None if not_there.displaced is None else list(not_there.displaced.one_of),
            "difference": dict(not_there.difference),
        }
    return facts
