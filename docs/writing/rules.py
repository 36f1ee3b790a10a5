"""The page of every rule and term, from the catalogue."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from docs.writing.markdown import first_sentence, format_table, read_parameters
from matcher.policy.catalogue import CatalogueEntry, load_catalogue
from matcher.policy.policy import Policy
from matcher.policy.rule_types import Budget, PairRule, RuleType, SpreadTerm, Term

HEAD = """# Rules and terms

<!-- Written by `python -m docs.generate`; change the rule or its texts, not this page. -->

Every hard rule and every part of the objective: what it says, what a policy can set, what it rests
on, and every reason it can give. The word in headings is the identifier, used in policies, results
and reasons. [Policies side by side](policies.md) shows which are on;
[the model](../explanation/model.md) gives the equations; [add a rule](../how-to/add-a-rule.md) and
[add a term](../how-to/add-a-term.md) show how to write your own.
"""
RULE_TYPE_MEANINGS: dict[Any, str] = {
    PairRule: "pair rule: on one household in one municipality",
    Budget: "budget: on what the households in a municipality use together",
    Term: "term: points that add up over placed households",
    SpreadTerm: "spread term: a convex cost of totals",
}
SECTION_TITLES = {"rules": "Hard rules", "terms": "Terms of the objective"}


def rules_page() -> str:
    """Return the text of the page."""
    entries = [
        e
        for e in load_catalogue().entries.values()
        if e.rule_type.__module__.startswith("matcher.")
    ]
    lines = [HEAD]
    for section, title in SECTION_TITLES.items():
        in_section = [e for e in entries if e.section == section]
        lines += [f"## {title}", "", *_overview(in_section)]
        for entry in in_section:
            lines += _entry(entry)
    return "\n".join(lines)


def _overview(entries: list[CatalogueEntry]) -> list[str]:
    default = Policy.default()
    rows = [
        (f"[`{e.id}`](#{e.id})", e.title("en"), e.title("nb"), _on(e, default)) for e in entries
    ]
    return format_table(("id", "title", "tittel", "in the default policy"), rows)


def _on(entry: CatalogueEntry, policy: Policy) -> str:
    return "on" if entry.id in getattr(policy, entry.section) else "off"


def _entry(entry: CatalogueEntry) -> Iterator[str]:
    yield from (f"### {entry.id}", "")
    yield from (f"**{entry.title('en')}.** {entry.sentence('en')}", "")
    yield from (f"*{entry.title('nb')}. {entry.sentence('nb')}*", "")
    yield f"- What it is: {describe_rule_type(entry.rule_type)}."
    yield f"- In the code: {first_sentence(entry.rule_type)} (`{entry.rule_type.__module__}`)"
    yield from (f"- Source: {entry.rule_type.source}.", "")
    yield from _parameters(entry.rule_type)
    yield from _reasons(entry)


def describe_rule_type(rule_type: type[RuleType]) -> str:
    """Describe the type of a rule or term, one of four, in words."""
    words = next(text for base, text in RULE_TYPE_MEANINGS.items() if issubclass(rule_type, base))
    return f"{words}, level {rule_type.level}" if issubclass(rule_type, Term) else words


def _parameters(shape: type[RuleType]) -> list[str]:
    meaning = read_parameters(shape)
    rows = [
        (f"`{f.name}`", f"`{_plain(f.default)}`", meaning[f.name])
        for f in fields(shape)  # type: ignore[arg-type]
    ]
    return format_table(("parameter", "unless set", "meaning"), rows) if rows else []


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _reasons(entry: CatalogueEntry) -> list[str]:
    codes = [k for k in entry.texts["en"] if k not in ("title", "sentence")]
    rows = [(f"`{entry.id}.{k}`", entry.texts["en"][k], entry.texts["nb"][k]) for k in codes]
    return format_table(("reason", "text", "tekst"), rows)
