"""Conversion of policies and rules to what the service shows."""

from dataclasses import MISSING, fields
from typing import Any

from api.policy.schemas import PolicyDetail, RuleBookEntry
from api.schemas import BilingualText
from matcher.policy.catalogue import CatalogueEntry, load_catalogue
from matcher.policy.policy import Policy
from matcher.policy.rule_types import RuleType
from matcher.texts import LANGUAGES


def describe_policy(policy: Policy, source: str) -> PolicyDetail:
    """Build the description of a policy with all parameters, also those left at their default."""
    chosen = policy.build_rules()
    rule_types = [*chosen.pair_rules, *chosen.budgets, *chosen.terms, *chosen.spread_terms]
    values = {rule.id: _values(rule) for rule in rule_types}
    return PolicyDetail(
        name=policy.name,
        version=policy.version,
        decided_by=policy.decided_by,
        decided_on=policy.decided_on,
        hash=policy.hash,
        source=source,
        rules={k: values[k] for k in sorted(policy.rules)},
        terms={k: values[k] for k in sorted(policy.terms)},
    )


def list_rule_book(policy: Policy) -> list[RuleBookEntry]:
    """List every rule and term, with whether a policy has it switched on."""
    return [_rule(entry, policy) for entry in load_catalogue().entries.values()]


def _rule(entry: CatalogueEntry, policy: Policy) -> RuleBookEntry:
    codes = [code for code in entry.texts["en"] if code not in ("title", "sentence")]
    return RuleBookEntry(
        id=entry.id,
        section=entry.section,
        in_force=entry.id in getattr(policy, entry.section),
        title=_texts(entry, "title"),
        sentence=_texts(entry, "sentence"),
        source=entry.rule_type.source,
        parameters=_defaults(entry.rule_type),
        reasons={f"{entry.id}.{code}": _texts(entry, code) for code in codes},
    )


def _texts(entry: CatalogueEntry, key: str) -> BilingualText:
    return BilingualText(**{language: entry.texts[language][key] for language in LANGUAGES})


def _values(rule: RuleType) -> dict[str, Any]:
    return {f.name: getattr(rule, f.name) for f in fields(rule)}  # type: ignore[arg-type]


def _defaults(rule_type: type[RuleType]) -> dict[str, Any]:
    defaults: dict[str, Any] = {
        f.name: None if f.default is MISSING else f.default
        for f in fields(rule_type)  # type: ignore[arg-type]
    }
    return defaults
