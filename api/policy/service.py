"""Conversion of policies and rules to what the service shows."""

from dataclasses import MISSING, fields
from typing import Any

from api.policy.schemas import PolicyShown, RuleShown, Texts
from matcher.catalogue import LANGUAGES, Entry, catalogue
from matcher.policy import Policy
from matcher.shapes import Shape


def policy_shown(policy: Policy, source: str) -> PolicyShown:
    """Build the description of a policy with all parameters, also those left at their default."""
    chosen = policy.select()
    rule_types = [*chosen.pair_rules, *chosen.budgets, *chosen.terms, *chosen.spread_terms]
    values = {rule.id: _values(rule) for rule in rule_types}
    return PolicyShown(
        name=policy.name,
        version=policy.version,
        decided_by=policy.decided_by,
        decided_on=policy.decided_on,
        hash=policy.hash,
        source=source,
        rules={k: values[k] for k in sorted(policy.rules)},
        terms={k: values[k] for k in sorted(policy.terms)},
    )


def rule_book(policy: Policy) -> list[RuleShown]:
    """List every rule and term, with whether a policy has it switched on."""
    return [_rule(entry, policy) for entry in catalogue().entries.values()]


def _rule(entry: Entry, policy: Policy) -> RuleShown:
    codes = [code for code in entry.texts["en"] if code not in ("title", "sentence")]
    return RuleShown(
        id=entry.id,
        section=entry.section,
        in_force=entry.id in getattr(policy, entry.section),
        title=_texts(entry, "title"),
        sentence=_texts(entry, "sentence"),
        source=entry.shape.source,
        parameters=_defaults(entry.shape),
        reasons={f"{entry.id}.{code}": _texts(entry, code) for code in codes},
    )


def _texts(entry: Entry, key: str) -> Texts:
    return Texts(**{language: entry.texts[language][key] for language in LANGUAGES})


def _values(rule: Shape) -> dict[str, Any]:
    return {f.name: getattr(rule, f.name) for f in fields(rule)}  # type: ignore[arg-type]


def _defaults(rule_type: type[Shape]) -> dict[str, Any]:
    defaults: dict[str, Any] = {
        f.name: None if f.default is MISSING else f.default
        for f in fields(rule_type)  # type: ignore[arg-type]
    }
    return defaults
