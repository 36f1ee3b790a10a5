"""Sentences of the commands that speak of one household, in both languages."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from matcher.rank import Option, Ranking
from matcher.texts import Language, render, title


@cache
def texts(language: Language) -> Mapping[str, str]:
    """Sentences by key."""
    text = files("matcher.cli").joinpath("sentences.toml").read_text(encoding="utf-8")
    found: Mapping[str, str] = tomllib.loads(text)[language]
    return found


def heading(ranking: Ranking, language: Language) -> str:
    """Say who is asked about, and how many municipalities are allowed."""
    unit = ranking.verdicts.one
    facts = {
        "household": ranking.household,
        "size": int(unit.size[0]),
        "children": int(unit.children[0]),
        "waited": int(unit.days_waited[0]),
        "allowed": len(ranking.allowed),
        "all": len(ranking),
    }
    return texts(language)["heading"].format(**facts)


def option_lines(ranking: Ranking, option: Option, language: Language) -> list[str]:
    """Say what an option's points rest on, what it costs others and what is not known."""
    words = texts(language)
    lines = [words["option"].format(rank=option.rank, name=option.name, net=f"{option.net:,.0f}")]
    parts = {**option.by_term, **option.dispersion}
    for term, reason in ranking.reasons(option).items():
        points = parts[term]
        if points:
            lines.append(f"  {points:>+9,.0f}  {title(term, language)}: {render(reason, language)}")
    lines += [
        f"  {-cost:>+9,.0f}  {words['cost'].format(rule=title(rule, language))}"
        for rule, cost in option.cost.items()
        if round(cost)
    ]
    lines += [f"  {render(v.reason, language)}" for v in ranking.cautions(option)]
    displaced = ranking.displaced(option)
    if displaced:
        lines.append("  " + words["displaces"].format(households=", ".join(displaced)))
    return lines
