"""``treffsikker rank``: rank all municipalities for one household, best first."""

from typing import Annotated

import typer

from matcher.cli.loaded_plan import load_plan
from matcher.cli.sentences import (
    option_lines,
    planned_sentence,
    ranking_heading,
    texts,
    verdict_facts,
    wish_facts,
    wish_lines,
)
from matcher.cli.shared import (
    DataArgument,
    HouseholdOption,
    JsonOption,
    LanguageOption,
    PlanOption,
    PlanPolicyOption,
    print_block,
    print_json,
    print_line,
    print_table,
    select_household,
)
from matcher.domain.option import Option
from matcher.policy.reason_texts import render_reason
from matcher.ranking.open_questions import find_open_questions
from matcher.ranking.question_sentences import mapping_sentences, question_facts
from matcher.ranking.rank import Ranking, rank
from matcher.texts import Language, format_date, format_number


def run(
    data: DataArgument,
    household: HouseholdOption = None,
    plan: PlanOption = None,
    policy: PlanPolicyOption = None,
    top: Annotated[int, typer.Option("--top", min=1, help="How many to show.")] = 10,
    as_json: JsonOption = False,
    language: LanguageOption = "nb",
) -> None:
    """Rank all municipalities for one household: points, stay, places, date, cost to others."""
    loaded = load_plan(data, plan, policy, language)
    identifier = select_household(loaded.problem, household)
    ranking = rank(loaded.problem, identifier, loaded.prices, loaded.choice)
    asked = find_open_questions(loaded.problem, identifier, loaded.prices)
    if as_json:
        questions = question_facts(asked, language)
        print_json({**_facts(ranking, language), **questions, **loaded.note_facts})
        return
    _print(ranking, loaded.note_sentences(language), top, language)
    print_block(mapping_sentences(asked, language))


def _print(ranking: Ranking, notes: list[str], top: int, language: Language) -> None:
    words = texts(language)
    print_line(ranking_heading(ranking, language))
    where = planned_sentence(ranking, language)
    if where is not None:
        print_line(where)
    for line in [*notes, *wish_lines(ranking, language)]:
        print_line(line)
    print_line()
    top_options = ranking.allowed[:top]
    columns = [words[f"column.{c}"] for c in COLUMNS]
    rows = [_row(o, language) for o in top_options]
    print_table(columns, rows, right=frozenset({0, 2, 3, 4, 6, 7, 8}))
    for option in top_options[:3]:
        print_line()
        for line in option_lines(ranking, option, language):
            print_line(line)
    barred = [o for o in ranking.options if not o.allowed]
    if barred:
        print_line()
        print_line(words["barred"].format(count=len(barred)))
        for option in barred[:3]:
            reasons = " ".join(
                render_reason(v.reason, language) for v in ranking.broken_rules(option)
            )
            print_line(f"  {option.name}: {reasons}")


COLUMNS = (
    "rank",
    "name",
    "net",
    "points",
    "own_rank",
    "stay",
    "places",
    "asked",
    "left",
    "earliest",
)


def _row(option: Option, language: Language) -> list[str]:
    return [
        str(option.rank),
        option.name,
        format_number(option.net, language),
        format_number(option.points, language),
        "" if option.own_rank is None else str(option.own_rank),
        _stay(option),
        str(option.open_places),
        str(option.asked_for or 0),
        "" if option.left is None else str(option.left),
        format_date(option.earliest, language),
    ]


def _stay(option: Option) -> str:
    if option.stay is None:
        return "–"
    percent = f"{100 * option.stay:.0f} %"
    if option.stay_low is None or option.stay_high is None:
        return percent
    return f"{percent} ({100 * option.stay_low:.0f}–{100 * option.stay_high:.0f})"


def _facts(ranking: Ranking, language: Language) -> dict[str, object]:
    return {
        "household": ranking.household,
        "planned": ranking.planned_municipality,
        "priced": ranking.priced,
        "wishes": wish_facts(ranking, language),
        "options": [_option(ranking, o, language) for o in ranking.options],
    }


def _option(ranking: Ranking, option: Option, language: Language) -> dict[str, object]:
    verdicts = {"broken": ranking.broken_rules(option), "cautions": ranking.cautions(option)}
    sentences = {
        key: [verdict_facts(v, language) for v in rule_verdicts]
        for key, rule_verdicts in verdicts.items()
    }
    return {**option.json_values(), **sentences}
