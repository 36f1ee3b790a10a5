"""``treffsikker rank``: rank all municipalities for one household, best first."""

from typing import Annotated

import typer

from matcher.cli.sentences import heading, option_lines, planned, points, texts, verdict
from matcher.cli.shared import (
    AsJson,
    Data,
    Household,
    LanguageOption,
    PlanFolder,
    PlanPolicy,
    household_of,
    print_json,
    print_table,
    say,
)
from matcher.cli.standing import standing
from matcher.rank import rank
from matcher.ranking import Option, Ranking
from matcher.texts import Language, long_date, render


def run(
    data: Data,
    household: Household = None,
    plan: PlanFolder = None,
    policy: PlanPolicy = None,
    top: Annotated[int, typer.Option("--top", min=1, help="How many to show.")] = 10,
    as_json: AsJson = False,
    language: LanguageOption = "nb",
) -> None:
    """Rank all municipalities for one household: points, stay, places, date, cost to others."""
    stand = standing(data, plan, policy, language)
    whom = household_of(stand.problem, household)
    ranking = rank(stand.problem, whom, stand.prices, stand.choice)
    if as_json:
        print_json({**_facts(ranking, language), **stand.facts})
        return
    _print(ranking, stand.said(language), top, language)


def _print(ranking: Ranking, notes: list[str], top: int, language: Language) -> None:
    words = texts(language)
    say(heading(ranking, language))
    where = planned(ranking, language)
    if where is not None:
        say(where)
    for note in notes:
        say(note)
    say()
    top_options = ranking.allowed[:top]
    columns = [words[f"column.{c}"] for c in COLUMNS]
    print_table(
        columns, [_row(o, language) for o in top_options], right=frozenset({0, 2, 3, 4, 6, 7})
    )
    for option in top_options[:3]:
        say()
        for line in option_lines(ranking, option, language):
            say(line)
    barred = [o for o in ranking.options if not o.allowed]
    if barred:
        say()
        say(words["barred"].format(count=len(barred)))
        for option in barred[:3]:
            reasons = " ".join(render(v.reason, language) for v in ranking.broken(option))
            say(f"  {option.name}: {reasons}")


COLUMNS = (
    "rank",
    "name",
    "net",
    "points",
    "own_rank",
    "stay",
    "places",
    "left",
    "earliest",
)


def _row(option: Option, language: Language) -> list[str]:
    return [
        str(option.rank),
        option.name,
        points(option.net, language),
        points(option.points, language),
        "" if option.own_rank is None else str(option.own_rank),
        _stay(option),
        str(option.open_places),
        "" if option.left is None else str(option.left),
        long_date(option.earliest, language),
    ]


def _stay(option: Option) -> str:
    percent = f"{100 * option.stay:.0f} %"
    if option.stay_low is None or option.stay_high is None:
        return percent
    return f"{percent} ({100 * option.stay_low:.0f}–{100 * option.stay_high:.0f})"


def _facts(ranking: Ranking, language: Language) -> dict[str, object]:
    return {
        "household": ranking.household,
        "planned": ranking.planned,
        "priced": ranking.priced,
        "options": [_option(ranking, o, language) for o in ranking.options],
    }


def _option(ranking: Ranking, option: Option, language: Language) -> dict[str, object]:
    plain = {name: getattr(option, name) for name in Option.__slots__}
    verdicts = {"broken": ranking.broken(option), "cautions": ranking.cautions(option)}
    sentences = {
        key: [verdict(v, language) for v in rule_verdicts]
        for key, rule_verdicts in verdicts.items()
    }
    return {**plain, "net": option.net, **sentences}
