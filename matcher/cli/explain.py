"""``treffsikker explain``: explain a household's place, and which requirement to relax."""

from dataclasses import asdict
from typing import Annotated

import typer

from matcher.cli.loaded_plan import load_plan
from matcher.cli.sentences import (
    displaced_lines,
    option_lines,
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
    UsageError,
    print_block,
    print_json,
    print_line,
    select_household,
)
from matcher.policy.reason_texts import render_reason, rule_title
from matcher.ranking.explain import Explanation, WhyNot, explain
from matcher.ranking.open_questions import find_open_questions
from matcher.ranking.question_sentences import mapping_sentences, question_facts
from matcher.ranking.required_places import RequiredPlace, list_required_places
from matcher.texts import Language, format_date, format_number

MAX_BETTER, MAX_REQUIREMENTS, MAX_HOLDERS = 3, 8, 5


def run(
    data: DataArgument,
    household: HouseholdOption = None,
    municipality: Annotated[
        str | None, typer.Option("--municipality", metavar="NO", help="Why not this one?")
    ] = None,
    plan: PlanOption = None,
    policy: PlanPolicyOption = None,
    as_json: JsonOption = False,
    language: LanguageOption = "nb",
) -> None:
    """Explain what the plan does with a household, and which requirement to relax."""
    loaded = load_plan(data, plan, policy, language)
    if loaded.choice is None:
        raise UsageError(f"there is no plan in {data / 'plan'}; run treffsikker plan {data} first")
    if municipality is not None:
        loaded.problem.municipality_row(municipality)
    identifier = select_household(loaded.problem, household)
    explanation = explain(loaded.problem, identifier, loaded.choice, loaded.prices)
    not_there = None if municipality is None else explanation.why_not(municipality)
    asked = find_open_questions(loaded.problem, identifier, loaded.prices)
    if as_json:
        facts = {**_facts(explanation, not_there, language), **question_facts(asked, language)}
        print_json({**facts, **loaded.note_facts})
        return
    lines = [
        ranking_heading(explanation.ranking, language),
        *loaded.note_sentences(language),
        *_where(explanation, language),
    ]
    lines += wish_lines(explanation.ranking, language)
    lines += _requirements(explanation, language)
    if not_there is not None:
        is_planned = not_there.option.municipality == explanation.ranking.planned_municipality
        lines += [
            "",
            *([texts(language)["is_there"]] if is_planned else _not_there(not_there, language)),
        ]
    for line in lines:
        print_line(line)
    print_block(mapping_sentences(asked, language))


def _where(explanation: Explanation, language: Language) -> list[str]:
    words = texts(language)
    if explanation.planned_option is None:
        key = "unplaced_taken" if explanation.allowed_count else "unplaced_none"
        facts = {"open_to": explanation.allowed_count, "taken": explanation.full_count}
        return [
            words["unplaced"],
            *_required(explanation, language),
            words[key].format(**facts),
            *_weights(explanation, language),
        ]
    earliest = format_date(explanation.planned_option.earliest, language)
    lines = [words["here"].format(name=explanation.planned_option.name, earliest=earliest)]
    if not explanation.planned_option.allowed:
        barring = explanation.ranking.broken_rules(explanation.planned_option)
        return [
            *lines,
            words["barred_now"],
            *(f"  {render_reason(v.reason, language)}" for v in barring),
        ]
    lines += option_lines(explanation.ranking, explanation.planned_option, language)[1:]
    return lines + _better(explanation, language)


def _required(explanation: Explanation, language: Language) -> list[str]:
    """Say where the household must go, and what bars it there."""
    words, names = texts(language), {o.municipality: o.name for o in explanation.ranking.options}
    return [
        words["must_go"].format(
            name=names[place.municipality],
            titles=", ".join(rule_title(rule, language) for rule in place.because),
            reasons=" ".join(render_reason(v.reason, language) for v in place.verdicts)
            or words["must_go_taken"],
        )
        for place in _required_places(explanation)
    ]


def _required_places(explanation: Explanation) -> list[RequiredPlace]:
    ranking = explanation.ranking
    return list(list_required_places(ranking.rule_checks, ranking.row))


def _weights(explanation: Explanation, language: Language) -> list[str]:
    """Say what the household weighs, and what those weigh whose place it could have."""
    words, weights = texts(language), explanation.weights
    if weights is None or not weights.holders:
        return []
    what = " ".join(render_reason(reason, language) for reason in weights.reasons)
    own = words["weight"].format(weight=_weight(weights.weight, language), what=what)
    names = {o.municipality: o.name for o in explanation.ranking.options}
    rows = [
        words["weight_row"].format(
            household=holder.households,
            name=names[holder.municipality],
            weight=_weight(holder.weight, language),
        )
        for holder in weights.holders[:MAX_HOLDERS]
    ]
    return [own, words["weights_of_others"].format(count=len(weights.holders)), *rows]


def _weight(weight: float, language: Language) -> str:
    return format_number(weight, language, 2)


def _better(explanation: Explanation, language: Language) -> list[str]:
    words, planned = texts(language), explanation.planned_option
    assert planned is not None
    if not explanation.better_for_household:
        return [words["first_choice"]]
    rows = [
        words["better_row"].format(
            name=o.name,
            gain=format_number(o.points - planned.points, language),
            cost=format_number((planned.net - planned.points) - (o.net - o.points), language),
        )
        for o in explanation.better_for_household[:MAX_BETTER]
    ]
    return [words["better"].format(count=len(explanation.better_for_household)), *rows]


def _requirements(explanation: Explanation, language: Language) -> list[str]:
    words = texts(language)
    rows = [
        words["requirement"].format(
            title=rule_title(r.rule, language),
            bars=r.barred_count,
            opens=r.opened_count,
            places=r.opened_places,
        )
        for r in explanation.requirements[:MAX_REQUIREMENTS]
    ]
    return ["", words["requirements"], *rows] if rows else []


def _not_there(not_there: WhyNot, language: Language) -> list[str]:
    words = texts(language)
    lines = [words["not_there"].format(name=not_there.option.name)]
    if not_there.broken:
        return lines + [f"  {render_reason(v.reason, language)}" for v in not_there.broken]
    lines.append(words["allowed_there"])
    lines += [
        words["difference"].format(points=_signed(v, language), title=rule_title(k, language))
        for k, v in not_there.difference.items()
        if round(v)
    ]
    together = sum(not_there.difference.values())
    lines.append(words["net_difference"].format(points=_signed(together, language)))
    return lines + displaced_lines(not_there.displaced, language)


def _signed(value: float, language: Language) -> str:
    return f"{format_number(value, language, sign=True):>9}"


def _facts(
    explanation: Explanation, not_there: WhyNot | None, language: Language
) -> dict[str, object]:
    facts: dict[str, object] = {
        "household": explanation.ranking.household,
        "placed_in": explanation.ranking.planned_municipality,
        "open_to": explanation.allowed_count,
        "taken": explanation.full_count,
        "requirements": [
            {
                "rule": r.rule,
                "bars": r.barred_count,
                "opens": r.opened_count,
                "places": r.opened_places,
            }
            for r in explanation.requirements
        ],
        "better_alone": [o.municipality for o in explanation.better_for_household],
        "wishes": wish_facts(explanation.ranking, language),
        "must_go": [
            {
                "municipality": place.municipality,
                "because": list(place.because),
                "broken": [verdict_facts(v, language) for v in place.verdicts],
            }
            for place in _required_places(explanation)
        ],
    }
    if explanation.weights is not None:
        facts["weights"] = {
            "own": explanation.weights.weight,
            "holders": [asdict(holder) for holder in explanation.weights.holders],
        }
    if not_there is not None:
        facts["not_there"] = {
            "municipality": not_there.option.municipality,
            "broken": [verdict_facts(v, language) for v in not_there.broken],
            "displaced": None if not_there.displaced is None else list(not_there.displaced.one_of),
            "difference": dict(not_there.difference),
        }
    return facts
