"""``treffsikker explain``: why here, why not there, why unplaced, what to relax."""

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

BETTER_SHOWN, REQUIREMENTS_SHOWN = 3, 8


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
    found = explain(stand.problem, whom, stand.choice, stand.prices)
    there = None if municipality is None else found.not_there(municipality)
    if as_json:
        print_json({**_facts(found, there, language), **stand.facts})
        return
    lines = [heading(found.ranking, language), *stand.said(language), *_where(found, language)]
    lines += _requirements(found, language)
    if there is not None:
        is_there = there.option.municipality == found.ranking.planned
        lines += ["", *([texts(language)["is_there"]] if is_there else _not_there(there, language))]
    for line in lines:
        say(line)


def _where(found: Explanation, language: Language) -> list[str]:
    words = texts(language)
    if found.here is None:
        key = "unplaced_taken" if found.open_to else "unplaced_none"
        facts = {"open_to": found.open_to, "taken": found.taken}
        return [words["unplaced"], words[key].format(**facts)]
    earliest = long_date(found.here.earliest, language)
    lines = [words["here"].format(name=found.here.name, earliest=earliest)]
    if not found.here.allowed:
        barring = found.ranking.broken(found.here)
        return [*lines, words["barred_now"], *(f"  {render(v.reason, language)}" for v in barring)]
    lines += option_lines(found.ranking, found.here, language)[1:]
    return lines + _better(found, language)


def _better(found: Explanation, language: Language) -> list[str]:
    words, here = texts(language), found.here
    assert here is not None
    if not found.better_alone:
        return [words["first_choice"]]
    rows = [
        words["better_row"].format(
            name=o.name,
            gain=points(o.points - here.points, language),
            cost=points((here.net - here.points) - (o.net - o.points), language),
        )
        for o in found.better_alone[:BETTER_SHOWN]
    ]
    return [words["better"].format(count=len(found.better_alone)), *rows]


def _requirements(found: Explanation, language: Language) -> list[str]:
    words = texts(language)
    rows = [
        words["requirement"].format(
            title=title(r.rule, language), bars=r.bars, opens=r.opens, places=r.places
        )
        for r in found.requirements[:REQUIREMENTS_SHOWN]
    ]
    return ["", words["requirements"], *rows] if rows else []


def _not_there(there: NotThere, language: Language) -> list[str]:
    words = texts(language)
    lines = [words["not_there"].format(name=there.option.name)]
    if there.broken:
        return lines + [f"  {render(v.reason, language)}" for v in there.broken]
    lines.append(words["allowed_there"])
    lines += [
        words["difference"].format(points=_signed(v, language), title=title(k, language))
        for k, v in there.difference.items()
        if round(v)
    ]
    together = sum(there.difference.values())
    lines.append(words["net_difference"].format(points=_signed(together, language)))
    return lines + displaced_lines(there.displaced, language)


def _signed(value: float, language: Language) -> str:
    return f"{points(value, language, sign=True):>9}"


def _facts(found: Explanation, there: NotThere | None, language: Language) -> dict[str, object]:
    facts: dict[str, object] = {
        "household": found.ranking.household,
        "placed_in": found.ranking.planned,
        "open_to": found.open_to,
        "taken": found.taken,
        "requirements": [
            {"rule": r.rule, "bars": r.bars, "opens": r.opens, "places": r.places}
            for r in found.requirements
        ],
        "better_alone": [o.municipality for o in found.better_alone],
    }
    if there is not None:
        facts["not_there"] = {
            "municipality": there.option.municipality,
            "broken": [verdict(v, language) for v in there.broken],
            "displaced": None if there.displaced is None else list(there.displaced.one_of),
            "difference": dict(there.difference),
        }
    return facts
