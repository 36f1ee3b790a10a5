"""Sentences of the commands, in both languages."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from matcher.policy.reason_texts import Language, render_reason, rule_title
from matcher.ranking.options import DisplacedHouseholds, Option, Ranking
from matcher.ranking.rule_checks import RuleVerdict

MAX_NAMED_HOUSEHOLDS = 5
"""Most households named when one of several would have to make room."""


@cache
def texts(language: Language) -> Mapping[str, str]:
    """Return the sentences of the commands by key."""
    sentences: dict[str, str] = {}
    for name in ("sentences.toml", "stay.toml"):
        text = files("matcher.cli").joinpath(name).read_text(encoding="utf-8")
        sentences |= tomllib.loads(text)[language]
    return sentences


def ranking_heading(ranking: Ranking, language: Language) -> str:
    """Describe the household, and how many municipalities are allowed for it."""
    unit = ranking.rule_checks.household_row
    words, children = texts(language), int(unit.children[0])
    facts = {
        "household": ranking.household,
        "persons": format_count(int(unit.size[0]), "person", language),
        "children": words["of_whom"].format(children=format_count(children, "child", language))
        if children
        else "",
        "waited": format_count(int(unit.days_waited[0]), "day", language),
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


def format_count(number: int, noun: str, language: Language) -> str:
    """Write a number with its noun, which is in the singular for 1."""
    return f"{number} {texts(language)[noun if number == 1 else f'{noun}s']}"


def format_points(value: float, language: Language, sign: bool = False) -> str:
    """Write points as a whole number, with the thousands separator of the language."""
    # Round before formatting: a value slightly below 0 becomes 0, not -0.
    text = f"{round(value):+,}" if sign else f"{round(value):,}"
    return text.replace(",", "\u00a0") if language == "nb" else text


def format_decimal(value: float, language: Language, places: int = 3) -> str:
    """Write a number with a fixed number of decimals, with the separators of the language."""
    text = f"{value:,.{places}f}"
    swap = {",": "\u00a0", ".": ","} if language == "nb" else {}
    return "".join(swap.get(character, character) for character in text)


def option_lines(ranking: Ranking, option: Option, language: Language) -> list[str]:
    """List what makes up an option's points, what it costs others, and what is unknown."""
    words = texts(language)
    lines = [
        words["option"].format(
            rank=option.rank, name=option.name, net=format_points(option.net, language)
        )
    ]
    parts = {**option.by_term, **option.dispersion}
    lines += [
        f"  {format_points(parts[term], language, sign=True):>9}  {rule_title(term, language)}: "
        f"{render_reason(reason, language)}"
        for term, reason in ranking.reasons(option).items()
        if round(parts[term])
    ]
    lines += [
        f"  {format_points(-cost, language, sign=True):>9}  "
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


def verdict_facts(verdict: RuleVerdict, language: Language) -> dict[str, object]:
    """Return a rule's verdict as JSON values: rule, code, facts and sentence."""
    return {
        "rule": verdict.rule,
        "code": verdict.reason.code,
        "facts": dict(verdict.reason.facts),
        "sentence": render_reason(verdict.reason, language),
    }
