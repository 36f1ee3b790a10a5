"""The page of the policies side by side."""

from collections.abc import Iterator
from dataclasses import fields

from docs.writing.markdown import format_table
from matcher.policy.catalogue import CatalogueEntry, load_catalogue
from matcher.policy.policy import Policy, list_policy_names
from matcher.policy.rule_types import POINTS_PER_STAYER, RuleType

HEAD = """# Policies side by side

<!-- Written by `python -m docs.generate`; change matcher/policy, not this page. -->

A policy is a TOML file that names the rules and terms that apply, with their parameters. What is
not named is off. These come with the project; `treffsikker plan --policy NAME` uses one of them,
and `--policy my.toml` a file of your own ([how](../how-to/change-a-policy.md)). What each rule and
parameter means stands in [rules and terms](rules.md). A value in brackets is what applies when
the rule or term is switched on and nothing else is said.
"""
EXCHANGE_RATES = """## Exchange rates

All terms are counted in points. One point is one expected stayer in a thousand, so that 1000 points
are one person more who is expected to stay. A weight says what something is worth in that coin.
"""
KEYS = """## What else a policy file has

| key | meaning |
| --- | --- |
| `name`, `version` | What the policy is called. |
| `decided_by`, `decided_on` | Who stands behind it, and since when (a TOML date). |
| `extends` | A policy that comes with the project, which this one changes. |
| `[rules.ID]`, `[terms.ID]` | Switches a rule or term on and sets its parameters. |

The hash of a policy, shown with every result, covers the rules, the terms and their parameters;
names and dates do not change it.
"""


def policies_page() -> str:
    """Return the text of the page."""
    policies = [Policy.named(name) for name in _names()]
    lines = [HEAD, *format_table(("", *(f"`{p.name}`" for p in policies)), _heads(policies))]
    for section in ("rules", "terms"):
        rows = [r for e in _entries(section) for r in _rows(e, policies)]
        lines += [f"## {section.capitalize()}", "", *format_table(_columns(policies), rows)]
    lines += [EXCHANGE_RATES, *format_table(_columns(policies), _rates(policies)), KEYS]
    return "\n".join(lines)


def _names() -> list[str]:
    return sorted(list_policy_names(), key=lambda name: (name != "default", name))


def _columns(policies: list[Policy]) -> list[str]:
    return ["", *(p.name for p in policies)]


def _heads(policies: list[Policy]) -> Iterator[list[object]]:
    yield ["version", *(p.version for p in policies)]
    yield ["decided by", *(p.decided_by for p in policies)]
    yield ["decided on", *(p.decided_on for p in policies)]
    yield ["hash begins with", *(f"`{p.hash[:12]}`" for p in policies)]


def _entries(section: str) -> list[CatalogueEntry]:
    known = load_catalogue().section(section).values()
    return [e for e in known if e.rule_type.__module__.startswith("matcher.")]


def _rows(entry: CatalogueEntry, policies: list[Policy]) -> Iterator[list[str]]:
    yield [f"[`{entry.id}`](rules.md#{entry.id})", *(_on(entry, p) for p in policies)]
    for name, default in _defaults(entry.rule_type).items():
        yield [f"– `{name}`", *(str(_value(entry, p, name, default)) for p in policies)]


def _on(entry: CatalogueEntry, policy: Policy) -> str:
    return "on" if entry.id in getattr(policy, entry.section) else "off"


def _defaults(shape: type[RuleType]) -> dict[str, object]:
    return {f.name: f.default for f in fields(shape)}  # type: ignore[arg-type]


def _value(entry: CatalogueEntry, policy: Policy, name: str, default: object) -> object:
    applied = getattr(policy, entry.section)
    if entry.id not in applied:
        return f"({default})"
    value = applied[entry.id].get(name, default)
    return str(value).lower() if isinstance(value, bool) else value


def _rates(policies: list[Policy]) -> Iterator[list[str]]:
    for entry in _entries("terms"):
        for name, default in _defaults(entry.rule_type).items():
            values = [_value(entry, p, name, default) for p in policies]
            if any(_rate(name, v) for v in values):
                yield [f"[`{entry.id}`](rules.md#{entry.id})", *(_rate(name, v) for v in values)]


def _rate(name: str, value: object) -> str:
    """Write a weight as an exchange rate; empty for other parameters, or when the term is off."""
    if not isinstance(value, int | float):
        return ""
    if name == "person_days_per_stayer":
        cost = POINTS_PER_STAYER / value
        return f"1 stayer = {value:g} person-days of waiting; a day costs {cost:.1f}"
    if name == "stayers_per_wish":
        return f"one met is worth {POINTS_PER_STAYER * value:g} points"
    if name.startswith("stayers_per_"):
        unit = {"person": "persons", "household": "households"}[name.removeprefix("stayers_per_")]
        return (
            f"1 stayer = {1 / value:.0f} {unit} off; one costs {POINTS_PER_STAYER * value:g} points"
        )
    return f"a change must gain {value:g} points" if name == "threshold" else ""
