"""Sentences of the commands, in both languages."""

from collections.abc import Mapping
from functools import cache

from matcher.domain.option import Option
from matcher.policy.reason_texts import render_reason, rule_title
from matcher.ranking.rank import DisplacedHouseholds, Ranking
from matcher.ranking.rule_checks import RuleVerdict
from matcher.ranking.wish_answers import answer_sentence, answer_wishes, wish_sentence
from matcher.texts import Language, format_count, format_number, texts_in

MAX_NAMED_HOUSEHOLDS = 5
"""Most households named when one of several would have to make room."""


@cache
def texts(language: Language) -> Mapping[str, str]:
    """Return the sentences of the commands by key."""
    parts = (texts_in(language, "matcher.cli", name) for name in ("sentences.toml", "stay.toml"))
    return {key: text for part in parts for key, text in part.items()}


def ranking_heading(ranking: Ranking, language: Language) -> str:
    """Describe the household, and how many municipalities are allowed for it."""
    unit = ranking.households
    words, children = texts(language), int(unit.children[0])
    facts = {
        "household": ranking.household,
        "persons": count(int(unit.size[0]), "person", language),
        "children": words["of_whom"].format(children=count(children, "child", language))
        if children
        else "",
        "waited": count(int(unit.days_waited[0]), "day", language),
        "allowed": len(ranking.allowed),
        "all": len(ranking),
    }
    return words["heading"].format(**facts)


def planned_sentence(ranking: Ranking, language: Language) -> str | None:
    """Say where the plan places the household; None without a plan."""
    words = texts(language)
    if ranking.choice is None:
        return None
    if ranking.planned_municipality is None:
        return words["unplaced"]
    option = ranking.option(ranking.planned_municipality)
    return words["planned"].format(name=option.name, rank=option.rank)


def count(number: int, noun: str, language: Language) -> str:
    """Write a number with its noun."""
    words = texts(language)
    return format_count(number, (words[noun], words[f"{noun}s"]), language)


def option_lines(ranking: Ranking, option: Option, language: Language) -> list[str]:
    """List what makes up an option's points, what it costs others, and what is unknown."""
    words = texts(language)
    lines = [
        words["option"].format(
            rank=option.rank, name=option.name, net=format_number(option.net, language)
        )
    ]
    parts = {**option.by_term, **option.dispersion}
    lines += [
        f"  {format_number(parts[term], language, sign=True):>9}  {rule_title(term, language)}: "
        f"{render_reason(reason, language)}"
        for term, reason in ranking.reasons(option).items()
        if round(parts[term])
    ]
    lines += [
        f"  {format_number(-cost, language, sign=True):>9}  "
        f"{words['cost'].format(rule=rule_title(rule, language))}"
        for rule, cost in option.cost.items()
        if round(cost)
    ]
    lines += [f"  {render_reason(v.reason, language)}" for v in ranking.cautions(option)]
    return lines + displaced_lines(ranking.displaced(option), language)


def displaced_lines(displaced: DisplacedHouseholds | None, language: Language) -> list[str]:
    """Say which households of the plan would have to make room; empty when there is room."""
    if displaced is None:
        return []
    words, households = texts(language), displaced.one_of[:MAX_NAMED_HOUSEHOLDS]
    if not households:
        return ["  " + words["displaces_several"]]
    more = len(displaced.one_of) - len(households)
    tail = words["and_more"].format(count=more) if more else ""
    return ["  " + words["displaces"].format(households=", ".join(households) + tail)]


def wish_lines(ranking: Ranking, language: Language) -> list[str]:
    """List the answers to what the household has wished; empty when it has stated no wish."""
    answers = answer_wishes(ranking)
    if not answers:
        return []
    linked = len({answer.household for answer in answers}) > 1
    rows = [
        f"  {answer.household + ': ' if linked else ''}"
        f"{wish_sentence(answer, language)} {answer_sentence(answer, language)}"
        for answer in answers
    ]
    return ["", texts(language)["wishes"], *rows]


def wish_facts(ranking: Ranking, language: Language) -> list[dict[str, object]]:
    """Return the answers to what the household has wished as JSON values."""
    return [
        {
            **answer.json_values(),
            "sentences": [wish_sentence(answer, language), answer_sentence(answer, language)],
        }
        for answer in answer_wishes(ranking)
    ]


def verdict_facts(verdict: RuleVerdict, language: Language) -> dict[str, object]:
    """Return a rule's verdict as JSON values: rule, code, facts and sentence."""
    return {
        "rule": verdict.rule,
        "code": verdict.reason.code,
        "facts": dict(verdict.reason.facts),
        "sentence": render_reason(verdict.reason, language),
    }
